import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine, type Step, type TensorValue } from '@samequestion/tfjs-onnx';
import { floats } from './steps.ts';

/** Wide enough for blocks of rows. */
const WIDTH = 256;
const tokens = { dtype: 'float32', shape: ['batch', 'length', WIDTH] } as const;
const vector = { dtype: 'float32', shape: [WIDTH] } as const;

const gradients: Step = (_, { x, dy, scale }) => {
  if (!x || !dy || !scale) throw new Error('missing');
  const flat = (value: tf.Tensor): tf.Tensor => tf.reshape(value, [-1, WIDTH]);
  const kernel = (name: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): readonly tf.Tensor[] =>
    tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as unknown as tf.Tensor[];
  const [, mean, inverseDeviation] = kernel('LayerNorm', { x: flat(x), scale, offset: scale }, { epsilon: 1e-12 });
  const [dx, dScale, dOffset] = kernel('LayerNormGrad', {
    x: flat(x),
    dy: flat(dy),
    scale,
    mean: mean as tf.Tensor,
    inverseDeviation: inverseDeviation as tf.Tensor,
  });
  return { state: {}, outputs: { dx: dx as tf.Tensor, dScale: dScale as tf.Tensor, dOffset: dOffset as tf.Tensor } };
};

/** The same in float64, row by row. */
const expected = (x: Float32Array, dy: Float32Array, scale: Float32Array): Record<string, Float64Array> => {
  const [dx, dScale, dOffset] = [new Float64Array(x.length), new Float64Array(WIDTH), new Float64Array(WIDTH)];
  const mean = (term: (column: number) => number): number =>
    Array.from({ length: WIDTH }, (_, i) => term(i)).reduce((a, b) => a + b, 0) / WIDTH;
  for (let row = 0; row < x.length; row += WIDTH) {
    const [value, upstream] = [(i: number) => Number(x[row + i]), (i: number) => Number(dy[row + i])];
    const centre = mean(value);
    const inverse = 1 / Math.sqrt(mean((i) => (value(i) - centre) ** 2));
    const normal = (i: number): number => (value(i) - centre) * inverse;
    const inner = (i: number): number => upstream(i) * Number(scale[i]);
    const [level, slope] = [mean(inner), mean((i) => inner(i) * normal(i))];
    for (let i = 0; i < WIDTH; i++) {
      dx[row + i] = (inner(i) - level - normal(i) * slope) * inverse;
      dScale[i] = Number(dScale[i]) + upstream(i) * normal(i);
      dOffset[i] = Number(dOffset[i]) + upstream(i);
    }
  }
  return { dx, dScale, dOffset };
};

describe('the gradient of a layer normalisation in blocks of rows', () => {
  it('equals the formula for every batch and length', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const program = await engine.compile(gradients, { state: {}, batch: { x: tokens, dy: tokens, scale: vector } });
    for (const [batch, length] of [
      [1, 1],
      [1, 7],
      [5, 1],
      [3, 11],
      [8, 96],
      [7, 111],
      [12, 100],
    ] as const) {
      const shape = [batch, length, WIDTH];
      const [x, dy, scale]: readonly TensorValue[] = [floats(shape, 1), floats(shape, 2), floats([WIDTH], 3)];
      const actual = await program.run({ x: x as TensorValue, dy: dy as TensorValue, scale: scale as TensorValue });
      const wanted = expected(x?.data as Float32Array, dy?.data as Float32Array, scale?.data as Float32Array);
      for (const [name, values] of Object.entries(wanted)) {
        const { data = [] } = actual[name] ?? {};
        expect(data.length).toBe(values.length);
        // Numbers up to some 10, means of 256 of them and sums over all rows: some units in the last place of float32.
        const bound = 2e-5 * (name === 'dx' ? 1 : Math.max(1, Math.sqrt(batch * length) / 6));
        const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(data[i]))), 0);
        expect(worst).toBeLessThan(bound);
      }
    }
    await engine.dispose();
  });
});

describe('the gradient of Gelu in blocks', () => {
  it('is that of each part of the rows, bit for bit', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const gelu: Step = (_, { x, dy }) => {
      if (!x || !dy) throw new Error('missing');
      return { state: {}, outputs: { dx: tf.engine().runKernel('GeluGrad', { x, dy }) as tf.Tensor } };
    };
    const program = await engine.compile(gelu, { state: {}, batch: { x: tokens, dy: tokens } });
    for (const [batch, length] of [
      [8, 96],
      [7, 111],
    ] as const) {
      const [x, dy] = [floats([batch, length, WIDTH], 1), floats([batch, length, WIDTH], 2)];
      const whole = (await program.run({ x, dy }))['dx']?.data as Float32Array;
      const count = length * WIDTH;
      // A text alone is less than a block.
      for (let text = 0; text < batch; text++) {
        const part = ({ data }: TensorValue): TensorValue => ({
          dtype: 'float32',
          shape: [1, length, WIDTH],
          data: data.slice(text * count, (text + 1) * count) as Float32Array,
        });
        const alone = (await program.run({ x: part(x), dy: part(dy) }))['dx']?.data as Float32Array;
        expect(alone.length).toBe(count);
        expect(Buffer.from(alone.buffer).equals(Buffer.from(whole.slice(text * count, (text + 1) * count).buffer))).toBe(true);
      }
    }
    await engine.dispose();
  });
});
