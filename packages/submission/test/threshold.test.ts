import {
  applyThreshold,
  fixedThreshold,
  labelsFor,
  macroF1,
  thresholdForShare,
  tuneThreshold,
  type Answer,
  type Prediction,
} from '@samequestion/submission';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const predictionsOf = (probabilities: readonly number[]): readonly Prediction[] =>
  probabilities.map((probability1, at) => ({ qid: String(at), probability0: 1 - probability1, probability1, label: 0 }));
const labelsOf = (predictions: readonly Prediction[]): readonly (0 | 1)[] => predictions.map(({ label }) => label);

/** Probabilities of which some are equal, with labels. */
const labelled = fc.array(
  fc.record({ probability: fc.integer({ min: 0, max: 20 }).map((part) => part / 20), label: fc.constantFrom(0 as const, 1 as const) }),
  {
    minLength: 1,
  },
);

test('a fixed threshold gives label 1 from itself on', () => {
  const threshold = fixedThreshold(0.5);
  expect(threshold).toEqual({ rule: 'fixed', threshold: 0.5 });
  expect(labelsOf(applyThreshold(predictionsOf([0.4, 0.5, 0.6]), threshold))).toEqual([0, 1, 1]);
  expect(() => fixedThreshold(1.5)).toThrow(RangeError);
});

test('a tuned threshold has the best macro-F1 of all, and says it', () => {
  fc.assert(
    fc.property(labelled, (rows) => {
      const predictions = predictionsOf(rows.map(({ probability }) => probability));
      const answers = rows.map(({ label }, at): Answer => ({ qid: String(at), label }));
      const right = rows.map(({ label }) => label);
      const tuned = tuneThreshold(predictions, answers);
      const score = (threshold: number): number => macroF1(right, labelsOf(applyThreshold(predictions, { threshold })));
      const best = Math.max(...Array.from({ length: 41 }, (_step, at) => score(at / 40)));
      if (tuned.rule !== 'macro-f1') throw new Error('rule');
      expect(tuned.macroF1).toBeCloseTo(best, 12);
      expect(score(tuned.threshold)).toBeCloseTo(best, 12);
      expect(tuned.tunedOn).toBe(rows.length);
    }),
    { numRuns: 300 },
  );
});

test('a threshold for a share comes as near to it as equal probabilities allow', () => {
  fc.assert(
    fc.property(labelled, fc.integer({ min: 0, max: 10 }), (rows, tenths) => {
      const predictions = predictionsOf(rows.map(({ probability }) => probability));
      const chosen = thresholdForShare(predictions, tenths / 10);
      const share = (threshold: number): number =>
        labelsOf(applyThreshold(predictions, { threshold })).filter((label) => label === 1).length / rows.length;
      const nearest = Math.min(...Array.from({ length: 42 }, (_step, at) => Math.abs(share(at / 40) - tenths / 10)));
      if (chosen.rule !== 'share') throw new Error('rule');
      expect(share(chosen.threshold)).toBe(chosen.share);
      expect(Math.abs(chosen.share - tenths / 10)).toBeCloseTo(nearest, 12);
    }),
    { numRuns: 300 },
  );
});

test('macro-F1 is that of a worked example', () => {
  expect(macroF1([1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 1, 0, 0, 0, 0])).toBeCloseTo((2 / 3 + 0.8) / 2, 12);
  expect(macroF1([0, 0], [0, 0])).toBe(0.5);
  expect(() => macroF1([1], [])).toThrow(RangeError);
});

test('labels are found by qid, and a missing one is named', () => {
  expect(
    labelsFor(predictionsOf([0.1, 0.2]), [
      { qid: '1', label: 1 },
      { qid: '0', label: 0 },
    ]),
  ).toEqual([0, 1]);
  expect(() => tuneThreshold(predictionsOf([0.1]), [])).toThrow('expected a label for each prediction, got none for qid "0"');
  expect(() => tuneThreshold([], [])).toThrow('expected at least one prediction');
  expect(() => thresholdForShare([], 2)).toThrow(RangeError);
});
