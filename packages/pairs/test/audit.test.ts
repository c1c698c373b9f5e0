import { auditLeakage, buildPairs, normalForm, refuseLeaks, splitGroups, type Pair, type QuestionGroup } from '@samequestion/pairs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { questionsOf } from './arbitrary.ts';

/** Ten characters drawn from 5000, so that two questions are never near by chance. */
const far = fc
  .uniqueArray(fc.integer({ min: 0, max: 4999 }), { minLength: 10, maxLength: 10 })
  .map((codes) => codes.map((code) => String.fromCodePoint(0x4e00 + code)).join(''));
const sides = fc.tuple(fc.uniqueArray(far, { minLength: 12, maxLength: 12 }), fc.infiniteStream(fc.nat()));

interface Sides {
  readonly train: readonly Pair[];
  readonly dev: readonly Pair[];
}

/** Two clean sides of three pairs each. */
function cleanSides(questions: readonly string[]): Sides {
  const pairs = Array.from({ length: 6 }, (_pair, at): Pair => {
    return { question1: questions[2 * at] ?? '', question2: questions[2 * at + 1] ?? '', label: at % 2 === 0 ? 1 : 0 };
  });
  return { train: pairs.slice(0, 3), dev: pairs.slice(3) };
}

const changed = (text: string, at: number, by: string): string =>
  Array.from(text, (character, index) => (index === at ? by : character)).join('');

describe('planted leaks', () => {
  test('none is found where there is none', () => {
    fc.assert(
      fc.property(sides, ([questions]) => {
        const { train, dev } = cleanSides(questions);
        const audit = auditLeakage(train, dev);
        const findings = [audit.sharedQuestions, audit.sharedPairs, audit.mirrors, audit.contradictedPairs, audit.sharedComponents];
        expect([...findings, audit.equalNormalForms, audit.oneEditApart].map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 0, 0]);
        expect([audit.leaks, audit.nearDevPairs, audit.devPairsWithSharedQuestion]).toEqual([false, [], 0]);
        expect(() => refuseLeaks(audit)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  test('a shared question, a shared pair, a mirror and a contradicted pair are always found', () => {
    fc.assert(
      fc.property(sides, fc.nat(2), fc.nat(2), fc.nat(3), ([questions], at, place, kind) => {
        const { train, dev } = cleanSides(questions);
        const source = train[at];
        if (source === undefined) throw new Error('three pairs');
        const planted = [
          { ...source, question2: '另一个完全不同的问题' },
          { ...source },
          { ...source, question1: source.question2, question2: source.question1 },
          { ...source, label: source.label === 1 ? (0 as const) : (1 as const) },
        ][kind];
        const leaking = planted === undefined ? dev : dev.toSpliced(place, 0, planted);
        const audit = auditLeakage(train, leaking);
        expect(audit.leaks).toBe(true);
        expect(audit.sharedQuestions.count).toBe(kind === 0 ? 1 : 2);
        expect(audit.sharedComponents.count).toBe(1);
        expect([audit.sharedPairs.count, audit.mirrors.count, audit.contradictedPairs.count]).toEqual(
          [
            [0, 0, 0],
            [1, 0, 0],
            [1, 1, 0],
            [1, 0, 1],
          ][kind],
        );
        expect([audit.devPairsWithSharedQuestion, audit.devPairsWithBothShared]).toEqual([1, kind === 0 ? 0 : 1]);
        expect(() => refuseLeaks(audit)).toThrow(/refuseLeaks: expected training and dev pairs that share no question.*; for example /u);
      }),
      { numRuns: 300 },
    );
  });

  test('every near duplicate is found, counted by its kind, with its pair', () => {
    const edits: readonly ((text: string, at: number) => string)[] = [
      (text) => `${text}？`,
      (text, at) => changed(text, at, `${[...text][at]} `),
      (text, at) => changed(text, at, '。x'),
      (text, at) => changed(text, at, ''),
      (text, at) => changed(text, at, `${[...text][at]}𠮷`),
      (text, at) => changed(text, at, '的'),
    ];
    fc.assert(
      fc.property(sides, fc.nat(5), fc.nat(2), fc.nat(9), ([questions], kind, place, at) => {
        const { train, dev } = cleanSides(questions);
        const source = train[place]?.question2 ?? '';
        const question2 = edits[kind]?.(source, at) ?? '';
        const leaking = dev.map((pair, index) => (index === place ? { ...pair, question2 } : pair));
        const audit = auditLeakage(train, leaking);
        const equal = normalForm(question2) === normalForm(source);
        expect(audit.equalNormalForms.count).toBe(equal ? 1 : 0);
        expect(audit.oneEditApart.count).toBe(equal ? 0 : 1);
        expect(audit.nearDevPairs).toEqual([place]);
        expect([...audit.equalNormalForms.examples, ...audit.oneEditApart.examples]).toEqual([
          { trainQuestion: source, devQuestion: question2 },
        ]);
        expect(audit.leaks).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('a component that no shared question shows is found through the groups', () => {
    const groups: readonly QuestionGroup[] = [
      { id: '1', equivalents: ['甲甲甲甲', '乙乙乙乙', '丙丙丙丙', '丁丁丁丁'], nonEquivalents: [] },
    ];
    const train: readonly Pair[] = [{ question1: '甲甲甲甲', question2: '乙乙乙乙', label: 1 }];
    const dev: readonly Pair[] = [{ question1: '丙丙丙丙', question2: '丁丁丁丁', label: 1 }];
    expect(auditLeakage(train, dev).leaks).toBe(false);
    const audit = auditLeakage(train, dev, { groups });
    expect(audit.sharedComponents).toEqual({ count: 1, examples: [{ trainQuestion: '甲甲甲甲', devQuestion: '丙丙丙丙' }] });
    expect(() => refuseLeaks(audit)).toThrow('components: 1; for example');
  });
});

test('examples are limited, counts are not', () => {
  const pairs = Array.from({ length: 50 }, (_pair, at): Pair => ({ question1: `问${at}`, question2: `答${at}`, label: 1 }));
  const audit = auditLeakage(pairs, pairs, { examples: 2 });
  expect([audit.sharedPairs.count, audit.sharedPairs.examples.length]).toEqual([50, 2]);
  expect([audit.trainPairs, audit.devPairs, audit.trainQuestions, audit.devQuestions]).toEqual([50, 50, 100, 100]);
});

test('a split by component passes the audit that it is made for', () => {
  const groups = Array.from({ length: 200 }, (_group, at) => ({
    id: String(at),
    equivalents: [`甲${at % 150}`, `乙${at}`],
    nonEquivalents: [`丙${at}`],
  }));
  const { train, dev } = splitGroups(groups, { devShare: 0.3 });
  const [trainPairs, devPairs] = [[...buildPairs(train)], [...buildPairs(dev)]];
  expect(auditLeakage(trainPairs, devPairs, { groups }).leaks).toBe(false);
  expect([...questionsOf(devPairs)].filter((question) => questionsOf(trainPairs).has(question))).toEqual([]);
});
