import { at, entry } from '../kernel.ts';
import type { DataType } from '../types.ts';
import type { Outline } from '../value.ts';

type Inputs = Readonly<Record<string, Outline>>;

/** As the input `key`, or of another type. */
export const like = (inputs: Inputs, key: string, dtype?: DataType): readonly Outline[] => {
  const { shape, dtype: own } = entry(inputs, key);
  return [{ shape, dtype: dtype ?? own }];
};

/** The shape to which two shapes broadcast. */
export const broadcastShapes = (a: readonly number[], b: readonly number[]): readonly number[] => {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(`broadcast: expected sizes that are equal or 1, got [${a.join(', ')}] and [${b.join(', ')}].`);
    }
    return left === 1 ? right : left;
  });
};

/** The broadcast of inputs `a` and `b`. */
export const broadcast = (inputs: Inputs, dtype?: DataType): readonly Outline[] => {
  const a = entry(inputs, 'a');
  const b = entry(inputs, 'b');
  return [{ shape: broadcastShapes(a.shape, b.shape), dtype: dtype ?? a.dtype }];
};

/** `shape` without `axes`, or with size 1 there. */
export const reducedShape = <T>(shape: readonly T[], axes: readonly number[], keep: T | undefined): readonly T[] =>
  keep === undefined ? shape.filter((_, axis) => !axes.includes(axis)) : shape.map((size, axis) => (axes.includes(axis) ? keep : size));

/** Sizes with one −1 resolved. */
export const resolveShape = (shape: readonly number[], count: number): readonly number[] => {
  const open = shape.indexOf(-1);
  if (open < 0) return shape;
  const rest = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return shape.map((size, i) => (i === open ? count / rest : size));
};

export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** All inputs in order, for kernels that take a list. */
export const listed = <T>(inputs: Readonly<Record<string, T>>): readonly T[] =>
  Object.keys(inputs).map((_, i) => at(Object.values(inputs), i));
