import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine, type Step, type TensorValue } from '@samequestion/tfjs-onnx';
import { floats } from './steps.ts';

const factors = { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 };
const [ROWS, WIDTH] = [1700, 12];
const spec = { dtype: 'float32', shape: [ROWS, WIDTH] } as const;
const signature = {
  state: { table: spec, m: spec, v: spec },
  batch: {
    ids: { dtype: 'int32', shape: ['batch', 'length'] },
    x: { dtype: 'float32', shape: ['batch', 'length', WIDTH] },
    scale: { dtype: 'float32', shape: [] },
  },
} as const;

/** AdamW on a table whose gradient is a sum of given rows. A gradient that is returned is computed in full. */
const training =
  (shown: boolean): Step =>
  (state, { ids, x, scale }) => {
    const { table, m, v } = state;
    if (!table || !m || !v || !ids || !x || !scale) throw new Error('missing');
    const rows = { x: tf.reshape(x, [-1, WIDTH]), ids: tf.reshape(ids, [-1]) };
    const gradient = tf.engine().runKernel('SumOfRows', rows, { count: ROWS }) as tf.Tensor;
    const sum = tf.addN([tf.sum(tf.square(gradient)), tf.sum(tf.square(rows.x))]);
    const one = tf.scalar(1);
    const scalars = { learningRate: tf.scalar(0.01), gradientScale: scale, correction1: one, correction2: one };
    const inputs = { parameter: table, firstMoment: m, secondMoment: v, gradient, ...scalars };
    const [nextTable, nextM, nextV] = tf.engine().runKernel('AdamW', inputs, factors) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { state: { table: nextTable, m: nextM, v: nextV }, outputs: { sum, ...(shown ? { gradient } : {}) } };
  };

const batchOf = (ids: readonly number[], batch: number, scale = 0.5): Record<string, TensorValue> => {
  const shape = [batch, ids.length / batch];
  return {
    ids: { dtype: 'int32', shape, data: Int32Array.from(ids) },
    x: floats([...shape, WIDTH], ids.length),
    scale: { dtype: 'float32', shape: [], data: Float32Array.of(scale) },
  };
};

const bytesOf = (value: TensorValue | undefined): Buffer => {
  if (value === undefined) throw new Error('expected a value, got none');
  return Buffer.from(value.data.buffer, value.data.byteOffset, value.data.byteLength);
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

  it('does so where rows have no moments yet, after loading again, and with a scale that is no number', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const programs = [await engine.compile(training(false), signature), await engine.compile(training(true), signature)] as const;
    const both = async (batch: Record<string, TensorValue>): Promise<void> => {
      const [one, other] = await Promise.all(programs.map(async (program) => (await program.run(batch), program.read())));
      // Bytes, because 0 and −0 are not the same here.
      const differing = ['table', 'm', 'v'].filter((name) => !bytesOf(one?.[name]).equals(bytesOf(other?.[name])));
      expect(differing).toEqual([]);
    };
    const zeros = (): TensorValue => ({ ...spec, data: new Float32Array(ROWS * WIDTH) });
    const [table, m, v] = [floats([ROWS, WIDTH], 1), zeros(), zeros()];
    // A weight of −0; rows with a first moment only, a second only, −0, and one in the last place of a row.
    for (const [value, place, number] of [
      [table, 0, -0],
      [m, 2 * WIDTH, 0.25],
      [v, 4 * WIDTH + 1, 0.5],
      [m, 6 * WIDTH, -0],
      [v, 9 * WIDTH - 1, 1e-30],
    ] as const)
      (value.data as Float32Array)[place] = number;
    for (const program of programs) await program.load({ table, m, v });
    await both(batchOf([5, 0, ROWS - 1, 5], 2));
    await both(batchOf([5, 1, 3, 700], 4));
    await both(batchOf([8], 1));
    for (const program of programs) await program.load({ m: zeros(), v: zeros() });
    await both(batchOf([700], 1));
    await both(batchOf([7, 700], 1));
    for (const program of programs) await program.load({ m: floats([ROWS, WIDTH], 2) });
    await both(batchOf([7], 1));
    await both(batchOf([7, 9], 1, Number.NaN));
    const { table: last } = await programs[0].read(['table']);
    expect([...(last?.data ?? [0])].every(Number.isNaN)).toBe(true);
    await engine.dispose();
  });

  it('refuses an index that names no row, and leaves the state as it was', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const program = await engine.compile(training(false), signature);
    const state = { table: floats([ROWS, WIDTH], 1), m: floats([ROWS, WIDTH], 2), v: floats([ROWS, WIDTH], 2) };
    await program.load(state);
    for (const [ids, wrong] of [
      [[3, ROWS], ROWS],
      [[-ROWS - 1, 3], -ROWS - 1],
    ] as const)
      await expect(program.run(batchOf(ids, 1))).rejects.toThrow(`run: expected indices of a table of ${ROWS} rows, got ${wrong}.`);
    expect(await program.read()).toEqual(state);
    await program.run(batchOf([-ROWS, ROWS - 1], 1));
    await engine.dispose();
  });
});
