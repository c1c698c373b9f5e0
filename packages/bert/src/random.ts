/**
 * Mixes integers into one 32-bit hash: equal arguments give equal results on every machine.
 *
 * The finaliser is MurmurHash3's, applied after each word.
 */
export function hashIntegers(...words: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const word of words) {
    hash = Math.imul(hash ^ (word | 0), 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) + 0x9e3779b9;
  }
  return finalise(hash);
}

/** The 32-bit FNV-1a hash of a text's UTF-16 units: gives each named tensor a random stream of its own. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The `index`-th number of stream `key`, uniform in [0, 1): no state, so order does not matter. */
export function uniformAt(key: number, index: number): number {
  return finalise(key + Math.imul(index + 1, 0x9e3779b9)) / 0x1_0000_0000;
}

/** A generator of numbers uniform in [0, 1) from stream `key`. */
export function uniformStream(key: number): () => number {
  let index = 0;
  return () => uniformAt(key, index++);
}

/** The numbers 0 … count − 1 in a random order (Fisher–Yates) drawn from stream `key`. */
export function shuffledIndices(count: number, key: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniformAt(key, last) * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

function finalise(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
