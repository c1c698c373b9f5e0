/** Element types, under safetensors' names. Values are little-endian; `BOOL` is one byte, 0 or 1. */
export type DataType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** Bytes per element of each type. */
export const bytesPerElement: Readonly<Record<DataType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** What is known of a tensor before its values are read. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: DataType;
  /** Sizes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
}

/** A tensor in memory: row-major, without gaps, little-endian. `data.length` is the number of elements times their size. */
export interface TensorRecord extends TensorInfo {
  readonly data: Uint8Array;
}

/** Number of elements of a shape (1 for a scalar), or undefined if it is no safe non-negative integer. */
export function elementCount(shape: readonly number[]): number | undefined {
  // A zero makes the tensor empty whatever the other sizes are, so it is looked for first.
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return undefined;
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}

/** Length in bytes of a tensor, or undefined if it is no safe integer. */
export function byteLength(info: Pick<TensorInfo, 'dtype' | 'shape'>): number | undefined {
  const count = elementCount(info.shape);
  const bytes = count === undefined ? undefined : count * bytesPerElement[info.dtype];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Whether a string is one of the element types. */
export function isDataType(name: string): name is DataType {
  return Object.hasOwn(bytesPerElement, name);
}
