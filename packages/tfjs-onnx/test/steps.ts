import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Signature, Step, Tensors, TensorSpec, TensorValue } from '@samequestion/tfjs-onnx';

/** Numbers that look random and are the same everywhere. */
export const numbers = (count: number, seed: number, scale = 1): Float32Array => {
  let state = (seed * 2654435761) >>> 0 || 1;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return (state / 2 ** 32 - 0.5) * 2 * scale;
  });
};

export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const floats = (shape: readonly number[], seed: number, scale = 1): TensorValue => ({
  dtype: 'float32',
  shape,
  data: numbers(countOf(shape), seed, scale),
});
export const integers = (shape: readonly number[], seed: number, below: number): TensorValue => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(numbers(countOf(shape), seed), (value) => Math.floor(((value + 1) / 2) * below) % below),
});

const toTensor = ({ data, shape, dtype }: TensorValue): Tensor => tf.tensor(data, [...shape], dtype);

const toPlain = (values: Tensors): Record<string, TensorValue> =>
  Object.fromEntries(
    Object.entries(values).map(([name, tensor]) => [
      name,
      { dtype: tensor.dtype as 'float32', shape: tensor.shape, data: tensor.dataSync() as Float32Array },
    ]),
  );

/** Runs a step eagerly on tfjs's CPU backend. */
export const runEagerly = (
  step: Step,
  state: Readonly<Record<string, TensorValue>>,
  batch: Readonly<Record<string, TensorValue>>,
): { state: Record<string, TensorValue>; outputs: Record<string, TensorValue> } => {
  tf.setBackend('cpu');
  tf.engine().startScope();
  try {
    const tensors = (values: Readonly<Record<string, TensorValue>>): Record<string, Tensor> =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toTensor(value)]));
    const result = step(tensors(state), tensors(batch));
    return { state: { ...state, ...toPlain(result.state) }, outputs: toPlain(result.outputs) };
  } finally {
    tf.engine().endScope();
  }
};

/** The largest difference, relative to the larger of 1 and the expected number. */
export const distance = (actual: TensorValue, expected: TensorValue): number => {
  if (actual.shape.join() !== expected.shape.join()) return Infinity;
  let largest = 0;
  for (const [i, value] of expected.data.entries()) {
    const difference = Math.abs((actual.data[i] ?? NaN) - value) / Math.max(1, Math.abs(value));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
};

const has = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;
const call = (name: string, inputs: Record<string, Tensor>, attributes: object = {}): Tensor[] => {
  const result = tf.engine().runKernel(name, inputs, attributes as Parameters<ReturnType<typeof tf.engine>['runKernel']>[2]) as
    | Tensor
    | Tensor[];
  return Array.isArray(result) ? result : [result];
};
const part = (tensors: readonly Tensor[], index: number): Tensor => {
  const tensor = tensors[index];
  if (tensor === undefined) throw new Error(`no output ${index}`);
  return tensor;
};

const normalize = (x: Tensor, scale: Tensor, offset: Tensor): Tensor =>
  tf.customGrad((...given: unknown[]) => {
    const [input, gain, bias, save] = given as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const plain = (): Tensor[] => {
      const mean = tf.mean(input, -1, true);
      const centred = tf.sub(input, mean);
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-12));
      return [tf.add(tf.mul(tf.mul(centred, inverse), gain), bias), mean, inverse];
    };
    const outputs = has('LayerNorm') ? call('LayerNorm', { x: input, scale: gain, offset: bias }, { epsilon: 1e-12 }) : plain();
    save([input, gain, part(outputs, 1), part(outputs, 2)]);
    return {
      value: part(outputs, 0),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [kept, factor, mean, inverse] = [part(saved, 0), part(saved, 1), part(saved, 2), part(saved, 3)];
        if (has('LayerNormGrad')) return call('LayerNormGrad', { dy, x: kept, scale: factor, mean, inverseDeviation: inverse });
        const normal = tf.mul(tf.sub(kept, mean), inverse);
        const scaled = tf.mul(dy, factor);
        const dx = tf.mul(
          tf.sub(tf.sub(scaled, tf.mean(scaled, -1, true)), tf.mul(normal, tf.mean(tf.mul(scaled, normal), -1, true))),
          inverse,
        );
        const axes = [...kept.shape.keys()].slice(0, -1);
        return [dx, tf.sum(tf.mul(dy, normal), axes), tf.sum(dy, axes)];
      },
    };
  })(x, scale, offset);

/** The normal distribution's share below a value. */
const below = (value: Tensor): Tensor => tf.mul(tf.add(tf.erf(tf.mul(value, Math.SQRT1_2)), 1), 0.5);

const gelu = (x: Tensor): Tensor =>
  tf.customGrad((...given: unknown[]) => {
    const [input, save] = given as [Tensor, (tensors: Tensor[]) => void];
    save([input]);
    return {
      value: has('Gelu') ? part(call('Gelu', { x: input }), 0) : tf.mul(input, below(input)),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const kept = part(saved, 0);
        if (has('GeluGrad')) return part(call('GeluGrad', { dy, x: kept }), 0);
        const density = tf.mul(tf.exp(tf.mul(tf.square(kept), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(below(kept), tf.mul(kept, density)));
      },
    };
  })(x);

const get = (tensors: Tensors, name: string): Tensor => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  return tensor;
};

const factors = { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 };

const adamW = (
  parameter: Tensor,
  firstMoment: Tensor,
  secondMoment: Tensor,
  gradient: Tensor,
  learningRate: Tensor,
  gradientScale: Tensor,
): Tensor[] => {
  const one = tf.scalar(1);
  if (has('AdamW'))
    return call(
      'AdamW',
      { parameter, firstMoment, secondMoment, gradient, learningRate, gradientScale, correction1: one, correction2: one },
      factors,
    );
  const g = tf.mul(gradient, gradientScale);
  const m = tf.add(tf.mul(firstMoment, factors.beta1), tf.mul(g, 1 - factors.beta1));
  const v = tf.add(tf.mul(secondMoment, factors.beta2), tf.mul(tf.square(g), 1 - factors.beta2));
  const direction = tf.div(m, tf.add(tf.sqrt(v), factors.epsilon));
  return [tf.sub(parameter, tf.mul(learningRate, tf.add(direction, tf.mul(parameter, factors.weightDecay)))), m, v];
};

export const TRANSFORMER = { vocabulary: 90, positions: 16, width: 8, heads: 2, inner: 16 };

/** Parameters of a small transformer, with moments, a step number and dropout noise. */
export const transformerState = (): Record<string, TensorValue> => {
  const { vocabulary, positions, width, inner } = TRANSFORMER;
  const shapes: Record<string, readonly number[]> = {
    words: [vocabulary, width],
    places: [positions, width],
    types: [4, width],
    scale0: [width],
    offset0: [width],
    query: [width, width],
    key: [width, width],
    value: [width, width],
    output: [width, width],
    outputBias: [width],
    scale1: [width],
    offset1: [width],
    up: [width, inner],
    upBias: [inner],
    down: [inner, width],
    downBias: [width],
    scale2: [width],
    offset2: [width],
    head: [width, 2],
  };
  const state: Record<string, TensorValue> = {};
  for (const [index, [name, shape]] of Object.entries(shapes).entries()) {
    state[name] = name.startsWith('scale')
      ? { dtype: 'float32', shape, data: new Float32Array(countOf(shape)).fill(1) }
      : floats(shape, index + 1, 0.3);
    state[`${name}/m`] = { dtype: 'float32', shape, data: new Float32Array(countOf(shape)) };
    state[`${name}/v`] = { dtype: 'float32', shape, data: new Float32Array(countOf(shape)) };
  }
  const noise = numbers(4096, 77).map((value) => (value < -0.8 ? 0 : 1 / 0.9));
  return {
    ...state,
    noise: { dtype: 'float32', shape: [noise.length], data: noise },
    step: { dtype: 'int32', shape: [], data: Int32Array.of(0) },
  };
};

export const specsOf = (values: Readonly<Record<string, TensorValue>>): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(values).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));

export const transformerSignature = (): Signature => ({
  state: specsOf(transformerState()),
  batch: {
    ids: { dtype: 'int32', shape: ['batch', 'length'] },
    sides: { dtype: 'int32', shape: ['batch', 'length'] },
    mask: { dtype: 'int32', shape: ['batch', 'length'] },
    labels: { dtype: 'int32', shape: ['batch'] },
  },
});

export const transformerBatch = (batch: number, length: number, seed: number): Record<string, TensorValue> => ({
  ids: integers([batch, length], seed, TRANSFORMER.vocabulary),
  sides: {
    dtype: 'int32',
    shape: [batch, length],
    data: Int32Array.from({ length: batch * length }, (_, i) => Number(i % length >= length / 2)),
  },
  mask: {
    dtype: 'int32',
    shape: [batch, length],
    data: Int32Array.from({ length: batch * length }, (_, i) => Number(i % length === 0 || (i * 7) % 5 !== 0)),
  },
  labels: integers([batch], seed + 1, 2),
});

const forward = (state: Tensors, batch: Tensors, offset: Tensor): Tensor => {
  const { width, heads } = TRANSFORMER;
  const ids = get(batch, 'ids');
  const [size = 0, length = 0] = ids.shape;
  const tokens = size * length;
  const drop = (x: Tensor, shift: number): Tensor => {
    const noise = get(state, 'noise');
    const from = tf.add(offset, tf.scalar(shift, 'int32'));
    if (has('Window')) return tf.mul(x, part(call('Window', { buffer: noise, offset: from }, { shape: x.shape }), 0));
    return tf.mul(x, tf.reshape(tf.slice(noise, [from.dataSync()[0] ?? 0], [countOf(x.shape)]), x.shape));
  };
  const same = tf.logicalAnd(
    tf.equal(tf.expandDims(ids, 2), tf.expandDims(ids, 1)),
    tf.notEqual(tf.expandDims(get(batch, 'sides'), 2), tf.expandDims(get(batch, 'sides'), 1)),
  );
  const types = tf.add(get(batch, 'sides'), tf.mul(tf.cast(tf.any(same, 2), 'int32'), tf.scalar(2, 'int32')));
  const places = tf.slice(get(state, 'places'), [0, 0], [length, width]);
  const tokenRows = tf.add(tf.gather(get(state, 'words'), ids), tf.gather(get(state, 'types'), types));
  const embedded = tf.reshape(tf.add(tokenRows, places), [tokens, width]);
  let hidden = drop(normalize(embedded, get(state, 'scale0'), get(state, 'offset0')), 3);
  const bias = tf.reshape(tf.mul(tf.sub(tf.cast(get(batch, 'mask'), 'float32'), 1), 10000), [size, 1, 1, length]);
  const split = (x: Tensor): Tensor => tf.transpose(tf.reshape(x, [size, length, heads, width / heads]), [0, 2, 1, 3]);
  const [query, key, value] = [
    split(tf.matMul(hidden, get(state, 'query'))),
    split(tf.matMul(hidden, get(state, 'key'))),
    split(tf.matMul(hidden, get(state, 'value'))),
  ];
  const weights = drop(tf.softmax(tf.add(tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width / heads)), bias)), 11);
  const context = tf.reshape(tf.transpose(tf.matMul(weights, value), [0, 2, 1, 3]), [tokens, width]);
  hidden = normalize(
    tf.add(hidden, tf.add(tf.matMul(context, get(state, 'output')), get(state, 'outputBias'))),
    get(state, 'scale1'),
    get(state, 'offset1'),
  );
  const inner = gelu(tf.add(tf.matMul(hidden, get(state, 'up')), get(state, 'upBias')));
  hidden = normalize(
    tf.add(hidden, tf.add(tf.matMul(inner, get(state, 'down')), get(state, 'downBias'))),
    get(state, 'scale2'),
    get(state, 'offset2'),
  );
  const first = tf.reshape(tf.slice(tf.reshape(hidden, [size, length, width]), [0, 0, 0], [size, 1, width]), [size, width]);
  return tf.matMul(tf.tanh(first), get(state, 'head'));
};

/** One training step of the small transformer: cross-entropy, clipping by global norm, AdamW. */
export const transformerStep: Step = (state, batch) => {
  const names = Object.keys(state).filter((name) => !name.includes('/') && name !== 'noise' && name !== 'step');
  const step = get(state, 'step');
  const offset = tf.mul(step, tf.scalar(5, 'int32'));
  const loss = (...parameters: Tensor[]): tf.Scalar => {
    const logits = forward({ ...state, ...Object.fromEntries(names.map((name, i) => [name, part(parameters, i)])) }, batch, offset);
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(get(batch, 'labels'), 2)), -1)));
  };
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => get(state, name)));
  const norm = tf.sqrt(tf.addN(grads.map((gradient) => tf.sum(tf.square(gradient)))));
  const scale = tf.div(1, tf.maximum(norm, 1));
  const rate = tf.mul(0.01, tf.div(1, tf.add(tf.cast(step, 'float32'), 1)));
  const next: Record<string, Tensor> = { step: tf.add(step, tf.scalar(1, 'int32')) };
  for (const [i, name] of names.entries()) {
    const updated = adamW(get(state, name), get(state, `${name}/m`), get(state, `${name}/v`), part(grads, i), rate, scale);
    for (const [j, suffix] of ['', '/m', '/v'].entries()) next[`${name}${suffix}`] = part(updated, j);
  }
  return { state: next, outputs: { loss: value, norm } };
};
