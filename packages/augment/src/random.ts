/** Mixes 32 bits so that every input bit reaches every output bit (the finaliser of MurmurHash3). */
function mix(bits: number): number {
  let value = bits;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

/** A 32-bit hash of a text, by UTF-16 units (FNV-1a, mixed). */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ mix(seed);
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash ^ text.length);
}

/**
 * Numbers that depend on a seed, an item and a counter alone: the same item draws the same numbers whatever came before it.
 * A draw is a function of the counter, so nothing is shared between items, batches or workers.
 */
export class Draws {
  readonly #low: number;
  readonly #high: number;
  #counter = 0;

  /** @param key What the numbers belong to: the item's text, and what is done with it. */
  constructor(seed: number, key: string | number, stream = 0) {
    const item = typeof key === 'string' ? hashText(key, seed) : mix(key ^ mix(seed));
    this.#low = mix(item ^ Math.imul(stream + 1, 0x9e3779b9));
    this.#high = mix((seed | 0) + Math.imul(item, 0x2c1b3c6d) + Math.imul(stream, 0x297a2d39));
  }

  /** The next number, from 0 up to but not 1. `salt` gives an operation numbers of its own. */
  next(salt = 0): number {
    const count = ++this.#counter;
    const bits = mix(mix(this.#low ^ Math.imul(count, 0x9e3779b9)) + this.#high + salt);
    return (bits >>> 0) / 4_294_967_296;
  }

  /** The next whole number below `limit`. */
  below(limit: number, salt = 0): number {
    return Math.floor(this.next(salt) * limit);
  }
}

/** The index that a draw from 0 to 1 picks under running totals of weights. */
export function pickIndex(totals: Float64Array, draw: number): number {
  const target = draw * (totals[totals.length - 1] ?? 0);
  let low = 0;
  let high = totals.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((totals[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Running totals of weights, for `pickIndex`. */
export function runningTotals(weights: readonly number[]): Float64Array {
  let total = 0;
  return Float64Array.from(weights, (weight) => (total += weight));
}
