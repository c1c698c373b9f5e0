/** 64 bits of a hash in two signed 32-bit halves. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/** The finalizer of MurmurHash3: every input bit reaches every output bit. */
export function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** Hashes a text's UTF-16 units in two independent lanes. */
export function hashText(text: string): Hash {
  let high = 0x2545f491;
  let low = 0x6c078965;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    high = (high << 13) | (high >>> 19);
    low = Math.imul(low + unit, 0x85ebca77);
    low ^= low >>> 15;
  }
  return { high: mix(high ^ text.length), low: mix(low + high) };
}

/** Hashes a hash again under a seed: a new, independent order for each seed. */
export function reseed(hash: Hash, seed: number): Hash {
  const high = mix(hash.high ^ mix(seed | 0));
  return { high, low: mix((hash.low + Math.imul(high, 0x9e3779b1)) ^ mix((seed / 2 ** 32) | 0)) };
}

/** Compares two hashes as unsigned 64-bit numbers. */
export function compareHashes(left: Hash, right: Hash): number {
  return (left.high >>> 0) - (right.high >>> 0) || (left.low >>> 0) - (right.low >>> 0);
}

/** A number in [0, 1) that depends on the seed and the counter alone: draws may be made in any order. */
export function uniform(seed: number, counter: number): number {
  const { high, low } = reseed({ high: mix(counter | 0), low: mix((counter / 2 ** 32) | 0) ^ 0x1b873593 }, seed);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/** @throws {RangeError} If the seed is not a safe integer. */
export function checkSeed(what: string, seed: number): number {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`${what}: seed: expected a safe integer, got ${seed}`);
  return seed;
}
