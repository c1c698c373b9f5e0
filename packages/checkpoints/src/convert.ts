import { CheckpointError, quote } from './error.ts';
import type { DataType, TensorRecord } from './tensor.ts';

/** One number's bits, seen as a float and as an integer. */
const floatCell = new Float32Array(1);
const bitsCell = new Uint32Array(floatCell.buffer);

/** Floating types that `fromFloat32` writes. */
export type FloatType = 'F32' | 'F16' | 'BF16';

/**
 * The values as float32. `F32` comes without a copy where the bytes are aligned; `F16` and `BF16` are exact; integers must be exact in float32; `F64` is rounded to nearest.
 * @throws {CheckpointError} If an integer has no float32 of the same value.
 */
export function toFloat32(record: TensorRecord): Float32Array {
  const { dtype } = record;
  const data = aligned(record.data);
  if (dtype === 'F32') return new Float32Array(data.buffer, data.byteOffset, data.length / 4);
  if (dtype === 'F16') return Float32Array.from(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), halfToFloat);
  if (dtype === 'BF16') return fromBrainFloat(new Uint16Array(data.buffer, data.byteOffset, data.length / 2));
  if (dtype === 'F64') return Float32Array.from(new Float64Array(data.buffer, data.byteOffset, data.length / 8));
  const integers = integersOf(record, data);
  const values = new Float32Array(integers.length);
  for (let i = 0; i < values.length; i++) {
    values[i] = Number(integers[i]);
    if (values[i] !== Number(integers[i]) || !Number.isSafeInteger(values[i])) throw inexact(record, `${integers[i]}`, 'float32');
  }
  return values;
}

/**
 * The values of an integer or `BOOL` tensor as int32. `I32` comes without a copy where the bytes are aligned.
 * @throws {CheckpointError} If a value leaves the range of int32, or the tensor holds floats.
 */
export function toInt32(record: TensorRecord): Int32Array {
  if (record.dtype === 'F64' || record.dtype === 'F32' || record.dtype === 'F16' || record.dtype === 'BF16')
    throw inexact(record, record.dtype, 'int32');
  const integers = integersOf(record, aligned(record.data));
  if (integers instanceof Int32Array) return integers;
  const values = new Int32Array(integers.length);
  for (let i = 0; i < values.length; i++) {
    values[i] = Number(integers[i]);
    if (values[i] !== Number(integers[i])) throw inexact(record, `${integers[i]}`, 'int32');
  }
  return values;
}

/** The bytes of float32 values in the given type, rounded to nearest, ties to even; `F32` is a view, not a copy. NaN stays NaN, what is too large becomes infinite. */
export function fromFloat32(values: Float32Array, dtype: FloatType): Uint8Array {
  if (dtype === 'F32') return bytesOf(values);
  const narrow = new Uint16Array(values.length);
  const round = dtype === 'F16' ? floatToHalf : floatToBrain;
  for (let i = 0; i < values.length; i++) narrow[i] = round(values[i] ?? 0);
  return bytesOf(narrow);
}

/** The bytes under a typed array, as a view. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The float32 that an IEEE 754 half, given by its 16 bits, stands for. Exact; a NaN's payload is kept. */
export function halfToFloat(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) {
    if (fraction === 0) return sign * Infinity;
    return Number.NaN;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The half nearest to a float32, as its 16 bits; ties go to the even one, overflow to infinity. */
export function floatToHalf(value: number): number {
  floatCell[0] = value;
  const bits = bitsCell[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
  // 65520 is half way between the largest half and the next power: from there on it is infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | roundedShift(magnitude - 0x38000000, 13);
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴; at or below 2⁻²⁵ they round to zero.
  if (magnitude <= 0x33000000) return sign;
  const exponent = magnitude >>> 23;
  return sign | roundedShift((magnitude & 0x7fffff) | 0x800000, 126 - exponent);
}

/** The bfloat16 nearest to a float32, as its 16 bits; ties go to the even one, overflow to infinity. */
export function floatToBrain(value: number): number {
  floatCell[0] = value;
  const bits = bitsCell[0] ?? 0;
  // A NaN's rounding could carry into infinity: its quiet bit is set instead.
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return roundedShift(bits, 16);
}

/** `bits / 2^count` rounded to nearest, ties to even. */
function roundedShift(bits: number, count: number): number {
  const kept = bits >>> count;
  const rest = bits & ((1 << count) - 1);
  const half = 1 << (count - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

function fromBrainFloat(narrow: Uint16Array): Float32Array {
  const bits = new Uint32Array(narrow.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (narrow[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

function integersOf(record: TensorRecord, data: Uint8Array): Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array {
  const { buffer, byteOffset, length } = data;
  if (record.dtype === 'I64') return new BigInt64Array(buffer, byteOffset, length / 8);
  if (record.dtype === 'I32') return new Int32Array(buffer, byteOffset, length / 4);
  if (record.dtype === 'I16') return new Int16Array(buffer, byteOffset, length / 2);
  if (record.dtype === 'I8') return new Int8Array(buffer, byteOffset, length);
  return data;
}

/** The same bytes at an offset that every element type can be viewed at. */
function aligned(data: Uint8Array): Uint8Array {
  return data.byteOffset % 8 === 0 ? data : data.slice();
}

function inexact(record: TensorRecord, got: string, target: DataType | 'float32' | 'int32'): CheckpointError {
  return new CheckpointError(
    `tensor ${quote(record.name)}: expected values that ${target} holds exactly, got ${got}. Read its bytes as ${record.dtype} instead.`,
    {
      fault: 'unsupported',
      tensor: record.name,
    },
  );
}
