import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { uniformAt } from '@samequestion/bert';

import { type Finished, finished, startSamequestion } from './samequestion.ts';

/** What came of stopping one run of the command line again and again until it ended. */
export interface StoppedRun {
  readonly stops: number;
  /** How many of them hit the process after training had begun; the others hit it while it started. */
  readonly whileTraining: number;
  /** SHA-256 of `model/model.safetensors`. */
  readonly model: string;
  /** SHA-256 of the last checkpoint's state: weights, moments, averages and best weights. */
  readonly state: string;
  readonly steps: number;
  /** Exit codes of the lives that a signal other than SIGKILL ended. */
  readonly codes: readonly (number | null)[];
}

export interface StopOptions {
  /** Stops at most. */
  readonly stops: number;
  /** Of the random moments. */
  readonly seed: number;
  readonly signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM';
}

const steps = 42;
/** A life is stopped within so many milliseconds after it said that it trains, or after its start. */
const longestWait = 1200;
/** Share of the stops that count from the start of the process. */
const early = 0.15;

const topics = ['劳动合同', '抚养费', '交通事故', '社保', '借条', '租房押金'];
const asked = ['怎么办', '如何处理', '有赔偿吗', '去哪里投诉', '要多久', '找谁'];

/** Labelled pairs that a model can learn: the same topic, or not. */
function pairs(count: number, key: number): string {
  const pick = (from: readonly string[], index: number): string => from[Math.floor(uniformAt(key, index) * from.length)] ?? '';
  const rows = Array.from({ length: count }, (_, index) => {
    const first = pick(topics, 4 * index);
    const second = index % 2 === 0 ? first : pick(topics, 4 * index + 1);
    return `${first}${pick(asked, 4 * index + 2)}${key}\t${second}${pick(asked, 4 * index + 3)}${key}\t${first === second ? 1 : 0}\n`;
  });
  return `question1\tquestion2\tlabel\n${rows.join('')}`;
}

/** Trains a tiny model by `samequestion train` and stops it up to `stops` times at random moments, each time going on by `--resume`. */
export async function trainWithStops(options: StopOptions): Promise<StoppedRun> {
  const folder = mkdtempSync(join(tmpdir(), 'samequestion-kill-'));
  try {
    writeFileSync(join(folder, 'train.tsv'), pairs(80, 1));
    writeFileSync(join(folder, 'dev.tsv'), pairs(24, 2));
    const run = join(folder, 'run');
    const codes: (number | null)[] = [];
    let stops = 0;
    let whileTraining = 0;
    for (;;) {
      const begun = existsSync(join(run, 'checkpoints', 'start', 'run.json'));
      const args = begun ? ['train', '--resume', run] : ['train', '--out', run, ...beginning(folder)];
      const life = await live(args, stops < options.stops ? { ...options, stop: stops } : undefined);
      if (!life.stopped) {
        if (life.code !== 0) throw new Error(`samequestion ${args.join(' ')}: expected exit code 0, got ${life.code}: ${life.stderr}`);
        const hash = (path: string): string =>
          createHash('sha256')
            .update(readFileSync(join(run, path)))
            .digest('hex');
        const model = hash('model/model.safetensors');
        const state = hash(`checkpoints/step-${steps}/state.safetensors`);
        return { stops, whileTraining, model, state, steps, codes };
      }
      stops++;
      if (life.stdout.includes('training')) whileTraining++;
      if (options.signal !== 'SIGKILL') codes.push(life.code);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything that a resumed run must take up again: dropout, edits, parts, averages, best weights, orders of batches and sides. */
function beginning(folder: string): string[] {
  const size = ['--layers', '1', '--hidden', '12', '--heads', '2', '--threads', '1', '--max-length', '48'];
  const data = ['--train', join(folder, 'train.tsv'), '--dev', join(folder, 'dev.tsv'), '--augment', 'typos', '--symmetric'];
  const craft = ['--dropout', '0.1', '--ema', '0.8', '--accumulate', '2', '--learning-rate', '5e-3', '--seed', '5'];
  const length = ['--steps', String(steps), '--batch-size', '8', '--checkpoint-every', '3', '--evaluate-every', '4'];
  return [...data, ...size, ...craft, ...length];
}

interface Life extends Finished {
  readonly stopped: boolean;
}

/** One life of the process, ended by the signal or by itself. */
async function live(args: readonly string[], stop: (StopOptions & { readonly stop: number }) | undefined): Promise<Life> {
  const child = startSamequestion(args);
  let sent = false;
  let timer: NodeJS.Timeout | undefined;
  if (stop !== undefined) {
    const wait = uniformAt(stop.seed, 2 * stop.stop) * longestWait;
    const begin = (): void => {
      timer ??= setTimeout(() => (sent = child.kill(stop.signal)), wait);
    };
    if (uniformAt(stop.seed, 2 * stop.stop + 1) < early) begin();
    else child.stdout?.on('data', (part: Buffer) => part.toString('utf8').includes('training') && begin());
  }
  const result = await finished(child);
  clearTimeout(timer);
  return { ...result, stopped: sent && result.code !== 0 };
}
