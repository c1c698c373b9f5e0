/**
 * The AdamW update as a WebAssembly module with SIMD: four values at a time, every operation rounded to float32, in the
 * order of `applyAdamW`. One pass over each array; memory bandwidth is what limits it. Where moments and gradient are 0, only the parameter
 * is read and written.
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

/** What the functions get: addresses and other whole numbers, then factors, of which each is spread over a vector. */
interface Locals {
  readonly numbers: readonly string[];
  readonly factors: readonly string[];
  /** Vectors to work with. */
  readonly work: readonly string[];
}

const simd = (code: number): readonly number[] => [0xfd, ...unsigned(code)];
const ALIGNED = [4, 0];
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
const ZEROS = LEAST_NORMAL.map(() => 0);
/** A constant of 16 bytes. */
const vector = (content: readonly number[]): readonly number[] => [...simd(0x0c), ...content];

/** Bytes that are looked at ahead of each array's place: a page of memory, so that finding the next one overlaps with computing. */
export const AHEAD = 4096;

/** Instructions on locals by their names. */
const instructions = ({ numbers, factors, work }: Locals) => {
  const raw = [...numbers, ...factors];
  const vectors = [...factors, ...work];
  const numberOf = (local: string): number => raw.indexOf(local);
  const vectorOf = (local: string): number => raw.length + vectors.indexOf(local);
  const number = (local: string): readonly number[] => [0x20, ...unsigned(numberOf(local))];
  const get = (local: string): readonly number[] => [0x20, ...unsigned(vectorOf(local))];
  const set = (local: string): readonly number[] => [0x21, ...unsigned(vectorOf(local))];
  return {
    get,
    set,
    load: (array: string): readonly number[] => bytes(number(array), simd(0x00), ALIGNED),
    store: (array: string, local: string): readonly number[] => bytes(number(array), get(local), simd(0x0b), ALIGNED),
    lookAhead: (array: string): readonly number[] => bytes(number(array), simd(0x00), [4, ...unsigned(AHEAD)], 0x1a),
    advance: (array: string, stride: readonly number[] = [0x41, 16]): readonly number[] =>
      bytes(number(array), stride, 0x6a, [0x21, ...unsigned(numberOf(array))]),
    number,
    /** A local's values, those below the least normal number made 0: processors take up to forty times as long over such remnants. */
    flush: (local: string): readonly number[] => bytes(get(local), get(local), ABSOLUTE, vector(LEAST_NORMAL), LESS, AND_NOT, set(local)),
    /** Repeats the instructions until the address of `array` is that of `end`. */
    loop: (array: string, ...inner: readonly (readonly number[])[]): readonly number[] =>
      bytes([0x03, 0x40], inner.flat(), number(array), number('end'), 0x49, [0x0d, 0], 0x0b),
    spread: (): readonly number[] => factors.flatMap((local, i) => bytes(0x20, unsigned(numbers.length + i), SPLAT, set(local))),
  };
};

const UPDATE: Locals = {
  numbers: ['parameter', 'firstMoment', 'secondMoment', 'gradient', 'end', 'stride'],
  factors: ['gradientScale', 'beta1', 'rest1', 'beta2', 'rest2', 'correction1', 'correction2', 'epsilon', 'decay', 'rate'],
  work: ['g', 'm', 'v', 'w'],
};

const update = (): readonly number[] => {
  const { get, set, load, store, lookAhead, advance, number, flush, loop, spread } = instructions(UPDATE);
  const arrays = ['parameter', 'firstMoment', 'secondMoment', 'gradient'];
  return bytes(
    spread(),
    loop(
      'parameter',
      arrays.flatMap(lookAhead),
      bytes(load('gradient'), get('gradientScale'), MULTIPLY, set('g')),
      bytes(load('firstMoment'), get('beta1'), MULTIPLY, get('g'), get('rest1'), MULTIPLY, ADD, set('m'), flush('m')),
      bytes(load('secondMoment'), get('beta2'), MULTIPLY, get('g'), get('g'), MULTIPLY, get('rest2'), MULTIPLY, ADD, set('v'), flush('v')),
      bytes(load('parameter'), set('w')),
      get('w'),
      bytes(get('m'), get('correction1'), MULTIPLY, get('v'), get('correction2'), MULTIPLY, SQRT, get('epsilon'), ADD, DIVIDE),
      bytes(get('w'), get('decay'), MULTIPLY, ADD, get('rate'), MULTIPLY, SUBTRACT, set('w')),
      bytes(store('parameter', 'w'), store('firstMoment', 'm'), store('secondMoment', 'v')),
      bytes(advance('parameter'), advance('firstMoment'), advance('secondMoment'), advance('gradient', number('stride'))),
    ),
  );
};

const DECAY: Locals = { numbers: ['parameter', 'end'], factors: ['decay', 'rate'], work: ['w'] };

const decay = (): readonly number[] => {
  const { get, set, load, store, lookAhead, advance, loop, spread } = instructions(DECAY);
  return bytes(
    spread(),
    loop(
      'parameter',
      lookAhead('parameter'),
      bytes(load('parameter'), set('w')),
      // Added to 0 as in the whole update: that makes 0 of −0.
      bytes(get('w'), vector(ZEROS), get('w'), get('decay'), MULTIPLY, ADD, get('rate'), MULTIPLY, SUBTRACT, set('w')),
      bytes(store('parameter', 'w'), advance('parameter')),
    ),
  );
};

const functionType = ({ numbers, factors }: Locals): readonly number[] =>
  bytes(
    [0x60, numbers.length + factors.length],
    numbers.map(() => I32),
    factors.map(() => F32),
    0,
  );

const functionBody = ({ factors, work }: Locals, code: readonly number[]): readonly number[] => {
  const body = bytes(1, unsigned(factors.length + work.length), V128, code, 0x0b);
  return bytes(unsigned(body.length), body);
};

/**
 * The module. It imports `m.memory` and exports
 * `update(parameter, firstMoment, secondMoment, gradient, end, stride, …factors)`, which reads a gradient at every `stride` bytes, and
 * `decay(parameter, end, decay, rate)`, which does the same where moments and gradient are 0. `end` is that of the parameter.
 */
export const ADAM_W_MODULE: Uint8Array<ArrayBuffer> = Uint8Array.from(
  bytes(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, [2], functionType(UPDATE), functionType(DECAY)),
    section(2, bytes(1, name('m'), name('memory'), [0x02, 0x00, 0x00])),
    section(3, [2, 0, 1]),
    section(7, bytes(2, name('update'), [0x00, 0], name('decay'), [0x00, 1])),
    section(10, [2], functionBody(UPDATE, update()), functionBody(DECAY, decay())),
  ),
);
