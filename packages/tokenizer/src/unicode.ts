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
} as const;

/** What the reference asks about a code point, unpacked once per process. */
export interface UnicodeTables {
  /** Bits of {@link PROPERTY} by code point. */
  readonly properties: Uint8Array;
  /** The code points that have one of these properties other than `cjk`, in no order. */
  readonly classified: readonly number[];
  /** Simple lower case, where it differs. */
  readonly lower: ReadonlyMap<number, number>;
  /** Canonical decomposition without nonspacing marks, where it differs; Hangul syllables are not listed. */
  readonly decompositions: ReadonlyMap<number, readonly number[]>;
  /** Canonical combining classes other than 0 of marks that are kept. */
  readonly reordered: ReadonlyMap<number, number>;
}

/** The CJK blocks of the reference, first and last code point. It leaves out what later Unicode versions added. */
export const CJK_BLOCKS: readonly (readonly [first: number, last: number])[] = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b820, 0x2ceaf],
  [0x2f800, 0x2fa1f],
];

let tables: UnicodeTables | undefined;

/** The tables; the first call unpacks them (about two milliseconds). */
export function unicodeTables(): UnicodeTables {
  tables ??= unpack();
  return tables;
}

function unpack(): UnicodeTables {
  const properties = new Uint8Array(CODE_POINTS);
  const classified: number[] = [];
  mark(REMOVED, PROPERTY.removed, properties, classified);
  mark(SPACES, PROPERTY.space, properties, classified);
  mark(PUNCTUATION, PROPERTY.punctuation, properties, classified);
  mark(NONSPACING, PROPERTY.nonspacing, properties, classified);
  mark(NONSPACING_STARTERS, PROPERTY.nonspacingStarter, properties, []);
  for (const [first, last] of CJK_BLOCKS) properties.fill(PROPERTY.cjk, first, last + 1);
  return { properties, classified, lower: readLower(), decompositions: readDecompositions(), reordered: readReordered() };
}

function numbers(text: string): number[] {
  const words = text.trim().replaceAll('\n', ' ').split(' ');
  const list: number[] = [];
  for (const word of words) list.push(Number.parseInt(word, 36));
  return list;
}

function mark(packed: string, bit: number, properties: Uint8Array, classified: number[]): void {
  const list = numbers(packed);
  let position = 0;
  for (let i = 0; i < list.length; i += 2) {
    position += list[i] ?? 0;
    const end = position + (list[i + 1] ?? 0);
    for (; position < end; position++) {
      properties[position] = (properties[position] ?? 0) | bit;
      classified.push(position);
    }
  }
}

function readLower(): Map<number, number> {
  const lower = new Map<number, number>();
  const list = numbers(LOWER);
  let position = 0;
  for (let i = 0; i < list.length; i += 4) {
    position += list[i] ?? 0;
    const count = list[i + 1] ?? 0;
    const step = list[i + 2] ?? 0;
    const difference = list[i + 3] ?? 0;
    for (let k = 0; k < count; k++) lower.set(position + k * step, position + k * step + difference);
    position += (count - 1) * step + 1;
  }
  return lower;
}

function readDecompositions(): Map<number, readonly number[]> {
  const decompositions = new Map<number, readonly number[]>();
  let position = 0;
  for (const entry of DECOMPOSITIONS.trim().replaceAll('\n', ' ').split(' ')) {
    const dot = entry.indexOf('.');
    position += Number.parseInt(entry, 36);
    const single = entry.indexOf('.', dot + 1) === -1;
    const targets = single
      ? [Number.parseInt(entry.slice(dot + 1), 36)]
      : entry
          .split('.')
          .slice(1)
          .map((word) => Number.parseInt(word, 36));
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

/** What decides the small form of a capital sigma. */
export interface CaseTables {
  /** 1: counts as a letter; 2: is looked past; by code point. */
  readonly kinds: Uint8Array;
}

let caseTables: CaseTables | undefined;

/** The tables for sigma, unpacked when the first one is met. */
export function sigmaTables(): CaseTables {
  if (caseTables === undefined) {
    const kinds = new Uint8Array(CODE_POINTS);
    mark(CASED, 1, kinds, []);
    mark(CASE_IGNORABLE, 2, kinds, []);
    caseTables = { kinds };
  }
  return caseTables;
}
