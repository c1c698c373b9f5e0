import type { BatchOptions, EncodeOptions } from './encoding.ts';

/** Arrays of `[size, length]` that a model reads. */
export interface BatchArrays {
  readonly ids: Int32Array;
  readonly types: Int32Array;
  readonly mask: Int32Array;
}

/** Positions after padding. */
export function paddedLength(length: number, { padTo = 0, padToMultipleOf = 1 }: EncodeOptions): number {
  if (!Number.isInteger(padTo) || padTo < 0) throw new RangeError(`encode: expected padTo to be a whole number from 0 up, got ${padTo}.`);
  if (!Number.isInteger(padToMultipleOf) || padToMultipleOf < 1) {
    throw new RangeError(`encode: expected padToMultipleOf to be a whole number from 1 up, got ${padToMultipleOf}.`);
  }
  return Math.ceil(Math.max(length, padTo) / padToMultipleOf) * padToMultipleOf;
}

/** The caller's arrays if they are large enough, or new ones. */
export function batchArrays(numbers: number, { into }: BatchOptions): BatchArrays {
  if (into === undefined) return { ids: new Int32Array(numbers), types: new Int32Array(numbers), mask: new Int32Array(numbers) };
  for (const [name, array] of Object.entries(into)) {
    if (array.length < numbers) {
      throw new RangeError(`encodeBatch: expected into.${name} to hold ${numbers} numbers, got ${array.length}. Give a larger array.`);
    }
  }
  return { ids: into.ids, types: into.types, mask: into.mask };
}

/** Where the tokens of a row are. */
export interface PaddingPlace {
  readonly at: number;
  readonly length: number;
  readonly used: number;
  readonly id: number;
}

/** Fills what the tokens of a row leave, and the row's mask. */
export function fillPadding({ ids, types, mask }: BatchArrays, row: number, { at, length, used, id }: PaddingPlace): void {
  const start = row * length;
  const end = start + length;
  for (const [from, to] of [
    [start, at],
    [at + used, end],
  ] as const) {
    if (from === to) continue;
    ids.fill(id, from, to);
    types.fill(0, from, to);
    mask.fill(0, from, to);
  }
  mask.fill(1, at, at + used);
}
