import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from '../../../tools/bench-types.ts';

const RUNS = 15;
const entry = new URL('../dist/index.js', import.meta.url);
const vocabulary = new URL('../../../../shared/data/bert_vocab/vocab.txt', import.meta.url);
const PARTS = ['import', 'vocabulary', 'tables', 'encode'] as const;
type Times = Readonly<Record<(typeof PARTS)[number] | 'total' | 'processor', number>>;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function run(report: (figure: Figure) => void): Promise<void> {
  if (!existsSync(entry) || !existsSync(vocabulary)) {
    report({ name: 'skipped: needs a build and the vocabulary of bert-base-chinese beside the repository', value: 0, unit: '' });
    return;
  }
  const child = fileURLToPath(new URL('cold-start-child.mjs', import.meta.url));
  const times = Array.from(
    { length: RUNS },
    () => JSON.parse(execFileSync(process.execPath, [child, entry.href, fileURLToPath(vocabulary)], { encoding: 'utf8' })) as Times,
  );
  const ours = times.map(({ total, import: modules }) => total - modules);
  const processor = median(times.map((time) => time.processor));
  report({
    name: 'vocabulary of 21,128 pieces read, first pair encoded',
    value: median(ours),
    unit: 'ms',
    note: `best ${Math.min(...ours).toFixed(1)}; processor time of all threads ${processor.toFixed(1)}`,
  });
  for (const part of PARTS) report({ name: `  of a fresh process: ${part}`, value: median(times.map((time) => time[part])), unit: 'ms' });
}

export const bench: Bench = {
  name: 'tokenizer: cold start',
  about: `median of ${RUNS} fresh processes, the built package`,
  run,
};
