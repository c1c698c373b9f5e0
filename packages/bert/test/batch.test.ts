import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError, batchesByLength, collate, collateMasked, swapSides } from '@samequestion/bert';
import { pairs, tiny } from './support.ts';

const limits = { ...tiny, max_position_embeddings: 10 };

describe('collate', () => {
  it('pads to the longest pair', () => {
    const batch = collate(
      [
        { ids: [1, 5, 2], types: [0, 0, 0] },
        { ids: [1, 6, 7, 2], types: [0, 0, 1, 1] },
      ],
      limits,
    );
    expect(batch['input_ids']).toEqual({ dtype: 'int32', shape: [2, 4], data: Int32Array.of(1, 5, 2, 0, 1, 6, 7, 2) });
    expect(batch['attention_mask']?.data).toEqual(Int32Array.of(1, 1, 1, 0, 1, 1, 1, 1));
    expect(batch['token_type_ids']?.data).toEqual(Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1));
  });

  it.each([
    [{ ids: [], types: [] }, 'one type for each id, got 0 ids'],
    [{ ids: [1, 2], types: [0] }, 'got 2 ids and 1 types'],
    [{ ids: [16], types: [0] }, 'ids from 0 to 15, got 16'],
    [{ ids: Array.from({ length: 11 }, () => 1), types: Array.from({ length: 11 }, () => 0) }, 'at most 10 tokens, got 11'],
  ])('refuses %j', (pair, message) => {
    expect(() => collate([pair], limits)).toThrow(ModelError);
    expect(() => collate([pair], limits)).toThrow(message);
  });

  it('points to masked tokens in the flattened batch', () => {
    const [first, second] = pairs(2);
    if (first === undefined || second === undefined) throw new Error('two pairs');
    const batch = collateMasked(
      [
        { ...first, masked: [{ position: 2, id: 9 }] },
        { ...second, masked: [{ position: 1, id: 8 }] },
      ],
      10,
      2,
    );
    expect(batch['masked_positions']?.data).toEqual(Int32Array.of(2, 11));
    expect(batch['masked_labels']?.data).toEqual(Int32Array.of(9, 8));
    expect(batch['masked_weights']?.data).toEqual(Float32Array.of(0.5, 0.5));
  });
});

describe('swapSides', () => {
  it('puts the second text first', () => {
    expect(swapSides({ ids: [1, 5, 6, 2, 7, 2], types: [0, 0, 0, 0, 1, 1] })).toEqual({
      ids: [1, 7, 2, 5, 6, 2],
      types: [0, 0, 0, 1, 1, 1],
    });
  });

  it('twice gives the pair back, masked positions included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 20 }), (seed, place) => {
        const [pair] = pairs(1, seed);
        if (pair === undefined) throw new Error('one pair');
        const marked = { ...pair, masked: [{ position: place % pair.ids.length, id: 3 }] };
        const swapped = swapSides(marked);
        expect(swapSides(swapped)).toEqual(marked);
        expect(swapped.ids[swapped.masked[0]?.position ?? -1]).toBe(marked.ids[marked.masked[0]?.position ?? -1]);
      }),
      { seed: 1 },
    );
  });
});

describe('batchesByLength', () => {
  it('holds every index once, in batches of like length, another order each epoch', () => {
    const lengths = Uint32Array.from({ length: 103 }, (_, index) => 5 + ((index * 37) % 50));
    const first = batchesByLength(lengths, { batchSize: 8, seed: 1, epoch: 0 });
    expect(first.flat().toSorted((a, b) => a - b)).toEqual(Array.from(lengths.keys()));
    expect(first).toEqual(batchesByLength(lengths, { batchSize: 8, seed: 1, epoch: 0 }));
    expect(first).not.toEqual(batchesByLength(lengths, { batchSize: 8, seed: 1, epoch: 1 }));
    const positions = first.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((index) => lengths[index] ?? 0)), 0);
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    // A batch spans at most the lengths between its ends: 50 lengths over 13 batches.
    expect(positions - tokens).toBeLessThan(103 * 5);
  });
});
