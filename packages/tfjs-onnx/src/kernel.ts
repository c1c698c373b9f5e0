import { OnnxEngineError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Operand } from './operand.ts';
import type { Size } from './size.ts';
import type { DataType } from './types.ts';
import type { Outline } from './value.ts';

/** Attributes after tracing: every number may have become a size. */
export type Symbolic<T> = T extends number ? Size : T extends readonly (infer U)[] ? readonly Symbolic<U>[] : T;
export type SymbolicAttributes<T> = { readonly [K in keyof T]: Symbolic<T[K]> };

/** What a kernel is lowered from. */
export interface LowerContext<Attributes> {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Operand>>;
  readonly attributes: SymbolicAttributes<Attributes>;
  readonly outputs: readonly { readonly dtype: DataType; readonly shape: readonly Size[] }[];
}

/** One tfjs kernel: the shapes it gives while it is recorded, and the ONNX nodes that compute it. */
export interface Kernel {
  outline(inputs: Readonly<Record<string, Outline>>, attributes: Readonly<Record<string, unknown>>): readonly Outline[];
  lower(context: LowerContext<Readonly<Record<string, unknown>>>): readonly Operand[];
}

export type KernelTable = Readonly<Record<string, Kernel>>;

/** A kernel with typed attributes. tfjs promises the attributes' types; nothing here checks them again. */
export const kernel = <Attributes extends object = object>(definition: {
  outline(inputs: Readonly<Record<string, Outline>>, attributes: Attributes): readonly Outline[];
  lower(context: LowerContext<Attributes>): readonly Operand[];
}): Kernel => definition as unknown as Kernel;

/** The entry `key`, which must be there. */
export const entry = <T>(record: Readonly<Record<string, T>>, key: string): T => {
  const value = record[key];
  if (value === undefined) throw new OnnxEngineError(`kernel: expected an input named ${key}, got none.`, { subject: key });
  return value;
};

/** The element at `index`, which must be there. */
export const at = <T>(items: readonly T[], index: number): T => {
  const value = items[index];
  if (value === undefined) throw new OnnxEngineError(`kernel: expected an item ${index}, got ${items.length} of them.`);
  return value;
};

/** A size that has to be the same in every run. */
export const fixed = (size: Size, what: string): number => {
  if (typeof size === 'number') return size;
  throw new OnnxEngineError(`${what}: expected a number that is the same in every run, got one that depends on a symbolic size.`, {
    subject: what,
  });
};

/** Non-negative axes, sorted; all of them where none are given. */
export const axesOf = (axis: Size | readonly Size[] | undefined | null, rank: number): readonly number[] => {
  if (axis === undefined || axis === null) return Array.from({ length: rank }, (_, i) => i);
  const list: readonly Size[] = Array.isArray(axis) ? axis : [axis as Size];
  return list
    .map((item) => fixed(item, 'axis'))
    .map((item) => (item < 0 ? item + rank : item))
    .sort((a, b) => a - b);
};
