import { describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { outlineStep, type StepOutline } from '@samequestion/tfjs-onnx';
import { transformerSignature, transformerStep } from './steps.ts';

// A software GPU has no 16-bit floats, so a graph that uses them can't run there; what can be checked without them is the graph itself.
type Precision = 'float32' | 'float16';
const outlineOf = (precision: Precision): StepOutline =>
  outlineStep(transformerStep, transformerSignature(), { provider: 'webgpu', precision });
const outlines = { float32: outlineOf('float32'), float16: outlineOf('float16') };

/** Products: six of weights, two of attention and the head, each with two of its gradients. */
const PRODUCTS = 27;

/** How many values of a type each operator computes. */
const counts = (precision: Precision, wanted: Precision): Readonly<Record<string, number>> => {
  const found: Record<string, number> = {};
  for (const { op, type } of outlines[precision].values) if (type === wanted) found[op] = (found[op] ?? 0) + 1;
  return found;
};

describe('a training step with products in float16', () => {
  it('computes products in it, and nothing else', () => {
    const half = counts('float16', 'float16');
    expect(half['MatMul']).toBe(PRODUCTS);
    expect(Object.keys(half).toSorted()).toEqual(['Cast', 'MatMul', 'Slice', 'Transpose']);
    expect(counts('float32', 'float16')).toEqual({});
  });

  it.each(['LayerNormalization', 'Softmax', 'ReduceSum', 'Sqrt', 'Div', 'Exp', 'Erf', 'Gelu', 'Tanh', 'ScatterElements'])(
    'leaves %s in float32',
    (op) => {
      const before = counts('float32', 'float32')[op];
      expect(before).toBeGreaterThan(0);
      expect(counts('float16', 'float32')[op]).toBe(before);
    },
  );

  it('leaves sums, which a GPU computes as products with ones, in float32', () => {
    const before = counts('float32', 'float32')['MatMul'] ?? 0;
    expect(before).toBeGreaterThan(PRODUCTS);
    expect(counts('float16', 'float32')['MatMul']).toBe(before - PRODUCTS);
  });

  it('rounds the parameters once, all in one go', () => {
    const casts = outlines.float16.values.filter(({ op, type }) => op === 'Cast' && type === 'float16');
    // All parameters of this model lie in one pack, which is a multiple of 65,536 values.
    expect(casts.filter(({ shape }) => shape.join() === '65536')).toHaveLength(1);
    expect(casts.filter(({ shape }) => shape.every((size) => typeof size === 'number'))).toHaveLength(1);
  });
});

describe('what a run needs', () => {
  it('is counted by what is kept at once', () => {
    const matrix = { dtype: 'float32', shape: ['n', 'n'] } as const;
    const { memory } = outlineStep(
      (_, batch) => {
        const x = batch['x'] as tf.Tensor;
        return { state: {}, outputs: { y: tf.sum(tf.exp(tf.sin(tf.neg(x)))) } };
      },
      { state: {}, batch: { x: matrix } },
      { provider: 'webgpu' },
    );
    // Each function of a matrix is kept until the next has read it: two matrices at once.
    expect(memory({ n: 100 })).toEqual({ peak: 2 * 4 * 100 ** 2, largest: { op: 'Neg', shape: [100, 100], bytes: 4 * 100 ** 2 } });
    expect(() => memory({})).toThrow('memory: expected sizes of n, got none of n.');
  });

  it('is less in a step than all values together, and grows with the batch', () => {
    const { memory, values } = outlines.float32;
    const [small, large] = [memory({ batch: 256, length: 16 }), memory({ batch: 1024, length: 16 })];
    expect(large.peak).toBeGreaterThan(2 * small.peak);
    expect(large.peak).toBeGreaterThan(large.largest.bytes);
    const tokens = values.filter(({ shape }) => shape.length === 2 && shape[1] === 8 && typeof shape[0] === 'string');
    expect(large.peak).toBeLessThan(tokens.length * 1024 * 16 * 8 * 4);
  });
});
