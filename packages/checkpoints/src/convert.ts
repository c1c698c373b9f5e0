import { CheckpointError, quote } from './error.ts';
import type { DataType, TensorRecord } from './tensor.ts';

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
  if (dtype === 'F16' || dtype === 'BF16') return widened(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), dtype);
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
  // As bits, because a NaN that passes through a JavaScript number may lose some.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const narrow = new Uint16Array(values.length);
  const round = dtype === 'F16' ? halfOf : brainOf;
  for (let i = 0; i < bits.length; i++) narrow[i] = round(bits[i] ?? 0);
  return bytesOf(narrow);
}

/** The bytes under a typed array, as a view. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The bits of the float32 that stands for the same number as a half's bits. */
function floatOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A subnormal half is a normal float32: its first one moves up to where the hidden bit is.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

/** The bits of the half nearest to a float32's bits; ties go to the even one, overflow to infinity, NaN stays NaN. */
function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7c00 | ((magnitude >>> 13) & 0x3ff || 0x200);
  // 65520 is half way between the largest half and the next power: from there on it is infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | roundedShift(magnitude - 0x38000000, 13);
  // Below 2⁻¹⁴ halves are multiples of 2⁻²⁴; at or below 2⁻²⁵ they round to zero.
  if (magnitude <= 0x33000000) return sign;
  return sign | roundedShift((magnitude & 0x7fffff) | 0x800000, 126 - (magnitude >>> 23));
}

/** The bits of the bfloat16 nearest to a float32's bits; ties go to the even one, overflow to infinity, NaN stays NaN. */
function brainOf(bits: number): number {
  // Rounding could carry a NaN into infinity, and cutting could leave one without a fraction.
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | ((bits & 0x7f0000) === 0 ? 0x40 : 0);
  return roundedShift(bits, 16);
}

/** `bits / 2^count` rounded to nearest, ties to even. */
function roundedShift(bits: number, count: number): number {
  const kept = bits >>> count;
  const rest = bits & ((1 << count) - 1);
  const half = 1 << (count - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

function widened(narrow: Uint16Array, dtype: 'F16' | 'BF16'): Float32Array {
  const bits = new Uint32Array(narrow.length);
  for (let i = 0; i < bits.length; i++) bits[i] = dtype === 'F16' ? floatOfHalf(narrow[i] ?? 0) : (narrow[i] ?? 0) << 16;
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
