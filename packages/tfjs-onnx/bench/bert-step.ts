/**
 * A BERT training step in tfjs operations and named kernels, for benches: embeddings, encoder, pooler, cross-entropy,
 * clipping by global norm, AdamW. Shapes: B = batch, S = length, H = width, N = heads, F = inner.
 */
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Signature, Step, Tensors, TensorSpec, TensorValue } from '@samequestion/tfjs-onnx';

export interface BertSize {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly inner: number;
  readonly vocabulary: number;
  readonly positions: number;
  /** Dropout by multiplying with windows of a noise buffer in the state. */
  readonly dropout: boolean;
  /** Whether the step ends with clipping and AdamW; without, it gives the loss and the gradients stay inside. */
  readonly update: boolean;
}

export const BERT_SIZES: Readonly<Record<string, BertSize>> = Object.fromEntries(
  (
    [
      [4, 312],
      [6, 512],
      [12, 768],
    ] as const
  ).map(([layers, width]) => [
    `${layers}x${width}`,
    {
      layers,
      width,
      heads: width === 312 ? 12 : width / 64,
      inner: width === 312 ? 1200 : 4 * width,
      vocabulary: 21128,
      positions: 512,
      dropout: false,
      update: true,
    },
  ]),
);

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const parameterShapes = ({ layers, width: H, inner: F, vocabulary, positions }: BertSize): Record<string, readonly number[]> => {
  const shapes: Record<string, readonly number[]> = {
    words: [vocabulary, H],
    places: [positions, H],
    types: [2, H],
    scale: [H],
    offset: [H],
  };
  for (let layer = 0; layer < layers; layer++) {
    for (const name of ['query', 'key', 'value', 'output'])
      Object.assign(shapes, { [`${layer}.${name}`]: [H, H], [`${layer}.${name}.bias`]: [H] });
    Object.assign(shapes, {
      [`${layer}.scale1`]: [H],
      [`${layer}.offset1`]: [H],
      [`${layer}.up`]: [H, F],
      [`${layer}.up.bias`]: [F],
      [`${layer}.down`]: [F, H],
      [`${layer}.down.bias`]: [H],
      [`${layer}.scale2`]: [H],
      [`${layer}.offset2`]: [H],
    });
  }
  return { ...shapes, pooler: [H, H], 'pooler.bias': [H], head: [H, 2], 'head.bias': [2] };
};

const NOISE = 2 ** 25;

export const bertSignature = (size: BertSize): Signature => {
  const state: Record<string, TensorSpec> = {};
  for (const [name, shape] of Object.entries(parameterShapes(size))) {
    for (const suffix of size.update ? ['', '/m', '/v'] : ['']) state[`${name}${suffix}`] = { dtype: 'float32', shape };
  }
  if (size.dropout) state['noise'] = { dtype: 'float32', shape: [NOISE] };
  const ids = { dtype: 'int32', shape: ['batch', 'length'] } as const;
  return {
    state: { ...state, step: { dtype: 'int32', shape: [] } },
    batch: { ids, sides: ids, mask: ids, labels: { dtype: 'int32', shape: ['batch'] } },
  };
};

/** Weights outside the embeddings. */
export const denseWeights = (size: BertSize): number =>
  Object.entries(parameterShapes(size)).reduce(
    (sum, [name, shape]) => (['words', 'places', 'types'].includes(name) ? sum : sum + count(shape)),
    0,
  );

/** 6 · weights outside the embeddings · tokens + 12 · layers · batch · length² · width. */
export const stepFlops = (size: BertSize, batch: number, length: number): number =>
  6 * denseWeights(size) * batch * length + 12 * size.layers * batch * length * length * size.width;

export const bertState = (size: BertSize): Record<string, TensorValue> => {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return seed / 2 ** 31;
  };
  const state: Record<string, TensorValue> = { step: { dtype: 'int32', shape: [], data: Int32Array.of(0) } };
  for (const [name, shape] of Object.entries(parameterShapes(size))) {
    const data = new Float32Array(count(shape));
    if (/scale\d?$/.test(name)) data.fill(1);
    else if (shape.length > 1) for (let i = 0; i < data.length; i++) data[i] = random() * 0.035;
    state[name] = { dtype: 'float32', shape, data };
    for (const suffix of size.update ? ['/m', '/v'] : [])
      state[`${name}${suffix}`] = { dtype: 'float32', shape, data: new Float32Array(data.length) };
  }
  if (size.dropout)
    state['noise'] = {
      dtype: 'float32',
      shape: [NOISE],
      data: Float32Array.from({ length: NOISE }, () => (random() < -0.8 ? 0 : 1 / 0.9)),
    };
  return state;
};

export const bertBatch = (size: BertSize, batch: number, length: number): Record<string, TensorValue> => {
  const shape = [batch, length];
  const make = (value: (i: number) => number): TensorValue => ({
    dtype: 'int32',
    shape,
    data: Int32Array.from({ length: batch * length }, (_, i) => value(i)),
  });
  return {
    ids: make((i) => (i * 7919) % size.vocabulary),
    sides: make((i) => Number(i % length > length / 2)),
    mask: make(() => 1),
    labels: { dtype: 'int32', shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i % 2) },
  };
};

const call = (name: string, inputs: Record<string, Tensor>, attributes: object = {}): Tensor[] => {
  const result = tf.engine().runKernel(name, inputs, attributes as Parameters<ReturnType<typeof tf.engine>['runKernel']>[2]) as
    | Tensor
    | Tensor[];
  return Array.isArray(result) ? result : [result];
};
const part = (tensors: readonly Tensor[], index: number): Tensor => {
  const tensor = tensors[index];
  if (tensor === undefined) throw new RangeError(`bert-step: expected a tensor ${index}, got none.`);
  return tensor;
};
const get = (tensors: Tensors, name: string): Tensor => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new RangeError(`bert-step: expected a tensor "${name}", got none.`);
  return tensor;
};

const normalize = (x: Tensor, scale: Tensor, offset: Tensor): Tensor =>
  tf.customGrad((...given: unknown[]) => {
    const [input, gain, bias, save] = given as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const outputs = call('LayerNorm', { x: input, scale: gain, offset: bias }, { epsilon: 1e-12 });
    save([input, gain, part(outputs, 1), part(outputs, 2)]);
    return {
      value: part(outputs, 0),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        call('LayerNormGrad', { dy, x: part(saved, 0), scale: part(saved, 1), mean: part(saved, 2), inverseDeviation: part(saved, 3) }),
    };
  })(x, scale, offset);

const gelu = (x: Tensor): Tensor =>
  tf.customGrad((...given: unknown[]) => {
    const [input, save] = given as [Tensor, (tensors: Tensor[]) => void];
    save([input]);
    return {
      value: part(call('Gelu', { x: input }), 0),
      gradFunc: (dy: Tensor, saved: Tensor[]) => part(call('GeluGrad', { dy, x: part(saved, 0) }), 0),
    };
  })(x);

const forward = (size: BertSize, state: Tensors, batch: Tensors): Tensor => {
  const { width, heads, layers } = size;
  const ids = get(batch, 'ids');
  const [B = 0, S = 0] = ids.shape;
  let windows = 0;
  const drop = (x: Tensor): Tensor => {
    if (!size.dropout) return x;
    const offset = tf.add(tf.mul(get(state, 'step'), tf.scalar(977, 'int32')), tf.scalar(1009 * windows++, 'int32'));
    return tf.mul(x, part(call('Window', { buffer: get(state, 'noise'), offset }, { shape: x.shape }), 0));
  };
  const dense = (x: Tensor, name: string): Tensor => tf.add(tf.matMul(x, get(state, name)), get(state, `${name}.bias`));
  const split = (x: Tensor): Tensor => tf.transpose(tf.reshape(x, [B, S, heads, width / heads]), [0, 2, 1, 3]); // [B, N, S, H / N]
  const rows = tf.add(tf.gather(get(state, 'words'), ids), tf.gather(get(state, 'types'), get(batch, 'sides')));
  const embedded = tf.reshape(tf.add(rows, tf.slice(get(state, 'places'), [0, 0], [S, width])), [B * S, width]);
  let hidden = drop(normalize(embedded, get(state, 'scale'), get(state, 'offset'))); // [B · S, H]
  const bias = tf.reshape(tf.mul(tf.sub(tf.cast(get(batch, 'mask'), 'float32'), 1), 10000), [B, 1, 1, S]);
  for (let layer = 0; layer < layers; layer++) {
    const [query, key, value] = ['query', 'key', 'value'].map((name) => split(dense(hidden, `${layer}.${name}`))) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const scores = tf.add(tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width / heads)), bias); // [B, N, S, S]
    const context = tf.reshape(tf.transpose(tf.matMul(drop(tf.softmax(scores)), value), [0, 2, 1, 3]), [B * S, width]);
    hidden = normalize(
      tf.add(hidden, drop(dense(context, `${layer}.output`))),
      get(state, `${layer}.scale1`),
      get(state, `${layer}.offset1`),
    );
    const inner = gelu(dense(hidden, `${layer}.up`)); // [B · S, F]
    hidden = normalize(tf.add(hidden, drop(dense(inner, `${layer}.down`))), get(state, `${layer}.scale2`), get(state, `${layer}.offset2`));
  }
  const first = tf.reshape(tf.slice(tf.reshape(hidden, [B, S, width]), [0, 0, 0], [B, 1, width]), [B, width]);
  return dense(drop(tf.tanh(dense(first, 'pooler'))), 'head');
};

/** The step of one size. */
export const bertStep = (size: BertSize): Step => {
  const names = Object.keys(parameterShapes(size));
  return (state, batch) => {
    const loss = (...parameters: Tensor[]): tf.Scalar => {
      const logits = forward(size, { ...state, ...Object.fromEntries(names.map((name, i) => [name, part(parameters, i)])) }, batch);
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(get(batch, 'labels'), 2)), -1)));
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => get(state, name)));
    const step = get(state, 'step');
    const next: Record<string, Tensor> = { step: tf.add(step, tf.scalar(1, 'int32')) };
    if (!size.update) {
      // Every gradient is needed for this, as cheaply as can be: one value of each.
      const corners = grads.map((gradient) =>
        tf.reshape(
          tf.slice(
            gradient,
            gradient.shape.map(() => 0),
            gradient.shape.map(() => 1),
          ),
          [],
        ),
      );
      return { state: next, outputs: { loss: value, corners: tf.addN(corners) } };
    }
    const norm = tf.sqrt(tf.addN(grads.map((gradient) => tf.sum(tf.square(gradient)))));
    const one = tf.scalar(1);
    const scalars = { learningRate: tf.scalar(1e-4), gradientScale: tf.div(1, tf.maximum(norm, 1)), correction1: one, correction2: one };
    for (const [i, name] of names.entries()) {
      const inputs = {
        parameter: get(state, name),
        firstMoment: get(state, `${name}/m`),
        secondMoment: get(state, `${name}/v`),
        gradient: part(grads, i),
        ...scalars,
      };
      const weightDecay = /bias$|scale\d?$|offset\d?$/.test(name) ? 0 : 0.01;
      const [parameter, m, v] = call('AdamW', inputs, { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay }) as [Tensor, Tensor, Tensor];
      Object.assign(next, { [name]: parameter, [`${name}/m`]: m, [`${name}/v`]: v });
    }
    return { state: next, outputs: { loss: value, norm } };
  };
};
