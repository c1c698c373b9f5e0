import {
  agreementOf,
  combinePredictions,
  SubmissionError,
  type EnsembleMember,
  type EnsembleMethod,
  type Prediction,
} from '@samequestion/submission';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const prediction = (qid: string, probability1: number): Prediction => {
  return { qid, probability0: 1 - probability1, probability1, label: probability1 > 0.5 ? 1 : 0 };
};
const member = (name: string, ...probabilities: readonly number[]): EnsembleMember => {
  return { name, predictions: probabilities.map((probability, at) => prediction(String(at), probability)) };
};
const methods: readonly EnsembleMethod[] = ['weighted-mean', 'mean', 'geometric-mean', 'rank-mean', 'majority-vote'];
const positivesOf = (list: readonly EnsembleMember[], method: EnsembleMethod): readonly number[] =>
  combinePredictions(list, method).map(({ probability1 }) => probability1);
const labelsOf = (list: readonly EnsembleMember[], method: EnsembleMethod): string =>
  combinePredictions(list, method)
    .map(({ label }) => label)
    .join('');

test('the weighted mean gives the 2019 entry’s published first row', () => {
  const rows = [
    [0.951_606_9, 0.048_393_086],
    [0.999_703_6, 0.000_296_332_6],
    [0.997_449_2, 0.002_550_776_6],
    [0.999_015_8, 0.000_984_168_7],
  ] as const;
  const weights = [0.958_448_9, 0.968_205_2, 0.967_412_8, 0.968_849_06];
  const members = rows.map(([probability0, probability1], at): EnsembleMember => {
    return { name: `model ${at}`, predictions: [{ qid: '0', probability0, probability1, label: 0 }], weight: weights[at] ?? 0 };
  });
  const [row] = combinePredictions(members, 'weighted-mean');
  // Eight decimals are published.
  expect(row?.probability0).toBeCloseTo(0.987_032_98, 8);
  expect(row?.probability1).toBeCloseTo(0.012_966_99, 8);
  expect(row?.label).toBe(0);
});

test('mean and geometric mean are those of a worked example', () => {
  const members = [member('a', 0.9, 0.2), member('b', 0.6, 0.1)];
  expect(positivesOf(members, 'mean')).toEqual([0.75, expect.closeTo(0.15, 12)]);
  const odds = Math.sqrt((0.9 / 0.1) * (0.6 / 0.4));
  expect(positivesOf(members, 'geometric-mean')[0]).toBeCloseTo(odds / (1 + odds), 12);
});

test('a certain model does not make the geometric mean NaN', () => {
  expect(positivesOf([member('a', 1, 0), member('b', 0, 0)], 'geometric-mean')).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0, 12)]);
});

test('ranks are shared by equals, and labels keep the mean share of positives', () => {
  const members = [member('a', 0.9, 0.8, 0.1, 0.1), member('b', 0.5, 0.4, 0.3, 0.2)];
  expect(positivesOf(members, 'rank-mean')).toEqual([1, expect.closeTo(2 / 3, 12), expect.closeTo(0.25, 12), expect.closeTo(1 / 12, 12)]);
  expect(labelsOf(members, 'rank-mean')).toBe('1000');
});

test('the majority of labels wins, and the mean probability decides a draw', () => {
  const members = [member('a', 0.6, 0.6, 0.9), member('b', 0.6, 0.3, 0.2)];
  expect(labelsOf(members, 'majority-vote')).toBe('101');
  expect(positivesOf([...members, member('c', 0.1, 0.1, 0.1)], 'majority-vote')).toEqual(
    [2 / 3, 1 / 3, 1 / 3].map((share) => expect.closeTo(share, 12)),
  );
});

describe.each(methods)('%s', (method) => {
  const weighted = (list: readonly EnsembleMember[]): readonly EnsembleMember[] =>
    method === 'weighted-mean' ? list.map((item, at) => ({ ...item, weight: 0.9 + at / 100 })) : list;

  test('gives probabilities that add up to 1, whatever the order of the members and of their rows', () => {
    const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(probabilities, probabilities, (left, right) => {
        const members = weighted([member('a', ...left), member('b', ...right)]);
        const combined = combinePredictions(members, method);
        for (const { probability0, probability1 } of combined) expect(probability0 + probability1).toBeCloseTo(1, 9);
        const [a, b] = members;
        if (a === undefined || b === undefined) throw new Error('two members');
        expect(combinePredictions([a, { ...b, predictions: b.predictions.toReversed() }], method)).toEqual(combined);
      }),
    );
  });

  test('refuses members whose qids differ, and says which', () => {
    const [a, b] = weighted([member('a.tsv', 0.1, 0.2), member('b.tsv', 0.1)]);
    if (a === undefined || b === undefined) throw new Error('two members');
    expect(() => combinePredictions([a, b], method)).toThrow(SubmissionError);
    expect(() => combinePredictions([a, b], method)).toThrow('expected the same qids in "a.tsv" and "b.tsv", got qid "1" in "a.tsv" alone');
    expect(() => combinePredictions([b, a], method)).toThrow('got qid "1" in "a.tsv" alone');
  });
});

test('weights are needed where they are used, and nowhere else', () => {
  const weighted = { ...member('a', 0.1), weight: 0.9 };
  expect(() => combinePredictions([member('a', 0.1)], 'weighted-mean')).toThrow(
    'weight: expected a positive number for "a", got undefined',
  );
  expect(() => combinePredictions([{ ...weighted, weight: 0 }], 'weighted-mean')).toThrow(RangeError);
  expect(() => combinePredictions([weighted], 'mean')).toThrow('weight: expected none for mean, got 0.9 for "a"');
  expect(() => combinePredictions([], 'mean')).toThrow('expected at least one member');
  expect(() => combinePredictions([member('a', 0.1)], 'median' as 'mean')).toThrow('expected a known method');
});

test('agreement is the share of equal labels, and kappa what is beyond chance', () => {
  const [left, right] = [member('a', 0.9, 0.9, 0.1, 0.1), member('b', 0.9, 0.1, 0.1, 0.1)];
  expect(agreementOf(left, right)).toEqual({ rows: 4, share: 0.75, kappa: 0.5 });
  expect(agreementOf(left, left)).toEqual({ rows: 4, share: 1, kappa: 1 });
  expect(agreementOf(member('a', 0.1), member('b', 0.1)).kappa).toBe(1);
});
