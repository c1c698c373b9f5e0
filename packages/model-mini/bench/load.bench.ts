import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import type { Loaded } from './load-child.ts';

const runs = 7;

const load = async (what: 'file' | 'model'): Promise<Loaded> => {
  const script = fileURLToPath(new URL('./load-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, '--expose-gc', script, what]);
  return JSON.parse(stdout) as Loaded;
};

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

/** The shipped model, weights to float32 and tokenizer, each time in a new process. Target: under 300 ms, under 60 MB. */
export const bench: Bench = {
  name: 'model-mini: load',
  about: 'The shipped model and its tokenizer from disk, in a new process each time, beside a plain read of the weights file.',
  async run(report: (figure: Figure) => void): Promise<void> {
    const files: Loaded[] = [];
    const models: Loaded[] = [];
    for (let run = 0; run < runs; run++) {
      files.push(await load('file'));
      models.push(await load('model'));
    }
    const seconds = median(models.map((one) => one.seconds));
    report({
      name: 'time, median',
      value: 1000 * seconds,
      unit: 'ms',
      baseline: 'fs.readFile of the weights',
      ratio: seconds / median(files.map((one) => one.seconds)),
      note: `of ${runs}; slowest ${(1000 * Math.max(...models.map((one) => one.seconds))).toFixed(0)} ms; target: under 300 ms`,
    });
    report({
      name: 'memory taken, most',
      value: Math.max(...models.map(({ rise }) => rise)) / 1e6,
      unit: 'MB',
      note: 'target: under 60 MB',
    });
  },
};
