/**
 * Counts characters and words of a folder of texts and writes the counts, most frequent first:
 * `tables/derived/characters.tsv` (`character count`) and `tables/derived/words.tsv` (`word count`, words of two to four characters).
 *
 * Run from the repository root: `node --import ./tools/typescript.mjs packages/augment/tools/count-text.ts FOLDER`.
 * FOLDER holds `laws.txt.gz`, `legal_cases.txt.gz`, `legal_questions_answers.txt.gz` and `legal_questions.tsv`. Words are those of
 * `Intl.Segmenter` in the questions and answers alone, which is the register that questions are written in.
 */
import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

const folder = process.argv[2];
if (folder === undefined) throw new Error('count-text: expected a folder with the texts, got nothing. Name it as the first argument.');
const derived = new URL('../tables/derived/', import.meta.url);
const ideograph = /^\p{Unified_Ideograph}$/u;
const wordOfIdeographs = /^\p{Unified_Ideograph}{2,4}$/u;
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
const characters = new Map<string, number>();
const words = new Map<string, number>();

function count(line: string, withWords: boolean): void {
  for (const character of line) characters.set(character, (characters.get(character) ?? 0) + 1);
  if (!withWords) return;
  for (const { segment } of segmenter.segment(line)) words.set(segment, (words.get(segment) ?? 0) + 1);
}

for (const [name, withWords] of [
  ['laws.txt.gz', false],
  ['legal_cases.txt.gz', false],
  ['legal_questions_answers.txt.gz', true],
] as const) {
  const lines = createInterface({ input: createReadStream(join(folder, name)).pipe(createGunzip()) });
  for await (const line of lines) count(line, withWords);
}
for (const line of readFileSync(join(folder, 'legal_questions.tsv'), 'utf8').split('\n').slice(1)) count(line.split('\t')[1] ?? '', true);

function write(name: string, counts: ReadonlyMap<string, number>, keep: RegExp, least: number): void {
  const rows = [...counts].filter(([text, times]) => times >= least && keep.test(text));
  rows.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  writeFileSync(new URL(name, derived), rows.map(([text, times]) => `${text}\t${times}\n`).join(''));
}
write('characters.tsv', characters, ideograph, 2);
write('words.tsv', words, wordOfIdeographs, 12);
