import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { uniformAt } from '@samequestion/bert';

const root = new URL('../../../../', import.meta.url);
const script = fileURLToPath(new URL('./run.ts', import.meta.url));

/** What came of killing one run again and again until it ended. */
export interface KilledRun {
  readonly kills: number;
  /** SHA-256 of the final weights. */
  readonly hash: string;
}

/**
 * Runs `run.ts` in a folder of its own and kills it (SIGKILL) up to `kills` times, each time a random while after it started training, before going
 * on with it.
 */
export async function runWithKills(kills: number, seed: number): Promise<KilledRun> {
  const folder = mkdtempSync(join(tmpdir(), 'bert-kill-'));
  try {
    let killed = 0;
    for (;;) {
      const wait = killed < kills ? uniformAt(seed, killed) * 300 : undefined;
      const hash = await runOnce(join(folder, 'checkpoints'), wait);
      if (hash !== undefined) return { kills: killed, hash };
      killed++;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One life of the process: the hash it printed, or nothing if it was killed first. */
async function runOnce(folder: string, killAfterMilliseconds: number | undefined): Promise<string | undefined> {
  const loader = new URL('tools/typescript.mjs', root).href;
  const child: ChildProcess = spawn(process.execPath, ['--import', loader, '--conditions=@samequestion/source', script, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let failed = '';
  let timer: NodeJS.Timeout | undefined;
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.startsWith('started') && killAfterMilliseconds !== undefined)
      timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMilliseconds);
  });
  child.stderr?.on('data', (chunk: Buffer) => (failed += chunk.toString()));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (...how) => resolve(how));
  });
  clearTimeout(timer);
  if (signal === 'SIGKILL') return undefined;
  if (code !== 0) throw new Error(`run.ts: expected exit code 0, got ${code}: ${failed.slice(-2000)}`);
  return /^[0-9a-f]{64}$/mu.exec(printed)?.[0];
}
