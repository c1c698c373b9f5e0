import {
  auditLeakage,
  buildPairs,
  foldGroups,
  foldPairs,
  planSplit,
  splitGroups,
  splitPairs,
  type Pair,
  type QuestionGroup,
} from '@samequestion/pairs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groups, questionsOf } from './arbitrary.ts';

const seeds = fc.integer({ min: 0, max: 1_000_000 });

/** Groups of distinct questions, some chained to the one before by a shared question. */
function corpus(size: number): readonly QuestionGroup[] {
  return Array.from({ length: size }, (_group, at) => ({
    id: String(at),
    equivalents: Array.from({ length: 1 + (at % 5) }, (_question, index) => `等${at}问${index}`),
    nonEquivalents: [
      ...Array.from({ length: at % 7 }, (_question, index) => `非${at}问${index}`),
      ...(at % 9 === 0 && at > 0 ? [`等${at - 1}问0`] : []),
    ],
  }));
}

const groupQuestions = (list: readonly QuestionGroup[]): ReadonlySet<string> =>
  new Set(list.flatMap(({ equivalents, nonEquivalents }) => [...equivalents, ...nonEquivalents]));
const shuffled = <Item>(items: readonly Item[], order: number): readonly Item[] =>
  items
    .map((item, at) => ({ item, key: Math.imul(at + order, 0x9e3779b1) >>> 0 }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
const sorted = (list: Iterable<unknown>): readonly string[] => [...list].map((item) => JSON.stringify(item)).sort();

const share = (pairs: readonly Pair[]): number => pairs.filter(({ label }) => label === 1).length / pairs.length;
const large = (part: readonly QuestionGroup[]): number => part.filter(({ equivalents }) => equivalents.length === 5).length / part.length;

describe('by component', () => {
  test('no part shares a question or a component with another, on 200 seeds', () => {
    fc.assert(
      fc.property(groups, seeds, (list, seed) => {
        const { train, dev, warning } = splitGroups(list, { seed, devShare: 0.3 });
        expect(train.length + dev.length).toBe(list.length);
        expect(warning).toBeUndefined();
        const audit = auditLeakage(buildPairs(train), buildPairs(dev), { groups: list });
        expect(audit.leaks).toBe(false);
        expect([...groupQuestions(dev)].filter((question) => groupQuestions(train).has(question))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('every component lies in exactly one fold, on 200 seeds', () => {
    fc.assert(
      fc.property(groups, seeds, fc.integer({ min: 2, max: 6 }), (list, seed, count) => {
        const folds = foldGroups(list, count, { seed });
        expect(folds).toHaveLength(count);
        expect(sorted(folds.flat())).toEqual(sorted(list));
        const places = folds.flatMap((fold) => [...groupQuestions(fold)]);
        expect(new Set(places).size).toBe(places.length);
      }),
      { numRuns: 200 },
    );
  });

  test('pairs without groups are split and folded alike, on 200 seeds', () => {
    fc.assert(
      fc.property(groups, seeds, (list, seed) => {
        const pairs = [...buildPairs(list)];
        const { train, dev } = splitPairs(pairs, { seed, devShare: 0.4 });
        expect(auditLeakage(train, dev).leaks).toBe(false);
        const folds = foldPairs(pairs, 3, { seed }).map((fold) => [...questionsOf(fold)]);
        expect(new Set(folds.flat()).size).toBe(folds.flat().length);
      }),
      { numRuns: 200 },
    );
  });

  test('the same seed gives the same parts from shuffled input', () => {
    const list = corpus(300);
    for (let seed = 0; seed < 20; seed += 1) {
      const [straight, mixed] = [list, shuffled(list, seed)].map((input) => splitGroups(input, { seed }));
      expect(sorted(mixed?.dev ?? [])).toEqual(sorted(straight?.dev ?? []));
      expect(sorted(buildPairs(mixed?.train ?? []))).toEqual(sorted(buildPairs(straight?.train ?? [])));
      const pairs = [...buildPairs(list)];
      const folds = [pairs, shuffled(pairs, seed)].map((input) => foldPairs(input, 4, { seed }).map(sorted));
      expect(folds[0]).toEqual(folds[1]);
    }
  });

  test('other seeds give other parts', () => {
    const parts = Array.from({ length: 10 }, (_seed, seed) => sorted(splitGroups(corpus(100), { seed }).dev).join());
    expect(new Set(parts).size).toBe(10);
  });

  test('parts get their share of pairs, labels and component sizes', () => {
    const list = corpus(2000);
    const all = [...buildPairs(list)];
    for (let seed = 0; seed < 10; seed += 1) {
      const { train, dev } = splitGroups(list, { seed, devShare: 0.2 });
      const devPairs = [...buildPairs(dev)];
      expect(devPairs.length / all.length).toBeCloseTo(0.2, 2);
      expect(share(devPairs)).toBeCloseTo(share(all), 2);
      expect(large(dev)).toBeCloseTo(large(train), 1);
      for (const fold of foldGroups(list, 5, { seed })) expect([...buildPairs(fold)].length / all.length).toBeCloseTo(0.2, 2);
    }
  });

  test('no part stays empty while there are enough components with pairs', () => {
    const list = corpus(60).filter((_group, at) => at % 10 === 3);
    for (let seed = 0; seed < 20; seed += 1) {
      expect(
        foldGroups([...list, { id: 'alone', equivalents: ['独'], nonEquivalents: [] }], 6, { seed }).map(
          (fold) => [...buildPairs(fold)].length > 0,
        ),
      ).toEqual(Array.from({ length: 6 }, () => true));
      expect([...buildPairs(splitGroups(list.slice(0, 2), { seed, devShare: 0.01 }).dev)].length).toBeGreaterThan(0);
    }
  });

  test('near duplicates are kept together where asked', () => {
    const list = Array.from({ length: 60 }, (_group, at) => ({
      id: String(at),
      equivalents: [`问题甲乙丙丁${Math.floor(at / 2)}号${at % 2 === 0 ? '' : '？'}`, `另${at}`],
      nonEquivalents: [],
    }));
    const pairsOf = (options: object): readonly [readonly Pair[], readonly Pair[]] => {
      const { train, dev } = splitGroups(list, { devShare: 0.5, ...options });
      return [[...buildPairs(train)], [...buildPairs(dev)]];
    };
    expect(auditLeakage(...pairsOf({})).nearDevPairs.length).toBeGreaterThan(0);
    expect(auditLeakage(...pairsOf({ mergeNear: true })).nearDevPairs).toEqual([]);
  });

  test('a plan over a stream places groups as the split does', async () => {
    const list = corpus(500);
    const plan = await planSplit(list, [0.9, 0.1], { seed: 3 });
    expect(list.filter((_group, at) => plan[at] === 1)).toEqual(splitGroups(list, { seed: 3 }).dev);
  });
});

describe('splits that leak, for comparison', () => {
  test('by group keeps groups whole and shares questions', () => {
    const list = corpus(500);
    const { train, dev } = splitGroups(list, { by: 'group', devShare: 0.3 });
    expect(auditLeakage(buildPairs(train), buildPairs(dev)).sharedQuestions.count).toBeGreaterThan(0);
    const pairs = splitPairs(buildPairs(list), { by: 'group', devShare: 0.3 });
    const ids = new Set(pairs.train.map(({ group }) => group));
    expect(pairs.dev.filter(({ group }) => ids.has(group))).toEqual([]);
  });

  test('by pair leaks nearly everything', () => {
    const pairs = [...buildPairs(corpus(500), { positives: 'mirrored' })];
    const { train, dev, warning } = splitPairs(pairs, { by: 'pair', devShare: 0.2, stratified: false, seed: 1 });
    expect(dev.length / pairs.length).toBeCloseTo(0.2, 3);
    expect(warning).toContain('for comparison only');
    const audit = auditLeakage(train, dev);
    expect(audit.devPairsWithBothShared / audit.devPairs).toBeGreaterThan(0.9);
    expect(audit.mirrors.count).toBeGreaterThan(0);
  });
});

test('wrong calls are RangeErrors', async () => {
  const list = corpus(10);
  expect(() => splitGroups(list, { devShare: 1 })).toThrow('splitGroups: devShare: expected a number between 0 and 1, got 1');
  expect(() => splitGroups(list, { seed: 0.5 })).toThrow(RangeError);
  expect(() => splitGroups(list, { by: 'pair' })).toThrow('expected pairs, got groups');
  expect(() => splitGroups(list, { by: 'line' as 'pair' })).toThrow(RangeError);
  expect(() => splitPairs([{ question1: 'a', question2: 'b', label: 1 }], { by: 'group' })).toThrow('expected pairs that name their group');
  expect(() => splitGroups(list, { by: 'group', mergeNear: true })).toThrow('mergeNear');
  expect(() => foldGroups(list, 1)).toThrow(RangeError);
  await expect(planSplit(list, [1])).rejects.toThrow(RangeError);
});
