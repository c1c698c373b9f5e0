/** Numbers from 0 up to 1. */
export type Random = () => number;

/** A seeded generator (mulberry32). */
export function generator(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const telling = [0, 1, 2, 127, 128, 255, 0x28, 0x2e, 0x51, 0x52, 0x63, 0x69, 0x7b, 0x80, 0x8e, 0x93];

/** The bytes with one to four faults: flipped bits, telling bytes, large numbers, pieces cut out, doubled, moved or filled, or the end missing. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged: Uint8Array = bytes.slice();
  const faults = 1 + Math.floor(random() ** 2 * 4);
  for (let i = 0; i < faults; i++) damaged = fault(damaged, random);
  return damaged;
}

function fault(bytes: Uint8Array, random: Random): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  if (bytes.length === 0) return Uint8Array.of(below(256));
  // Headers stand at the beginning, and at the end: they are hit more often than their length says.
  const at =
    [below(bytes.length), below(Math.min(bytes.length, 400)), bytes.length - 1 - below(Math.min(bytes.length, 400))][below(3)] ?? 0;
  const end = Math.min(bytes.length, at + 1 + below(40));
  const piece = bytes.slice(at, end);
  const copy = bytes.slice();
  switch (below(8)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
      return copy;
    case 1:
      copy[at] = telling[below(telling.length)] ?? 0;
      return copy;
    case 2:
      return copy.fill(random() < 0.5 ? 0xff : 0, at, Math.min(bytes.length, at + 2 ** below(4)));
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 4:
      return joined(bytes.subarray(0, end), piece, bytes.subarray(end));
    case 5: {
      const to = below(bytes.length);
      return joined(bytes.subarray(0, to), piece, bytes.subarray(to));
    }
    case 6:
      return bytes.slice(0, at);
    default:
      for (let i = at; i < end; i++) copy[i] = below(256);
      return copy;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
