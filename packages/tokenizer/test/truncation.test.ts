import { keptTokens } from '@samequestion/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The reference's loop: pop from the longer text, from the second where they are equal. */
function popped(left: number, right: number, room: number): { left: number; right: number } {
  const kept = { left, right };
  while (kept.left + kept.right > room) {
    if (kept.left > kept.right) kept.left--;
    else kept.right--;
  }
  return kept;
}

const length = fc.nat(60);

describe('keptTokens', () => {
  it('cuts the longer text as the reference’s loop does', () => {
    fc.assert(
      fc.property(length, length, length, (left, right, room) => {
        expect(keptTokens({ left, right }, room, 'longest_first')).toEqual(popped(left, right, room));
      }),
      { seed: 5, numRuns: 5000 },
    );
  });

  it('cuts the named text first and never leaves more than there is room for', () => {
    fc.assert(
      fc.property(length, length, length, (left, right, room) => {
        const first = keptTokens({ left, right }, room, 'only_first');
        const second = keptTokens({ left, right }, room, 'only_second');
        for (const kept of [first, second]) expect(kept.left + kept.right).toBe(Math.min(left + right, room));
        if (right <= room) expect(first.right).toBe(right);
        if (left <= room) expect(second.left).toBe(left);
        expect(keptTokens({ left, right }, room, 'none')).toEqual({ left, right });
      }),
      { seed: 6, numRuns: 2000 },
    );
  });
});
