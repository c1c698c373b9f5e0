import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine, type Step, type TensorValue } from '@samequestion/tfjs-onnx';
import { floats } from './steps.ts';

const factors = { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 };
/** Together more values than one block of zeros has. */
const [ROWS, WIDTH] = [1700, 12];
const spec = { dtype: 'float32', shape: [ROWS, WIDTH] } as const;
const signature = {
  state: { table: spec, m: spec, v: spec },
  batch: { ids: { dtype: 'int32', shape: ['batch', 'length'] }, x: { dtype: 'float32', shape: ['batch', 'length', WIDTH] } },
} as const;

/** AdamW on a table whose gradient is a sum of given rows. A gradient that is returned is computed in full. */
const training =
  (shown: boolean): Step =>
  (state, { ids, x }) => {
    const { table, m, v } = state;
    if (!table || !m || !v || !ids || !x) throw new Error('missing');
    const rows = { x: tf.reshape(x, [-1, WIDTH]), ids: tf.reshape(ids, [-1]) };
    const gradient = tf.engine().runKernel('SumOfRows', rows, { count: ROWS }) as tf.Tensor;
    const sum = tf.addN([tf.sum(tf.square(gradient)), tf.sum(tf.square(rows.x))]);
    const [half, one] = [tf.scalar(0.5), tf.scalar(1)];
    const scalars = { learningRate: tf.scalar(0.01), gradientScale: half, correction1: one, correction2: one };
    const inputs = { parameter: table, firstMoment: m, secondMoment: v, gradient, ...scalars };
    const [nextTable, nextM, nextV] = tf.engine().runKernel('AdamW', inputs, factors) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { state: { table: nextTable, m: nextM, v: nextV }, outputs: { sum, ...(shown ? { gradient } : {}) } };
  };

const batchOf = (ids: readonly number[], batch: number): Record<string, TensorValue> => {
  const shape = [batch, ids.length / batch];
  return { ids: { dtype: 'int32', shape, data: Int32Array.from(ids) }, x: floats([...shape, WIDTH], ids.length) };
};

describe('the update of a table of which a run touches some rows', () => {
  it('equals that with the whole gradient bit for bit', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const programs = [await engine.compile(training(false), signature), await engine.compile(training(true), signature)] as const;
    const state = { table: floats([ROWS, WIDTH], 1), m: floats([ROWS, WIDTH], 2) };
    const v = floats([ROWS, WIDTH], 3);
    const positive: TensorValue = { ...v, data: (v.data as Float32Array).map(Math.abs) };
    for (const program of programs) await program.load({ ...state, v: positive });
    // The first and the last row, neighbours, one row again and again, one alone.
    const batches = [batchOf([5, 0, ROWS - 1, 5, 6, 700, 5, 5], 2), batchOf([9], 1), batchOf([3, 3, 3, 3, 2, 2, 1699, 1698, 0], 3)];
    for (const batch of batches) {
      const [one, other] = [await programs[0].run(batch), await programs[1].run(batch)];
      const sum = Number(other['sum']?.data[0]);
      // The same numbers are added in another order.
      expect(Math.abs(Number(one['sum']?.data[0]) - sum)).toBeLessThan(1e-5 * sum);
      expect(await programs[0].read()).toEqual(await programs[1].read());
    }
    await engine.dispose();
  });
});
