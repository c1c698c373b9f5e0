import {
  CASED,
  CASE_IGNORABLE,
  DECOMPOSITIONS,
  LOWER,
  NONSPACING,
  NONSPACING_STARTERS,
  PUNCTUATION,
  REMOVED,
  REORDERED,
  SPACES,
} from './unicode-14.ts';

/** How many code points there are. */
export const CODE_POINTS = 0x110000;

/** Bits of {@link UnicodeTables.properties}. */
export const PROPERTY = {
  removed: 1,
  space: 2,
  punctuation: 4,
  nonspacing: 8,
  nonspacingStarter: 16,
  cjk: 32,
  cased: 64,
  caseIgnorable: 128,
} as const;

/** What the reference asks about a code point, unpacked once per process. */
export interface UnicodeTables {
  /** Bits of {@link PROPERTY} by code point. */
  readonly properties: Uint8Array;
  /** Simple lower case, where it differs. */
  readonly lower: ReadonlyMap<number, number>;
  /** Canonical decomposition without nonspacing marks, where it differs; Hangul syllables are not listed. */
  readonly decompositions: ReadonlyMap<number, readonly number[]>;
  /** Canonical combining classes other than 0 of marks that are kept. */
  readonly reordered: ReadonlyMap<number, number>;
}

/** The CJK blocks of the reference, first and last code point. It leaves out what later Unicode versions added. */
const CJK_BLOCKS = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0x2f800, 0x2fa1f],
] as const;

let tables: UnicodeTables | undefined;

/** The tables; the first call unpacks them (about two milliseconds). */
export function unicodeTables(): UnicodeTables {
  tables ??= unpack();
  return tables;
}

function unpack(): UnicodeTables {
  const properties = new Uint8Array(CODE_POINTS);
  mark(properties, REMOVED, PROPERTY.removed);
  mark(properties, SPACES, PROPERTY.space);
  mark(properties, PUNCTUATION, PROPERTY.punctuation);
  mark(properties, NONSPACING, PROPERTY.nonspacing);
  mark(properties, NONSPACING_STARTERS, PROPERTY.nonspacingStarter);
  mark(properties, CASED, PROPERTY.cased);
  mark(properties, CASE_IGNORABLE, PROPERTY.caseIgnorable);
  for (const [first, last] of CJK_BLOCKS) properties.fill(PROPERTY.cjk, first, last + 1);
  return { properties, lower: readLower(), decompositions: readDecompositions(), reordered: readReordered() };
}

function numbers(text: string): number[] {
  return text
    .trim()
    .split(/\s/u)
    .map((word) => Number.parseInt(word, 36));
}

function mark(properties: Uint8Array, packed: string, bit: number): void {
  const list = numbers(packed);
  let position = 0;
  for (let i = 0; i < list.length; i += 2) {
    position += list[i] ?? 0;
    const end = position + (list[i + 1] ?? 0);
    for (; position < end; position++) properties[position] = (properties[position] ?? 0) | bit;
  }
}

function readLower(): Map<number, number> {
  const lower = new Map<number, number>();
  const list = numbers(LOWER);
  let position = 0;
  for (let i = 0; i < list.length; i += 4) {
    const [gap = 0, count = 0, step = 0, difference = 0] = list.slice(i, i + 4);
    position += gap;
    for (let k = 0; k < count; k++) lower.set(position + k * step, position + k * step + difference);
    position += (count - 1) * step + 1;
  }
  return lower;
}

function readDecompositions(): Map<number, readonly number[]> {
  const decompositions = new Map<number, readonly number[]>();
  let position = 0;
  for (const entry of DECOMPOSITIONS.trim().split(/\s/u)) {
    const [gap = 0, ...targets] = entry.split('.').map((word) => Number.parseInt(word, 36));
    position += gap;
    decompositions.set(position, targets);
    position++;
  }
  return decompositions;
}

function readReordered(): Map<number, number> {
  const reordered = new Map<number, number>();
  const list = numbers(REORDERED);
  let position = 0;
  for (let i = 0; i < list.length; i += 2) {
    position += list[i] ?? 0;
    reordered.set(position, list[i + 1] ?? 0);
    position++;
  }
  return reordered;
}
