import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

type Random = () => number;
const below = (random: Random, count: number): number => Math.floor(random() * count);
const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)] as T;

type Operation = (x: Tensor, random: Random, pool: readonly Tensor[]) => Tensor;

/** Keeps values where functions are tame. */
const tame = (x: Tensor): Tensor => tf.tanh(x);
const positive = (x: Tensor): Tensor => tf.add(tf.square(tame(x)), 0.5);

/** Another value whose shape broadcasts with that of `x`; `x` itself at worst. */
const partner = (x: Tensor, random: Random, pool: readonly Tensor[]): Tensor => {
  const fits = (other: Tensor): boolean =>
    other.shape.every((size, i) => {
      const own = x.shape[x.rank - other.rank + i];
      return own === undefined || own === size || own === 1 || size === 1;
    });
  return pick(random, [x, ...pool.filter(fits)]);
};

const axisOf = (x: Tensor, random: Random): number => below(random, x.rank);

const unary: Readonly<Record<string, Operation>> = {
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  relu: tf.relu,
  relu6: tf.relu6,
  elu: tf.elu,
  selu: tf.selu,
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  erf: (x) => tf.erf(tame(x)),
  sin: tf.sin,
  cos: tf.cos,
  tan: (x) => tf.tan(tame(x)),
  asin: (x) => tf.asin(tf.mul(tame(x), 0.9)),
  acos: (x) => tf.acos(tf.mul(tame(x), 0.9)),
  atan: tf.atan,
  sinh: (x) => tf.sinh(tame(x)),
  cosh: (x) => tf.cosh(tame(x)),
  asinh: tf.asinh,
  acosh: (x) => tf.acosh(tf.add(positive(x), 1)),
  atanh: (x) => tf.atanh(tf.mul(tame(x), 0.9)),
  exp: (x) => tf.exp(tame(x)),
  expm1: (x) => tf.expm1(tame(x)),
  log: (x) => tf.log(positive(x)),
  log1p: (x) => tf.log1p(positive(x)),
  sqrt: (x) => tf.sqrt(positive(x)),
  rsqrt: (x) => tf.rsqrt(positive(x)),
  reciprocal: (x) => tf.reciprocal(positive(x)),
  square: (x) => tf.square(tame(x)),
  abs: tf.abs,
  neg: tf.neg,
  clip: (x) => tf.clipByValue(x, -0.6, 0.7),
  logSigmoid: tf.logSigmoid,
};

const binary: Readonly<Record<string, Operation>> = {
  add: (x, random, pool) => tf.add(x, partner(x, random, pool)),
  sub: (x, random, pool) => tf.sub(partner(x, random, pool), x),
  mul: (x, random, pool) => tf.mul(tame(x), partner(x, random, pool)),
  div: (x, random, pool) => tf.div(x, positive(partner(x, random, pool))),
  pow: (x, random, pool) => tf.pow(positive(x), tame(partner(x, random, pool))),
  // tfjs's gradients of these three do not undo a broadcast, so both sides have one shape.
  maximum: (x) => tf.maximum(x, tf.mul(tf.cos(x), 0.5)),
  minimum: (x) => tf.minimum(x, tf.mul(tf.cos(x), 0.5)),
  squaredDifference: (x) => tf.squaredDifference(tame(x), tf.cos(x)),
  atan2: (x, random, pool) => tf.atan2(x, positive(partner(x, random, pool))),
  where: (x, random, pool) => {
    const kept = tf.tensor(
      Array.from({ length: x.size }, () => Number(random() < 0.5)),
      x.shape,
      'bool',
    );
    return tf.where(kept, x, tf.add(tf.zerosLike(x), tf.mean(partner(x, random, pool))));
  },
  addN: (x) => tf.addN([x, tf.sin(x), x]),
};

const shaping: Readonly<Record<string, Operation>> = {
  reshape: (x) => tf.reshape(x, [x.size]),
  matrix: (x) => tf.reshape(x, x.size % 2 === 0 ? [2, x.size / 2] : [1, x.size]),
  transpose: (x) => tf.transpose(x),
  tile: (x) =>
    tf.tile(
      x,
      x.shape.map((_, axis) => (axis === 0 ? 2 : 1)),
    ),
  concat: (x, random) => tf.concat([x, tf.cos(x)], axisOf(x, random)),
  stack: (x, random) => tf.stack([x, tf.sin(x)], axisOf(x, random)),
  // tfjs's gradients of these two want more than one part.
  split: (x, random) => {
    const axis = axisOf(x, random);
    const size = x.shape[axis] ?? 1;
    if (size === 1) return tf.sin(x);
    const [first, rest] = tf.split(x, [1, size - 1], axis);
    return tf.concat([rest as Tensor, tf.neg(first as Tensor)], axis);
  },
  unstack: (x, random) => {
    const axis = axisOf(x, random);
    if ((x.shape[axis] ?? 1) === 1) return tf.cos(x);
    const parts = tf.unstack(x, axis);
    return tf.add(parts[0] as Tensor, parts.at(-1) as Tensor);
  },
  slice: (x, random) => {
    const begin = x.shape.map((size) => below(random, size));
    return tf.slice(
      x,
      begin,
      x.shape.map((size, axis) => size - (begin[axis] ?? 0)),
    );
  },
  pad: (x) =>
    tf.pad(
      x,
      x.shape.map((_, axis) => [axis, 1] as [number, number]),
      0.5,
    ),
  reverse: (x, random) => tf.reverse(x, axisOf(x, random)),
  gather: (x, random) => {
    const axis = axisOf(x, random);
    const indices = Array.from({ length: 3 }, () => below(random, x.shape[axis] ?? 1));
    return tf.gather(x, tf.tensor1d(indices, 'int32'), axis);
  },
  expandDims: (x, random) => tf.expandDims(x, axisOf(x, random)),
};

const reducing: Readonly<Record<string, Operation>> = {
  sum: (x, random) => tf.sum(tame(x), axisOf(x, random), random() < 0.5),
  mean: (x, random) => tf.mean(x, axisOf(x, random), random() < 0.5),
  max: (x, random) => tf.max(x, axisOf(x, random), random() < 0.5),
  min: (x, random) => tf.min(x, axisOf(x, random)),
  prod: (x, random) => tf.prod(tame(x), axisOf(x, random)),
  logSumExp: (x, random) => tf.logSumExp(tame(x), axisOf(x, random)),
  // tfjs's gradient of a running sum is right along the last axis only.
  cumsum: (x, random) => tf.cumsum(tame(x), x.rank - 1, random() < 0.5, random() < 0.5),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  norm: (x) => tf.norm(tf.add(x, 2)),
  moments: (x) => tf.add(tf.moments(x).variance, tf.moments(x).mean),
};

const products: Readonly<Record<string, Operation>> = {
  gram: (x) =>
    x.rank === 2 ? tf.div(tf.matMul(x as tf.Tensor2D, tf.sin(x) as tf.Tensor2D, false, true), x.shape[1] ?? 1) : tf.square(tame(x)),
  gramOfColumns: (x) =>
    x.rank === 2 ? tf.div(tf.matMul(tf.cos(x) as tf.Tensor2D, x as tf.Tensor2D, true, false), x.shape[0] ?? 1) : tf.square(tame(x)),
  batches: (x) => {
    if (x.rank !== 3) return tf.sin(x);
    return tf.div(tf.matMul(x, tf.transpose(tf.cos(x), [0, 2, 1])), x.shape[2] ?? 1);
  },
  prelu: (x, random) => tf.prelu(x, tf.fill(x.shape.slice(-1), random())),
  huber: (x) => tf.losses.huberLoss(tf.zerosLike(x), x),
  crossEntropy: (x) => tf.losses.sigmoidCrossEntropy(tf.onesLike(x), x),
};

/** Every operation that a composition may have, by name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = { ...unary, ...binary, ...shaping, ...reducing, ...products };

/** The operations of the composition with this seed: each one appears in some of any hundred. */
const namesOf = (seed: number, random: Random): readonly string[] => {
  const names = Object.keys(OPERATIONS);
  const steps = 4 + below(random, 6);
  return Array.from({ length: steps }, (_, step) => (step === 0 ? (names[seed % names.length] as string) : pick(random, names)));
};

/** A function of some tensors to a scalar, made of operations that a seed chooses. */
export const composition = (seed: number): { readonly names: readonly string[]; readonly loss: (...inputs: Tensor[]) => tf.Scalar } => {
  const names = namesOf(seed, randomFrom(seed));
  const loss = (...inputs: Tensor[]): tf.Scalar => {
    const random = randomFrom(seed + 1000);
    const pool = [...inputs];
    for (const name of names) {
      const fitting = pool.filter((x) => x.rank > 0 && x.rank < 5 && x.size < 500);
      const operation = OPERATIONS[name];
      if (operation !== undefined) pool.push(operation(pick(random, fitting.slice(-4)), random, pool));
    }
    return tf.addN(pool.map((x) => tf.mean(tf.sin(x)))) as tf.Scalar;
  };
  return { names, loss };
};
