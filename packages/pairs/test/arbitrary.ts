import type { Pair, QuestionGroup } from '@samequestion/pairs';
import fc from 'fast-check';

/** Questions of few characters, so that groups share some and near duplicates happen. */
export const question: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('借', '钱', '怎', '么', '还', '吗', 'A', '1', '，', '𠮷'), { minLength: 1, maxLength: 6 })
  .map((characters) => characters.join(''))
  .filter((text) => text.trim() !== '');

/** Groups as a reader gives them, some with shared questions, some with repeated ones. */
export const groups: fc.Arbitrary<readonly QuestionGroup[]> = fc
  .array(fc.record({ equivalents: fc.array(question, { maxLength: 4 }), nonEquivalents: fc.array(question, { maxLength: 4 }) }), {
    maxLength: 40,
  })
  .map((list) => list.map((lists, index) => ({ id: String(index), ...lists })));

/** Labelled pairs. */
export const pairs: fc.Arbitrary<readonly Pair[]> = fc.array(
  fc.record({ question1: question, question2: question, label: fc.constantFrom(0 as const, 1 as const) }),
  { maxLength: 40 },
);

/** Collects what a reader yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** The questions of pairs. */
export function questionsOf(list: Iterable<Pair>): ReadonlySet<string> {
  return new Set([...list].flatMap(({ question1, question2 }) => [question1, question2]));
}
