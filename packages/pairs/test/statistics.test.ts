import {
  characterOverlap,
  describePairs,
  majorityBaseline,
  overlapBaseline,
  reportCorpus,
  scoreBaseline,
  scoreLabels,
  type Pair,
} from '@samequestion/pairs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairs } from './arbitrary.ts';

const pair = (question1: string, question2: string, label: 0 | 1): Pair => ({ question1, question2, label });

test('lengths, shares and edit-distance strata are counted in characters', () => {
  const list = [
    pair('𠮷屋怎么走', '𠮷屋怎么去', 0),
    pair('𠮷屋怎么走', '𠮷屋如何走', 1),
    pair('一二三四', '五六七', 1),
    pair('一二三四五', '五六七八九', 0),
  ];
  expect(describePairs(list)).toMatchObject({
    pairs: 4,
    positives: 2,
    negatives: 2,
    positiveShare: 0.5,
    uniqueQuestions: 7,
    uniqueUnorderedPairs: 4,
    questionLength: { minimum: 3, mean: 32 / 7, median: 5, p95: 5, p99: 5, maximum: 5 },
    pairLength: { minimum: 7, mean: 37 / 4, median: 10, maximum: 10 },
    editDistance: {
      atMost1: { positives: 0, negatives: 1, positiveShare: 0 },
      atMost2: { positives: 1, negatives: 1, positiveShare: 0.5 },
      atMost3: { positives: 1, negatives: 1 },
      more: { positives: 1, negatives: 1 },
    },
  });
});

test('nothing has zeros, not NaN', () => {
  expect(JSON.stringify(describePairs([]))).not.toContain('null');
});

describe('scores', () => {
  test('are those of a worked example', () => {
    expect(scoreLabels([1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 1, 0, 0, 0, 0])).toEqual({
      count: 8,
      accuracy: 0.75,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 2 / 3,
      f1OfZero: 0.8,
      macroF1: (2 / 3 + 0.8) / 2,
      truePositives: 2,
      falsePositives: 1,
      trueNegatives: 4,
      falseNegatives: 1,
    });
  });

  test('need as many predictions as labels', () => {
    expect(() => scoreLabels([1], [])).toThrow(RangeError);
  });
});

describe('baselines', () => {
  test('character overlap is the Jaccard index of the two sets of characters', () => {
    expect(characterOverlap('借钱', '借钱借')).toBe(1);
    expect(characterOverlap('借钱', '借条')).toBe(1 / 3);
    expect(characterOverlap('', '')).toBe(1);
    expect(characterOverlap('𠮷', '𠮸')).toBe(0);
  });

  test('the threshold is the best of all for macro-F1 on the training pairs', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        fc.pre(list.length > 0);
        const baseline = overlapBaseline(list);
        const labels = list.map(({ label }) => label);
        const overlaps = list.map(({ question1, question2 }) => characterOverlap(question1, question2));
        const scores = [...overlaps, 2].map(
          (threshold) =>
            scoreLabels(
              labels,
              overlaps.map((overlap) => (overlap >= threshold ? 1 : 0)),
            ).macroF1,
        );
        expect(baseline.trainMacroF1).toBeCloseTo(Math.max(...scores), 12);
        expect(scoreBaseline(baseline, list).macroF1).toBeCloseTo(baseline.trainMacroF1, 12);
      }),
      { numRuns: 300 },
    );
  });

  test('the majority is the more frequent label', () => {
    const baseline = majorityBaseline([pair('a', 'b', 1), pair('a', 'c', 1), pair('a', 'd', 0)]);
    expect(baseline.predict('x', 'y')).toBe(1);
    expect(scoreBaseline(baseline, [pair('a', 'b', 0)]).macroF1).toBe(0);
    expect(baseline.trainMacroF1).toBeCloseTo(0.4, 12);
  });
});

test('a report holds counts, statistics, the audit and both baselines, and survives JSON', () => {
  const groups = [
    { id: '1', equivalents: ['怎么借钱', '如何借钱'], nonEquivalents: ['怎么还钱'] },
    { id: '2', equivalents: ['离婚要什么材料', '离婚需要哪些材料'], nonEquivalents: ['结婚要什么材料'] },
  ];
  const train = [pair('怎么借钱', '如何借钱', 1), pair('怎么借钱', '怎么还钱', 0)];
  const dev = [pair('离婚要什么材料', '离婚需要哪些材料', 1), pair('怎么借钱？', '结婚要什么材料', 0)];
  const report = reportCorpus(train, dev, groups);
  expect(report.counts?.positive_pairs).toBe(2);
  expect([report.train.pairs, report.dev.pairs, report.audit.leaks]).toEqual([2, 2, false]);
  expect(report.baselines.map(({ name, dev: scores, devWithoutNear }) => [name, scores.count, devWithoutNear?.count])).toEqual([
    ['majority', 2, 1],
    ['character-overlap', 2, 1],
  ]);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
