import { describe, expect, it } from 'vitest';
import { bytesOf, fromFloat32, toFloat32, toInt32, type DataType, type TensorRecord } from '@samequestion/checkpoints';

const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
function record(dtype: DataType, values: ArrayBufferView & { readonly length: number }): TensorRecord {
  return { name: 'x', dtype, shape: [values.length], data: bytesOf(values) };
}

/** What the format's definition says a pattern stands for, without a bit trick in common with the code under test. */
function defined(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = bits >= 32_768 ? -1 : 1;
  const exponent = Math.floor((bits % 32_768) / 2 ** fractionBits);
  const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

/** The pattern whose value is nearest, ties to the even pattern; past the largest, half a step more is infinity. By search. */
function nearest(value: number, exponentBits: number): number {
  const infinity = (2 ** exponentBits - 1) * 2 ** (15 - exponentBits);
  const magnitude = Math.abs(value);
  let low = 0;
  let high = infinity;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (defined(middle, exponentBits) <= magnitude) low = middle;
    else high = middle;
  }
  if (defined(high, exponentBits) <= magnitude) low = high;
  const below = defined(low, exponentBits);
  // The step after the largest finite number is as wide as the one before it.
  const above =
    high === infinity ? 2 * defined(infinity - 1, exponentBits) - defined(infinity - 2, exponentBits) : defined(high, exponentBits);
  const up = magnitude - below > above - magnitude || (magnitude - below === above - magnitude && low % 2 === 1);
  const pattern = low === infinity ? infinity : up ? low + 1 : low;
  return Object.is(Math.sign(value), -1) || Object.is(value, -0) ? pattern + 32_768 : pattern;
}

describe.each([
  ['F16', 5],
  ['BF16', 8],
] as const)('%s', (dtype, exponentBits) => {
  it('gives every one of its 65,536 patterns the float32 it is defined as', () => {
    expect(toFloat32(record(dtype, all))).toEqual(Float32Array.from(all, (bits) => defined(bits, exponentBits)));
  });

  it('comes back from float32 with every pattern as it was, NaN payloads included', () => {
    expect(fromFloat32(toFloat32(record(dtype, all)), dtype)).toEqual(bytesOf(all));
  });

  it('is rounded to nearest, ties to even, around every pattern and far from all', () => {
    // Every pattern, the float32 half way to the next one, and the float32 on both sides of half way.
    const infinity = nearest(Infinity, exponentBits);
    const finite = all.filter((bits) => (bits & 0x7fff) < infinity - 1);
    const midpoints = Float32Array.from(finite, (bits) => (defined(bits, exponentBits) + defined(bits + 1, exponentBits)) / 2);
    const probes = new Uint32Array(finite.length * 4 + 20_000);
    const exact = new Uint32Array(bytesOf(toFloat32(record(dtype, finite))).buffer);
    for (const [i, middle] of new Uint32Array(midpoints.buffer).entries())
      probes.set([exact[i] ?? 0, middle - 1, middle, middle + 1], 4 * i);
    let state = 12_345;
    for (let i = finite.length * 4; i < probes.length; i++) probes[i] = state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const values = new Float32Array(probes.buffer).filter((value) => !Number.isNaN(value));
    const expected = Uint16Array.from(values, (value) => nearest(value, exponentBits));
    expect(Buffer.from(fromFloat32(values, dtype)).equals(bytesOf(expected))).toBe(true);
  });

  it('keeps a NaN a NaN, even one whose fraction would be cut off or carried away', () => {
    const nans = new Float32Array(Uint32Array.of(0x7f800001, 0xff800001, 0x7fffffff, 0x7fc00000).buffer);
    expect([...toFloat32({ name: 'x', dtype, shape: [4], data: fromFloat32(nans, dtype) })].every(Number.isNaN)).toBe(true);
  });
});

describe('toFloat32 and toInt32', () => {
  it('copy nothing where nothing needs to change', () => {
    const values = Float32Array.of(1, -0, 3.5);
    expect(toFloat32(record('F32', values)).buffer).toBe(values.buffer);
    expect(fromFloat32(values, 'F32').buffer).toBe(values.buffer);
    const integers = Int32Array.of(1, 2);
    expect(toInt32(record('I32', integers)).buffer).toBe(integers.buffer);
  });

  it('read bytes at any offset', () => {
    const bytes = new Uint8Array(9);
    bytes.set(bytesOf(Float32Array.of(1.5, -2)), 1);
    expect([...toFloat32({ name: 'x', dtype: 'F32', shape: [2], data: bytes.subarray(1) })]).toEqual([1.5, -2]);
  });

  it('give every integer type’s values', () => {
    const cases: readonly (readonly [DataType, ArrayBufferView & { readonly length: number }])[] = [
      ['I64', BigInt64Array.of(-5n, 7n)],
      ['I32', Int32Array.of(-5, 7)],
      ['I16', Int16Array.of(-5, 7)],
      ['I8', Int8Array.of(-5, 7)],
    ];
    for (const [dtype, values] of cases) {
      expect([...toInt32(record(dtype, values))]).toEqual([-5, 7]);
      expect([...toFloat32(record(dtype, values))]).toEqual([-5, 7]);
    }
    expect([...toInt32(record('BOOL', Uint8Array.of(0, 1)))]).toEqual([0, 1]);
    expect([...toFloat32(record('F64', Float64Array.of(0.1)))]).toEqual([Math.fround(0.1)]);
  });

  it('refuse what would not be the same number', () => {
    expect(() => toInt32(record('I64', BigInt64Array.of(2n ** 31n)))).toThrow('expected values that int32 holds exactly, got 2147483648');
    expect(() => toInt32(record('F32', Float32Array.of(1)))).toThrow('got F32');
    expect(() => toFloat32(record('I32', Int32Array.of(2 ** 24 + 1)))).toThrow('got 16777217');
    expect(() => toFloat32(record('I64', BigInt64Array.of(2n ** 60n + 1n)))).toThrow('float32');
  });
});
