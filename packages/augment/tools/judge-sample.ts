/**
 * Draws edits to judge by hand: `judge-sample.ts [--seed 1] [--count 20] [--questions FILE] [--besides FOLDER] [--out FOLDER]` makes at least
 * `count` edits by each operation, one edit a text, on the questions of FILE (one a line; those of `data/sample` by default), those of an
 * earlier sample in `--besides` left out, and writes into FOLDER (packages/augment/judged/round-1):
 * `sample.jsonl`, to be judged: `{id, question, edited}` in an order that tells nothing, without operation and verdict;
 * `key.jsonl`, for `judge-score.ts`: `{id, operation, verdict, start, end, before, after}`.
 * A reader writes `judgements.jsonl`: `{id, judgement}`, `keeps` where both ask the same, `flips` where they don't, `unclear` where nobody can say.
 * Nothing that it prints shows an edit, so that a sample can be drawn unseen.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Augmenter, Edit, Operation } from '@samequestion/augment';
import { augmenterOf, contextReader, Draws, fillerBefore, intlSegmenter, weigh } from '@samequestion/augment';
import { allOperations } from './all-operations.ts';
import { sampleQuestions, testQuestions } from './sample-questions.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    count: { type: 'string' },
    questions: { type: 'string' },
    besides: { type: 'string' },
    out: { type: 'string' },
  },
});
const seed = Number(values.seed ?? 1);
const count = Number(values.count ?? 20);
const out = new URL(values.out === undefined ? '../judged/round-1/' : `file://${process.cwd()}/${values.out}/`, import.meta.url);

const tools = { segmenter: intlSegmenter(), readText: await contextReader() };

function augmenterWith(operation: Operation): Augmenter {
  return augmenterOf({ name: 'one', about: '', rate: 0, variants: [{ weight: 1, verdict: 'keeps', once: weigh([operation, 1]) }] }, tools);
}

function rank(...parts: readonly string[]): number {
  return new Draws(seed, parts.join('\n')).next();
}

const judged = new Set<string>();
if (values.besides !== undefined) {
  for (const line of readFileSync(`${values.besides}/sample.jsonl`, 'utf8').split('\n').filter(Boolean)) {
    judged.add((JSON.parse(line) as { readonly question: string }).question);
  }
}
const all =
  values.questions === undefined
    ? [...sampleQuestions(), ...testQuestions()]
    : [...new Set(readFileSync(values.questions, 'utf8').split('\n'))].filter((line) => line.trim() !== '');
const questions = all.filter((question) => !judged.has(question));
// Few questions open with a filler, so those to take one away from are given one first.
const greeter = augmenterWith(fillerBefore());
const greeted = questions.flatMap((question) => greeter.augment(question, { seed }).results.map(({ text }) => text));

const drawn: { readonly id: string; readonly question: string; readonly edited: string; readonly edit: Edit }[] = [];
for (const operation of await allOperations()) {
  const augmenter = augmenterWith(operation);
  const pool = operation.name === 'filler-removal' ? greeted : questions;
  const order = pool.toSorted((a, b) => rank(operation.name, a) - rank(operation.name, b));
  const texts = new Set<string>();
  // Every question once; again with other draws only where an operation has too few places.
  for (let again = 0; again < 8 && texts.size < count; again++) {
    for (const question of order) {
      if (texts.size >= count) break;
      const [result] = augmenter.augment(question, { seed: seed + again }).results;
      const [edit] = result?.edits ?? [];
      if (result === undefined || edit === undefined || texts.has(result.text)) continue;
      const id = Math.floor(rank(operation.name, question, result.text) * 36 ** 6)
        .toString(36)
        .padStart(6, '0');
      drawn.push({ id, question, edited: result.text, edit });
      texts.add(result.text);
    }
  }
  const made = texts.size;
  console.log(`${operation.name.padEnd(24)}${made}${made < count ? `   fewer than ${count}: the questions have no more places` : ''}`);
}
drawn.sort((a, b) => (a.id < b.id ? -1 : 1));
mkdirSync(out, { recursive: true });
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
writeFileSync(new URL('sample.jsonl', out), lines(drawn.map(({ id, question, edited }) => ({ id, question, edited }))));
writeFileSync(
  new URL('key.jsonl', out),
  lines(
    drawn.map(({ id, edit: { operation, verdict, start, end, before, after } }) => ({ id, operation, verdict, start, end, before, after })),
  ),
);
console.log(`${drawn.length} edits, ${tools.segmenter.name}`);
