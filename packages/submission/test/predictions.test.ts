import { formatPredictions, parsePredictions, parseTestResults, SubmissionError, type Prediction } from '@samequestion/submission';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const predictions: readonly Prediction[] = [
  { qid: '0', probability0: 0.25, probability1: 0.75, label: 1 },
  { qid: 'a', probability0: 1, probability1: 0, label: 0 },
];

test('the file has the header and columns that the project fixes', () => {
  expect(formatPredictions(predictions)).toBe('qid\tprobability0\tprobability1\tlabel\n0\t0.25\t0.75\t1\na\t1\t0\t0\n');
  const withLogits = predictions.map((prediction) => ({ ...prediction, logits: [-1.5, 2] as const }));
  expect(formatPredictions(withLogits).split('\n')[1]).toBe('0\t0.25\t0.75\t1\t-1.5\t2');
  expect(formatPredictions(withLogits).split('\n')[0]).toBe('qid\tprobability0\tprobability1\tlabel\tlogit0\tlogit1');
});

test('numbers read back exactly', () => {
  const row = fc.record({
    probability1: fc.double({ min: 0, max: 1, noNaN: true }),
    logit: fc.float({ noNaN: true, noDefaultInfinity: true }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), fc.boolean(), (rows, logits) => {
      const list = rows.map(({ probability1, logit }, at): Prediction => {
        const positive = Math.abs(probability1) + 0;
        const base = { qid: String(at), probability0: 1 - positive, probability1: positive, label: positive > 0.5 ? 1 : 0 } as const;
        return logits ? { ...base, logits: [logit + 0, -logit + 0] } : base;
      });
      expect(parsePredictions(formatPredictions(list))).toEqual(list);
    }),
  );
});

describe('refused', () => {
  const header = 'qid\tprobability0\tprobability1\tlabel\n';
  test.each([
    ['another header', '0\t0.5\t0.5\t1\n', 'line 1: expected the header'],
    ['a probability over 1', `${header}0\t-0.5\t1.5\t1\n`, 'line 2: expected two probabilities that add up to 1'],
    ['probabilities that do not add up', `${header}0\t0.2\t0.2\t1\n`, 'line 2: expected two probabilities that add up to 1'],
    ['a word for a number', `${header}0\tNaN\t0.2\t1\n`, 'line 2: expected two probabilities'],
    ['a label that is none', `${header}0\t0.2\t0.8\tx\n`, 'line 2: expected the label 0 or 1'],
    ['a column too few', `${header}0\t0.2\t0.8\n`, 'line 2: expected 4 columns, got 3'],
    ['a qid again', `${header}0\t0.2\t0.8\t1\n0\t0.2\t0.8\t1\n`, 'line 3: expected each qid once'],
    ['logits that are no numbers', `${header.trim()}\tlogit0\tlogit1\n0\t0.2\t0.8\t1\tx\t1\n`, 'line 2: expected two numbers as logits'],
  ])('%s', (_name, text, message) => {
    expect(() => parsePredictions(text)).toThrow(SubmissionError);
    expect(() => parsePredictions(text)).toThrow(message);
  });
});

describe('google’s test_results.tsv', () => {
  test('gives each row to the test row at its place', () => {
    expect(parseTestResults('0.9516069\t0.048393086\n2.5e-3\t0.9975\n', ['x', 'y'])).toEqual([
      { qid: 'x', probability0: 0.951_606_9, probability1: 0.048_393_086, label: 0 },
      { qid: 'y', probability0: 0.0025, probability1: 0.9975, label: 1 },
    ]);
  });

  test('must have as many rows as the test file, of two probabilities each', () => {
    expect(() => parseTestResults('0.5\t0.5\n', ['x', 'y'])).toThrow('expected 2 rows, one for each test row, got 1');
    expect(() => parseTestResults('0.5\t0.5\n0.5\n', ['x', 'y'])).toThrow('line 2: expected 2 columns');
    expect(() => parseTestResults('0.5\t0.7\n', ['x'])).toThrow('line 1: expected two probabilities that add up to 1');
  });
});
