import {
  buildPairs,
  closePairs,
  CorpusError,
  extraNegatives,
  findConflicts,
  pairsOfGroup,
  type Pair,
  type QuestionGroup,
} from '@samequestion/pairs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groups } from './arbitrary.ts';

const demonstration: QuestionGroup = { id: 'd', equivalents: ['1', '2', '3'], nonEquivalents: ['4', '5', '6'] };
const short = (pairs: Iterable<Pair>): string =>
  [...pairs].map(({ question1, question2, label }) => `${question1}${question2}${label ? '+' : '-'}`).join(' ');

describe('the pairs of a group', () => {
  test('are 3 positives and 9 negatives in the order of the demonstration', () => {
    expect(short(pairsOfGroup(demonstration))).toBe('12+ 13+ 23+ 14- 15- 16- 24- 25- 26- 34- 35- 36-');
  });

  test('are mirrored where asked', () => {
    const group = { id: 'd', equivalents: ['1', '2'], nonEquivalents: ['3'] };
    expect(short(pairsOfGroup(group, { positives: 'mirrored' }))).toBe('12+ 21+ 13- 23-');
    expect(short(pairsOfGroup(group, { negatives: 'mirrored' }))).toBe('12+ 13- 31- 23- 32-');
  });

  test('never pair a question with itself, and count a repeated one once', () => {
    expect(short(pairsOfGroup({ id: 'd', equivalents: ['1', '2', '1'], nonEquivalents: ['2', '3', '3'] }))).toBe('12+ 12- 13- 23-');
  });

  test('are capped in the proportion of the labels, without being listed', () => {
    const many = Array.from({ length: 20_000 }, (_question, at) => `e${at}`);
    const group = { id: 'd', equivalents: many, nonEquivalents: many.map((question) => `n${question}`) };
    const pairs = [...pairsOfGroup(group, { maxPairsPerGroup: 90, seed: 3 })];
    expect(pairs).toHaveLength(90);
    expect(pairs.filter(({ label }) => label === 1)).toHaveLength(30);
    expect(new Set(pairs.map(({ question1, question2 }) => `${question1} ${question2}`)).size).toBe(90);
    expect([...pairsOfGroup(group, { maxPairsPerGroup: 90, seed: 3 })]).toEqual(pairs);
    expect([...pairsOfGroup(group, { maxPairsPerGroup: 90, seed: 4 })]).not.toEqual(pairs);
  });

  test('under any cap are some of the pairs, in their order', () => {
    const all = short(pairsOfGroup(demonstration)).split(' ');
    for (let cap = 1; cap <= 13; cap += 1) {
      const some = short(pairsOfGroup(demonstration, { maxPairsPerGroup: cap, seed: cap })).split(' ');
      expect(some).toHaveLength(Math.min(cap, 12));
      expect(some).toEqual(all.filter((pair) => some.includes(pair)));
    }
  });

  test('need a positive cap and known options', () => {
    expect(() => [...pairsOfGroup(demonstration, { positives: 'twice' as 'once' })]).toThrow(
      'positives: expected "once" or "mirrored", got "twice"',
    );
    expect(() => [...buildPairs([demonstration], { duplicates: 'ignore' as 'keep' })]).toThrow(RangeError);
    expect(() => [...pairsOfGroup(demonstration, { maxPairsPerGroup: 0 })]).toThrow(RangeError);
  });
});

describe('duplicates and contradictions', () => {
  const list: readonly QuestionGroup[] = [
    { id: 'a', equivalents: ['1', '2'], nonEquivalents: ['3'] },
    { id: 'b', equivalents: ['2', '1', '2'], nonEquivalents: ['4'] },
    { id: 'c', equivalents: ['3', '1'], nonEquivalents: ['5', '3'] },
  ];

  test('are found with their groups', () => {
    expect(findConflicts(list)).toEqual({
      repeatedInList: [{ group: 'b', question: '2' }],
      inBothLists: [{ group: 'c', question: '3' }],
      duplicates: [{ question1: '1', question2: '2', labels: [1, 1], groups: ['a', 'b'] }],
      contradictions: [{ question1: '1', question2: '3', labels: [0, 1, 0], groups: ['a', 'c', 'c'] }],
    });
  });

  test('are kept, dropped or refused', () => {
    expect(short(buildPairs(list))).toBe('12+ 13- 23- 21+ 24- 14- 31+ 35- 15- 13-');
    expect(short(buildPairs(list, { duplicates: 'drop' }))).toBe('12+ 13- 23- 24- 14- 31+ 35- 15- 13-');
    expect(short(buildPairs(list, { contradictions: 'drop' }))).toBe('12+ 23- 21+ 24- 14- 35- 15-');
    expect(short(buildPairs(list, { duplicates: 'drop', positives: 'mirrored' }))).toBe('12+ 21+ 13- 23- 24- 14- 31+ 13+ 35- 15- 13-');
    expect(() => [...buildPairs(list, { duplicates: 'refuse' })]).toThrow(
      'expected each pair once, got "1" with "2" in groups "a" and "b"',
    );
    expect(() => [...buildPairs(list, { contradictions: 'refuse' })]).toThrow(CorpusError);
    expect(() => [...buildPairs(list.slice(2), { contradictions: 'refuse' })]).toThrow('expected one label for each pair');
  });

  test('that are found equal those counted pair by pair', () => {
    fc.assert(
      fc.property(groups, (some) => {
        const labels = new Map<string, Set<number>>();
        let count = 0;
        for (const { question1, question2, label } of buildPairs(some)) {
          const key = [question1, question2].sort().join('\n');
          labels.set(key, (labels.get(key) ?? new Set()).add(label));
          count += 1;
        }
        const { duplicates, contradictions } = findConflicts(some);
        expect(contradictions).toHaveLength([...labels.values()].filter(({ size }) => size === 2).length);
        const repeats = [...duplicates, ...contradictions].reduce((sum, pair) => sum + pair.labels.length - 1, 0);
        expect(count - repeats).toBe(labels.size);
        const clean = [...buildPairs(some, { duplicates: 'drop', contradictions: 'drop' })];
        expect(clean).toHaveLength(labels.size - contradictions.length);
      }),
    );
  });
});

describe('extra negatives', () => {
  const corpus: readonly QuestionGroup[] = [
    { id: 'a', equivalents: ['信用卡怎么办理', '怎样申请信用卡'], nonEquivalents: ['信用卡怎么注销'] },
    { id: 'b', equivalents: ['银行卡怎么办理', '怎样办银行卡'], nonEquivalents: ['信用卡怎么注销'] },
    { id: 'c', equivalents: ['护照怎么办理'], nonEquivalents: ['签证去哪里拿'] },
    { id: 'd', equivalents: ['信用卡怎么办理？'], nonEquivalents: [] },
    { id: 'e', equivalents: [], nonEquivalents: ['离婚协议'] },
  ];

  test('hard ones are the nearest of another component, not the same text with a mark', () => {
    const found = [...extraNegatives(corpus.slice(0, 1).concat(corpus.slice(2)), { kind: 'hard', perGroup: 1 })];
    expect(found[0]).toEqual({ question1: '信用卡怎么办理', question2: '护照怎么办理', label: 0, group: 'a' });
  });

  test.each(['random', 'hard'] as const)('%s ones never lie within a component and are drawn alike from shuffled groups', (kind) => {
    const component: Readonly<Record<string, string>> = Object.fromEntries(
      corpus.flatMap(({ id, equivalents, nonEquivalents }) =>
        [...equivalents, ...nonEquivalents].map((question) => [question, id === 'b' ? 'a' : id]),
      ),
    );
    const found = [...extraNegatives(corpus, { kind, perGroup: 3, seed: 5 })];
    expect(found.length).toBeGreaterThan(3);
    for (const { question1, question2, label } of found) {
      expect(component[question1]).not.toBe(component[question2]);
      expect(label).toBe(0);
    }
    expect([...extraNegatives(corpus.toReversed(), { kind, perGroup: 3, seed: 5 })].map((pair) => JSON.stringify(pair)).sort()).toEqual(
      found.map((pair) => JSON.stringify(pair)).sort(),
    );
  });

  test('come after each group’s own pairs', () => {
    const built = [...buildPairs(corpus, { extraNegatives: { kind: 'random', perGroup: 1 } })];
    expect(built).toHaveLength([...buildPairs(corpus)].length + 4);
    expect(closePairs(built).contradictionCount).toBe(0);
  });

  test('need a positive number and a known kind', () => {
    expect(() => [...extraNegatives(corpus, { kind: 'random', perGroup: 0 })]).toThrow(RangeError);
    expect(() => [...extraNegatives(corpus, { kind: 'easy' as 'hard', perGroup: 1 })]).toThrow(RangeError);
  });
});
