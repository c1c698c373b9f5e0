import { createTokenizer, lengthSortedBatches, lengthStatistics, Vocabulary } from '@samequestion/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedText } from './shared.ts';

/** Positions that batches take, padding counted. */
function positions(batches: readonly (readonly number[])[], lengths: readonly number[]): number {
  return batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((index) => lengths[index] ?? 0)), 0);
}

describe('lengthSortedBatches', () => {
  it('puts every index into exactly one batch, within the limits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 })),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        fc.nat(9),
        (lengths, size, seed, epoch) => {
          const everything = lengths.map((_, index) => index);
          const byCount = lengthSortedBatches(lengths, { batchSize: size, seed, epoch });
          expect(byCount.flat().sort((a, b) => a - b)).toEqual(everything);
          expect(byCount.every((batch) => batch.length >= 1 && batch.length <= size)).toBe(true);
          const byTokens = lengthSortedBatches(lengths, { maxTokens: size * 20, seed, epoch });
          expect(byTokens.flat().sort((a, b) => a - b)).toEqual(everything);
          expect(byTokens.every((batch) => batch.length === 1 || positions([batch], lengths) <= size * 20)).toBe(true);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });

  it('depends on the seed and the epoch alone', () => {
    const lengths = Array.from({ length: 500 }, (_, i) => 10 + ((i * 37) % 50));
    const batches = (seed: number, epoch?: number): number[][] =>
      lengthSortedBatches(lengths, { batchSize: 16, seed, ...(epoch !== undefined && { epoch }) });
    expect(batches(1)).toEqual(batches(1, 0));
    expect(batches(1)).not.toEqual(batches(2));
    expect(batches(1, 0)).not.toEqual(batches(1, 1));
  });

  it('refuses sizes and seeds that are no whole numbers', () => {
    expect(() => lengthSortedBatches([1], { batchSize: 0, seed: 1 })).toThrow(
      'lengthSortedBatches: expected batchSize to be a whole number from 1 up, got 0.',
    );
    expect(() => lengthSortedBatches([1], { maxTokens: 1.5, seed: 1 })).toThrow(RangeError);
    expect(() => lengthSortedBatches([1], { batchSize: 1, seed: -1 })).toThrow(RangeError);
  });

  const rows = sharedText('data/diac2019/dev_set.csv');
  const vocabulary = sharedText('data/bert_vocab/vocab.txt');
  it.skipIf(rows === undefined || vocabulary === undefined)(
    'wastes less than five percent on the real questions (skipped where ../shared is absent)',
    () => {
      const tokenizer = createTokenizer(Vocabulary.fromText(vocabulary ?? ''));
      const lengths = (rows ?? '')
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((row) => {
          const [, left = '', right = ''] = row.split('\t');
          return tokenizer.count(left, right);
        });
      const batches = lengthSortedBatches(lengths, { batchSize: 32, seed: 1 });
      expect(positions(batches, lengths)).toBeLessThanOrEqual(1.05 * lengthStatistics(lengths).total);
    },
  );
});

describe('lengthStatistics', () => {
  it('gives mean and nearest-rank percentiles', () => {
    const lengths = Array.from({ length: 200 }, (_, i) => 200 - i);
    expect(lengthStatistics(lengths)).toEqual({
      count: 200,
      total: 20_100,
      mean: 100.5,
      min: 1,
      median: 100,
      p90: 180,
      p95: 190,
      p99: 198,
      max: 200,
    });
    expect(lengthStatistics([])).toMatchObject({ count: 0, mean: 0, max: 0 });
  });
});
