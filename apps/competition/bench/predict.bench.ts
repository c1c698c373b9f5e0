import { readFileSync } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Bench } from '../../../tools/bench-types.ts';
import { finished, startSamequestion } from '../test/cli/samequestion.ts';
import { questions, writeTinyModel } from '../test/cli/tiny-model.ts';

// SAMEQUESTION_PAIRS asks for other numbers.
const counts = (process.env['SAMEQUESTION_PAIRS'] ?? '100000,1000000,2000000').split(',').map(Number);

/** Writes a test file of pairs of many lengths. */
async function writePairs(path: string, count: number): Promise<void> {
  const texts = questions.flat().filter((text) => !text.includes('['));
  const file = await open(path, 'w');
  for (let start = 0; start < count; start += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, count - start) }, (_, index) => {
      const number = start + index;
      const first = texts[number % texts.length] ?? '';
      const second = (texts[(number * 7 + 3) % texts.length] ?? '').slice(number % 11);
      return `${number}\t${first}\t${second}\n`;
    });
    await file.writeFile(lines.join(''));
  }
  await file.close();
}

/** Predicts, and gives the result with the most memory the process ever had, in MB. */
async function predictWith(
  model: string,
  input: string,
  out: string,
): Promise<{ readonly megabytes: number; readonly pairsPerSecond: number }> {
  const child = startSamequestion(['predict', '--model', model, '--input', input, '--out', out, '--threads', '1', '--json']);
  let kilobytes = 0;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      kilobytes = Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1] ?? kilobytes);
    } catch {
      // The process has ended.
    }
  }, 100);
  const { code, stdout, stderr } = await finished(child);
  clearInterval(look);
  if (code !== 0) throw new Error(stderr);
  return { megabytes: (kilobytes * 1024) / 1e6, pairsPerSecond: (JSON.parse(stdout) as { pairsPerSecond: number }).pairsPerSecond };
}

export const bench: Bench = {
  name: 'predict',
  about: 'Peak memory of `samequestion predict` with a model of 2 × 16, over test files of growing length, one thread; Linux.',
  run: async (report) => {
    const folder = await mkdtemp(join(tmpdir(), 'samequestion-predict-'));
    try {
      const model = join(folder, 'model');
      await writeTinyModel(model);
      let smallest: number | undefined;
      for (const count of counts) {
        const [input, out] = [join(folder, 'pairs.tsv'), join(folder, 'out.tsv')];
        await writePairs(input, count);
        const { megabytes, pairsPerSecond } = await predictWith(model, input, out);
        smallest ??= megabytes;
        const files = ((await stat(input)).size + (await stat(out)).size) / 1e6;
        report({
          name: `${count.toLocaleString('en')} pairs: peak RSS`,
          value: megabytes,
          unit: 'MB',
          baseline: `that of ${counts[0]?.toLocaleString('en')} pairs`,
          ratio: megabytes / smallest,
          note: `${files.toFixed(0)} MB read and written`,
        });
        report({ name: `${count.toLocaleString('en')} pairs: throughput`, value: pairsPerSecond, unit: 'pairs/s' });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
