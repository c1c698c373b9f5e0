import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toOnnx, type TensorValue } from '@samequestion/tfjs-onnx';
import { countOf, distance, floats } from './steps.ts';

/** Float32 sums in another order. */
const TOLERANCE = 1e-5;

type Inputs = Readonly<Record<'x' | 'picture' | 'cube', tf.Tensor>>;

const SHAPES = { x: ['rows', 6], picture: ['rows', 6, 5, 2], cube: ['rows', 'length', 4] } as const;
const SIZES = [
  { rows: 1, length: 3 },
  { rows: 4, length: 2 },
  { rows: 6, length: 9 },
] as const;

const kernel = (shape: [number, number, number, number]): tf.Tensor4D => tf.tensor4d(floats(shape, 5).data, shape);
const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor => tf.grad((value) => tf.sum(tf.sin(f(value))))(x);
const rowsOf = (x: tf.Tensor): number => x.shape[0] ?? 0;

/** Functions whose sizes follow from the batch, each over the inputs that it takes. */
const FUNCTIONS: Readonly<Record<string, (inputs: Inputs) => tf.Tensor>> = {
  gatherInBatches: ({ cube }) => tf.gather(cube, tf.cast(tf.argMax(cube, 2), 'int32'), 2, 1),
  gatherND: ({ x }) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [0, 1],
          [0, 5],
        ],
        [2, 2],
        'int32',
      ),
    ),
  oneHotOfArgMax: ({ x }) => tf.oneHot(tf.argMax(x, 1) as tf.Tensor1D, 6),
  topk: ({ x }) => tf.topk(x, 3).values,
  reverse: ({ cube }) => tf.reverse(cube, [0, 1]),
  cumsum: ({ cube }) => tf.cumsum(cube, 1, true, true),
  cumprod: ({ x }) => tf.cumprod(x, 1),
  mirrorPad: ({ x }) =>
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [2, 1],
      ],
      'reflect',
    ),
  padAroundBatch: ({ cube }) =>
    tf.pad(cube, [
      [1, 0],
      [0, 2],
      [1, 1],
    ]),
  concatOfBatches: ({ x }) => tf.concat([x, tf.neg(x)], 0),
  splitAndStack: ({ cube }) => tf.stack(tf.split(cube, 2, 2), 1),
  tileOfBatch: ({ x }) => tf.tile(tf.expandDims(x, 1), [2, 3, 1]),
  sliceOfBatch: ({ cube }) => tf.slice(cube, [0, 1, 1], [-1, -1, 2]),
  einsum: ({ cube }) => tf.einsum('bij,bkj->bik', cube as tf.Tensor3D, cube as tf.Tensor3D),
  batchNorm: ({ x }) => tf.batchNorm(x as tf.Tensor2D, tf.mean(x, 0) as tf.Tensor1D, tf.moments(x, 0).variance as tf.Tensor1D),
  meanOfAll: ({ cube }) => tf.mean(cube),
  reshapeToRows: ({ cube }) => tf.softmax(tf.reshape(cube, [-1, 4])),
  rangeOverLength: ({ cube }) => tf.mul(cube, tf.reshape(tf.range(0, cube.shape[1] ?? 0), [1, -1, 1])),
  eyeOfFeatures: ({ x }) => tf.matMul(x as tf.Tensor2D, tf.eye(6)),
  positions: ({ x }) => tf.add(x, tf.reshape(tf.range(0, rowsOf(x)), [-1, 1])),
  segments: ({ x }) => tf.unsortedSegmentSum(x, tf.cast(tf.argMin(x, 1), 'int32') as tf.Tensor1D, 6),
  searchSorted: ({ x }) => tf.searchSorted(tf.tile(tf.tensor2d([[-0.5, 0, 0.5]]), [rowsOf(x), 1]), x),
  convolution: ({ picture }) => tf.conv2d(picture as tf.Tensor4D, kernel([3, 2, 2, 3]), [2, 1], 'same'),
  convolutionGradient: ({ picture }) => gradient((p) => tf.conv2d(p as tf.Tensor4D, kernel([3, 3, 2, 3]), 2, 'same'), picture),
  filterGradient: ({ picture }) =>
    gradient((filter) => tf.conv2d(picture as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid'), kernel([2, 3, 2, 3])),
  depthwiseGradient: ({ picture }) =>
    gradient((filter) => tf.depthwiseConv2d(picture as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), kernel([3, 3, 2, 2])),
  pools: ({ picture }) => tf.add(tf.maxPool(picture as tf.Tensor4D, 2, 2, 'same'), tf.avgPool(picture as tf.Tensor4D, 2, 2, 'same')),
  maxPoolGradient: ({ picture }) => gradient((p) => tf.maxPool(p as tf.Tensor4D, 3, 2, 'valid'), picture),
  avgPoolGradient: ({ picture }) => gradient((p) => tf.avgPool(p as tf.Tensor4D, 2, 2, 'valid'), picture),
};

const shapeFor = (name: keyof Inputs, sizes: (typeof SIZES)[number]): number[] =>
  SHAPES[name].map((size) => (typeof size === 'number' ? size : sizes[size]));

const valuesFor = (sizes: (typeof SIZES)[number]): Record<keyof Inputs, TensorValue> => ({
  x: floats(shapeFor('x', sizes), 11),
  picture: floats(shapeFor('picture', sizes), 12),
  cube: floats(shapeFor('cube', sizes), 13),
});

describe('one exported graph serves every batch', () => {
  it.each(Object.entries(FUNCTIONS))('for %s', async (_, fn) => {
    await tf.setBackend('cpu');
    const signature = Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [name, { dtype: 'float32' as const, shape }]));
    const { model } = toOnnx((inputs) => ({ y: fn(inputs as unknown as Inputs) }), signature);
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
    for (const sizes of SIZES) {
      const values = valuesFor(sizes);
      const tensors = Object.fromEntries(Object.entries(values).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
      const expected = tf.tidy(() => fn(tensors as unknown as Inputs));
      const feeds = Object.entries(values).map(
        ([name, { data, shape }]) => [name, new Tensor('float32', data as Float32Array, shape)] as const,
      );
      const { y } = await session.run(Object.fromEntries(feeds));
      const plain = (shape: readonly number[], data: ArrayLike<number>): TensorValue => ({
        dtype: 'float32',
        shape,
        data: Float32Array.from(data),
      });
      const actual = plain(y?.dims ?? [], (y?.data ?? []) as Float32Array);
      expect(actual.data).toHaveLength(countOf(expected.shape));
      expect(distance(actual, plain(expected.shape, expected.dataSync()))).toBeLessThan(TOLERANCE);
    }
    await session.release();
  });
});
