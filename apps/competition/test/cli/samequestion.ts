import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** What Node needs to run the command line from source. */
export const nodeArguments: readonly string[] = [
  '--import',
  new URL('../../../../tools/typescript.mjs', import.meta.url).href,
  '--conditions=@samequestion/source',
];

/** What a finished command left. */
export interface Finished {
  /** `null` if a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts `samequestion` in a process of its own. */
export function startSamequestion(args: readonly string[], { environment = {}, cwd = process.cwd() }: StartOptions = {}): ChildProcess {
  return spawn(process.execPath, [...nodeArguments, path('../../src/main.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd,
    env: { ...process.env, ...environment },
  });
}

/** Waits for a process and collects what it prints. */
export function finished(child: ChildProcess, input = ''): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (part: Buffer) => out.push(part));
    child.stderr?.on('data', (part: Buffer) => err.push(part));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8') }),
    );
    // A command that ends early no longer reads its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Runs `samequestion` to its end. */
export function samequestion(args: readonly string[], input = ''): Promise<Finished> {
  return finished(startSamequestion(args), input);
}
