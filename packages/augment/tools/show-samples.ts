/**
 * Writes augmented questions to read: `show-samples.ts [--count 1000] [--seed 1] [--out FILE]` augments questions of `data/sample` by the
 * recipe `balanced` and writes a Markdown table (packages/augment/docs/augmented-questions.md): question, augmented, what was done, verdict.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createAugmenter, Draws } from '@samequestion/augment';
import { sampleQuestions } from './sample-questions.ts';

const { values } = parseArgs({ options: { count: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } } });
const count = Number(values.count ?? 1000);
const seed = Number(values.seed ?? 1);
const out = values.out === undefined ? fileURLToPath(new URL('../docs/augmented-questions.md', import.meta.url)) : resolve(values.out);

const augmenter = await createAugmenter({ recipe: 'balanced', segmenter: 'intl' });
const ranked = sampleQuestions().map((question) => ({ question, rank: new Draws(seed, question).next() }));
const questions = ranked.toSorted((a, b) => a.rank - b.rank).map(({ question }) => question);
const rows: string[] = [];
for (const question of questions) {
  if (rows.length >= count) break;
  const [made] = augmenter.augment(question, { seed }).results;
  if (made === undefined) continue;
  const operations = made.edits.map(({ operation }) => operation).join(', ');
  rows.push(`| ${question} | ${made.text} | ${operations} | ${made.verdict} |`.replaceAll('\n', ' '));
}
const head = [
  '# Augmented questions',
  '',
  `${rows.length} questions of data/sample, one augmented question each: recipe \`balanced\`, seed ${seed}, words by ${augmenter.segmenter}. Made by \`packages/augment/tools/show-samples.ts\`.`,
  '',
  '| question | augmented | operations | verdict |',
  '|---|---|---|---|',
];
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, `${[...head, ...rows].join('\n')}\n`);
console.log(`${rows.length} augmented questions → ${out}`);
