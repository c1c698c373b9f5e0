import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { ENCODER_SIZES, type EncoderCase } from './encoder-step.ts';

type Report = (figure: Figure) => void;

const SHAPES = ['32x32', '32x64', '32x128'];
const SIZES = Object.keys(ENCODER_SIZES);
const DEFAULT_CASES = SIZES.flatMap((size) => SHAPES.map((shape) => `${size}:${shape}`));
/** What a backend that computes a thousandth as fast can do. */
const SMALL_CASES = SIZES.map((size) => `${size}:2x16`);
/** Milliseconds that one eager case may take. */
const PATIENCE = 300_000;

const casesFrom = (text: string, dropout: number, threads: number): readonly EncoderCase[] =>
  text.split(',').map((item) => {
    const [name = '', shape = ''] = item.split(':');
    const [batch = 1, length = 1] = shape.split('x').map(Number);
    const size = ENCODER_SIZES[name];
    if (size === undefined) throw new RangeError(`encoder bench: expected a size of ${SIZES.join(', ')}, got "${name}".`);
    return { name: `${name} ${shape}`, size, batch, length, dropout, threads };
  });

/** Runs a script of this folder in a process of its own; figures come as messages. @returns Why it ended early, if it did. */
const inProcess = async (script: string, parts: readonly string[], report: Report, timeout?: number): Promise<string | undefined> => {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), parts, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const timer = timeout === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeout);
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.on('message', (figure) => report(figure as Figure));
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) => {
    child.once('close', (...end) => resolve(end));
  });
  clearTimeout(timer);
  if (code === 0) return undefined;
  const reason = errors.split('\n').find((line) => /Error: /.test(line));
  const killed = timeout === undefined ? 'it took all memory' : `it took more than ${timeout / 1000} s, or all memory`;
  return reason ?? (signal === 'SIGKILL' ? killed : `exit code ${code ?? signal ?? '?'}`);
};

const say = (line: string): void => {
  process.stderr.write(`encoder bench: ${line}\n`);
};

interface EagerPeer {
  readonly backend: string;
  readonly cases: readonly string[];
  /** The folder whose node_modules have the package, and how to get it; none for what tfjs brings itself. */
  readonly folder?: string | undefined;
  readonly missing?: string;
}

const PEERS = fileURLToPath(new URL('./peers', import.meta.url));

const eagerPeers = (cases: readonly string[]): readonly EagerPeer[] => {
  const node = process.env['BENCH_TFJS_NODE'];
  const installed = (folder: string, name: string): string | undefined =>
    existsSync(join(folder, 'node_modules', '@tensorflow', name)) ? folder : undefined;
  return [
    { backend: 'cpu', cases: SMALL_CASES },
    {
      backend: 'wasm',
      cases: SMALL_CASES,
      folder: installed(PEERS, 'tfjs-backend-wasm'),
      missing: 'run npm install --ignore-scripts in packages/tfjs-onnx/bench/peers',
    },
    {
      backend: 'tensorflow',
      cases,
      folder: node === undefined ? undefined : installed(node, 'tfjs-node'),
      missing: 'name a folder with a linked @tensorflow/tfjs-node (`samequestion link-tensorflow`) in BENCH_TFJS_NODE',
    },
  ];
};

const reportEager = async ({ backend, cases, folder, missing }: EagerPeer, dropout: number, report: Report): Promise<void> => {
  if (missing !== undefined && folder === undefined) return say(`eager ${backend} skipped: ${missing}`);
  for (const item of casesFrom(cases.join(','), dropout, 0)) {
    const parts = [JSON.stringify(item), backend, ...(folder === undefined ? [] : [folder])];
    const failure = await inProcess('./eager-case.ts', parts, report, PATIENCE);
    if (failure === undefined) continue;
    say(`${item.name}: eager ${backend} can't: ${failure}`);
    // A kernel that it lacks, it lacks at every size.
    if (failure.includes('not registered')) return;
  }
};

/**
 * Options by environment: `BENCH_CASES` (`4x312:32x64,…`), `BENCH_REPEATS`, `BENCH_DROPOUT`, `BENCH_THREADS` (0: each engine's
 * choice), `BENCH_PYTHON` (a Python that has torch and transformers), `BENCH_TFJS_NODE` (a folder with a linked tfjs-node),
 * `BENCH_EAGER=0` (no eager tfjs).
 */
export const bench: Bench = {
  name: 'encoder',
  about: "bert's whole training step on ONNX Runtime's CPU provider, its share of the MatMul rate, beside PyTorch and eager tfjs in turns.",
  run: async (report) => {
    const setting = (name: string, otherwise: string): string => process.env[`BENCH_${name}`] ?? otherwise;
    const python = process.env['BENCH_PYTHON'];
    if (python === undefined) say('PyTorch skipped: name a Python that has torch and transformers in BENCH_PYTHON');
    const texts = setting('CASES', DEFAULT_CASES.join(',')).split(',');
    const dropout = Number(setting('DROPOUT', '0.1'));
    for (const item of casesFrom(texts.join(','), dropout, Number(setting('THREADS', '0')))) {
      const parts = [JSON.stringify(item), setting('REPEATS', '3'), ...(python === undefined ? [] : [python])];
      const failure = await inProcess('./encoder-case.ts', parts, report);
      if (failure !== undefined) say(`${item.name} stopped: ${failure}`);
    }
    if (setting('EAGER', '1') === '0') return;
    for (const peer of eagerPeers(texts)) await reportEager(peer, dropout, report);
  },
};
