import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { trainVocabulary } from '@samequestion/tokenizer';
import type { Bench, Figure } from '../../../tools/bench-types.ts';

const folder = new URL('../../../../shared/data/pretraining/', import.meta.url);
const FILES = ['laws.txt.gz', 'legal_questions_answers.txt.gz', 'legal_cases.txt.gz'];

async function* lines(): AsyncGenerator<string> {
  for (const name of FILES) {
    const input = createReadStream(new URL(name, folder)).pipe(createGunzip());
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  }
}

async function run(report: (figure: Figure) => void): Promise<void> {
  if (!FILES.every((name) => existsSync(new URL(name, folder)))) {
    report({ name: 'skipped: the texts are not beside the repository', value: 0, unit: '' });
    return;
  }
  let units = 0;
  for await (const line of lines()) units += line.length;
  const start = performance.now();
  const vocabulary = await trainVocabulary(lines(), { vocabularySize: 8000 });
  const seconds = (performance.now() - start) / 1000;
  report({
    name: `${vocabulary.size} pieces from ${(units / 1e6).toFixed(1)} M characters, unpacking included`,
    value: seconds,
    unit: 's',
  });
  report({ name: 'resident memory at the end', value: process.memoryUsage().rss / 1e6, unit: 'MB' });
}

export const bench: Bench = {
  name: 'tokenizer: training',
  about: 'a WordPiece vocabulary of 8,000 pieces from Chinese legal text, one thread',
  run,
};
