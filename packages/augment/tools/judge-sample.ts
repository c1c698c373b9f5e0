/**
 * Draws edits to judge by hand: `judge-sample.ts [--seed 1] [--count 20] [--besides FOLDER] [--out FOLDER]` makes at least `count` edits by each operation
 * on the questions of `data/sample`, those of an earlier sample in `--besides` left out, one edit a text, and writes into FOLDER (packages/augment/judged/round-1):
 * `sample.jsonl`, to be judged: `{id, question, edited}` in an order that tells nothing, without operation and verdict;
 * `key.jsonl`, for `judge-score.ts`: `{id, operation, verdict, start, end, before, after}`.
 * A reader writes `judgements.jsonl`: `{id, judgement}`, `keeps` where both ask the same, `flips` where they don't, `unclear` where nobody can say.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Augmenter, Edit, Operation } from '@samequestion/augment';
import { augmenterOf, contextReader, Draws, fillerBefore, intlSegmenter, weigh } from '@samequestion/augment';
import { allOperations } from './all-operations.ts';
import { sampleQuestions, testQuestions } from './sample-questions.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, count: { type: 'string' }, besides: { type: 'string' }, out: { type: 'string' } },
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
const questions = [...sampleQuestions(), ...testQuestions()].filter((question) => !judged.has(question));
// Few questions open with a filler, so those to take one away from are given one first.
const greeter = augmenterWith(fillerBefore());
const greeted = questions.flatMap((question) => greeter.augment(question, { seed }).results.map(({ text }) => text));

const drawn: { readonly id: string; readonly question: string; readonly edited: string; readonly edit: Edit }[] = [];
for (const operation of await allOperations()) {
  const augmenter = augmenterWith(operation);
  const pool = operation.name === 'filler-removal' ? greeted : questions;
  const order = pool.toSorted((a, b) => rank(operation.name, a) - rank(operation.name, b));
  let made = 0;
  for (const question of order) {
    if (made >= count) break;
    const [result] = augmenter.augment(question, { seed }).results;
    const [edit] = result?.edits ?? [];
    if (result === undefined || edit === undefined) continue;
    const id = Math.floor(rank(operation.name, question, result.text) * 36 ** 6)
      .toString(36)
      .padStart(6, '0');
    drawn.push({ id, question, edited: result.text, edit });
    made++;
  }
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
