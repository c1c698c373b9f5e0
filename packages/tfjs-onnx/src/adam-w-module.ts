/**
 * The AdamW update as a WebAssembly module with SIMD: four values at a time, every operation rounded to float32, in the
 * order of `applyAdamW`. One pass over each array; memory bandwidth is what limits it.
 *
 * @see https://webassembly.github.io/spec/core/binary/ (encoding) and its SIMD instructions.
 */

const bytes = (...parts: readonly (number | readonly number[])[]): readonly number[] => parts.flat();

const unsigned = (value: number): readonly number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);

const section = (id: number, ...content: readonly (readonly number[])[]): readonly number[] => {
  const body = content.flat();
  return bytes(id, unsigned(body.length), body);
};

const name = (text: string): readonly number[] => bytes(text.length, [...new TextEncoder().encode(text)]);

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;

/** Parameters of the function: four addresses, the end of the first array, ten factors. */
export const FACTORS = [
  'gradientScale',
  'beta1',
  'rest1',
  'beta2',
  'rest2',
  'correction1',
  'correction2',
  'epsilon',
  'decay',
  'rate',
] as const;
const ADDRESSES = ['parameter', 'firstMoment', 'secondMoment', 'gradient'] as const;
type Factor = (typeof FACTORS)[number];
type Address = (typeof ADDRESSES)[number];

const END = ADDRESSES.length;
const FIRST_FACTOR = END + 1;
const FIRST_VECTOR = FIRST_FACTOR + FACTORS.length;
const WORK = FIRST_VECTOR + FACTORS.length;
const [G, M, V, W] = [WORK, WORK + 1, WORK + 2, WORK + 3];

const get = (local: number): readonly number[] => [0x20, ...unsigned(local)];
const set = (local: number): readonly number[] => [0x21, ...unsigned(local)];
const simd = (code: number): readonly number[] => [0xfd, ...unsigned(code)];
const addressOf = (array: Address): readonly number[] => get(ADDRESSES.indexOf(array));
const factor = (which: Factor): readonly number[] => get(FIRST_VECTOR + FACTORS.indexOf(which));
const ALIGNED = [4, 0];
const load = (array: Address): readonly number[] => bytes(addressOf(array), simd(0x00), ALIGNED);
const store = (array: Address, local: number): readonly number[] => bytes(addressOf(array), get(local), simd(0x0b), ALIGNED);
const SPLAT = simd(0x13);
const SQRT = simd(0xe3);
const ADD = simd(0xe4);
const SUBTRACT = simd(0xe5);
const MULTIPLY = simd(0xe6);
const DIVIDE = simd(0xe7);
const ABSOLUTE = simd(0xe0);
const LESS = simd(0x43);
const AND_NOT = simd(0x4f);
/** 2⁻¹²⁶ in each of four lanes. */
const LEAST_NORMAL = [0, 0, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 0];

/** A local's values, those below the least normal number made 0: processors take up to forty times as long over such remnants. */
const flushed = (local: number): readonly number[] =>
  bytes(get(local), get(local), ABSOLUTE, simd(0x0c), LEAST_NORMAL, LESS, AND_NOT, set(local));

const advance = (array: Address): readonly number[] => bytes(addressOf(array), [0x41, 16], 0x6a, set(ADDRESSES.indexOf(array)));

/** Bytes that are looked at ahead of each array's place: a page of memory, so that finding the next one overlaps with computing. */
export const AHEAD = 4096;
const lookAhead = (array: Address): readonly number[] => bytes(addressOf(array), simd(0x00), [4, ...unsigned(AHEAD)], 0x1a);

const loop: readonly number[] = bytes(
  [0x03, 0x40],
  ADDRESSES.flatMap(lookAhead),
  bytes(load('gradient'), factor('gradientScale'), MULTIPLY, set(G)),
  bytes(load('firstMoment'), factor('beta1'), MULTIPLY, get(G), factor('rest1'), MULTIPLY, ADD, set(M), flushed(M)),
  bytes(load('secondMoment'), factor('beta2'), MULTIPLY, get(G), get(G), MULTIPLY, factor('rest2'), MULTIPLY, ADD, set(V), flushed(V)),
  bytes(load('parameter'), set(W)),
  get(W),
  bytes(get(M), factor('correction1'), MULTIPLY, get(V), factor('correction2'), MULTIPLY, SQRT, factor('epsilon'), ADD, DIVIDE),
  bytes(get(W), factor('decay'), MULTIPLY, ADD, factor('rate'), MULTIPLY, SUBTRACT, set(W)),
  bytes(store('parameter', W), store('firstMoment', M), store('secondMoment', V)),
  ADDRESSES.flatMap(advance),
  bytes(addressOf('parameter'), get(END), 0x49, [0x0d, 0]),
  0x0b,
);

const splats: readonly number[] = FACTORS.flatMap((_, i) => bytes(get(FIRST_FACTOR + i), SPLAT, set(FIRST_VECTOR + i)));

const body: readonly number[] = bytes(1, unsigned(FACTORS.length + 4), V128, splats, loop, 0x0b);

/** The module: imports `m.memory`, exports `update(parameter, firstMoment, secondMoment, gradient, end, …factors)`. */
export const ADAM_W_MODULE: Uint8Array<ArrayBuffer> = Uint8Array.from(
  bytes(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(
      1,
      bytes(
        1,
        0x60,
        FIRST_VECTOR,
        Array.from({ length: FIRST_FACTOR }, () => I32),
        FACTORS.map(() => F32),
        0,
      ),
    ),
    section(2, bytes(1, name('m'), name('memory'), [0x02, 0x00, 0x00])),
    section(3, [1, 0]),
    section(7, bytes(1, name('update'), [0x00, 0])),
    section(10, bytes(1, unsigned(body.length), body)),
  ),
);
