import fc from 'fast-check';
import { expect, test } from 'vitest';

import { hideWords } from '../src/pretrain/masking.ts';

const options = { rate: 0.15, maskId: 4, firstOrdinary: 5, vocabularySize: 100 };

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

test('hidden places, put back, give the original; whole words are hidden; the rate is kept', () => {
  const sides = fc.array(fc.record({ id: fc.integer({ min: 5, max: 99 }), continues: fc.boolean() }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sides, fc.integer({ min: 0, max: 1e9 }), (tokens, seed) => {
      const ids = tokens.map(({ id }) => id);
      const continuesWord = tokens.map(({ continues }, index) => index > 0 && continues);
      const side = { ids: [...ids], continuesWord };
      const hidden = hideWords(side, options, randomFrom(seed));
      for (const { index, token } of hidden) side.ids[index] = token;
      expect(side.ids).toEqual(ids);
      const places = new Set(hidden.map(({ index }) => index));
      continuesWord.forEach((continues, index) => {
        if (continues) expect(places.has(index)).toBe(places.has(index - 1));
      });
      expect(hidden.length).toBeGreaterThan(0);
      const wanted = Math.max(1, Math.round(ids.length * options.rate));
      const longestWord = Math.max(...longestWords(continuesWord));
      expect(hidden.length).toBeLessThanOrEqual(Math.max(wanted, longestWord));
    }),
    { seed: 11, numRuns: 300 },
  );
});

function longestWords(continuesWord: readonly boolean[]): number[] {
  const lengths: number[] = [];
  for (const continues of continuesWord) {
    if (continues) lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + 1;
    else lengths.push(1);
  }
  return lengths;
}

test('of many hidden tokens about 80 % become the mask, 10 % stay', () => {
  const length = 20_000;
  const side = { ids: Array.from({ length }, (_, index) => 5 + (index % 95)), continuesWord: Array.from({ length }, () => false) };
  const hidden = hideWords(side, options, randomFrom(5));
  const masked = hidden.filter(({ index }) => side.ids[index] === options.maskId).length / hidden.length;
  const kept = hidden.filter(({ index, token }) => side.ids[index] === token).length / hidden.length;
  // 3,000 draws: four standard deviations are 0.03 and 0.022.
  expect(Math.abs(masked - 0.8)).toBeLessThan(0.03);
  expect(Math.abs(kept - 0.1)).toBeLessThan(0.025);
});
