import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEngine, type Engine, type Step } from '@samequestion/tfjs-onnx';
import {
  distance,
  floats,
  integers,
  runEagerly,
  specsOf,
  transformerBatch,
  transformerSignature,
  transformerState,
  transformerStep,
} from './steps.ts';

/** Float32 products are summed in another order; a dozen layers of them stay below this. */
const TOLERANCE = 1e-5;

let engine: Engine;
beforeAll(async () => {
  engine = await createOnnxEngine({ threads: 1 });
});
afterAll(async () => engine.dispose());

const regression: Step = (state, batch) => {
  const { weight, bias } = state;
  const { x, y } = batch;
  if (weight === undefined || bias === undefined || x === undefined || y === undefined) throw new Error('missing');
  const loss = (w: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.mean(tf.squaredDifference(tf.relu(tf.add(tf.matMul(x, w), b)), y));
  const { value, grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Scalar)([weight, bias]);
  const [dw, db] = grads;
  if (dw === undefined || db === undefined) throw new Error('missing');
  return { state: { weight: tf.sub(weight, tf.mul(dw, 0.1)), bias: tf.sub(bias, tf.mul(db, 0.1)) }, outputs: { loss: value } };
};

describe('a compiled step', () => {
  it('equals the eager step for every batch size, with one compilation', async () => {
    let state: ReturnType<typeof runEagerly>['state'] = { weight: floats([3, 2], 1), bias: floats([2], 2) };
    const program = await engine.compile(regression, {
      state: specsOf(state),
      batch: { x: { dtype: 'float32', shape: ['rows', 3] }, y: { dtype: 'float32', shape: ['rows', 2] } },
    });
    await program.load(state);
    for (const rows of [4, 1, 7, 7, 30]) {
      const batch = { x: floats([rows, 3], rows), y: floats([rows, 2], rows + 50) };
      const expected = runEagerly(regression, state, batch);
      const outputs = await program.run(batch);
      for (const [name, value] of Object.entries(expected.outputs)) expect(distance(outputs[name] ?? value, value)).toBeLessThan(TOLERANCE);
      state = expected.state;
    }
    const actual = await program.read();
    for (const [name, value] of Object.entries(state)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(TOLERANCE);
    await program.dispose();
  });

  it('trains a transformer with dropout, clipping and AdamW as the eager step does', async () => {
    let state: ReturnType<typeof runEagerly>['state'] = transformerState();
    const program = await engine.compile(transformerStep, transformerSignature());
    await program.load(state);
    const shapes = [
      [2, 6],
      [1, 9],
      [5, 4],
      [3, 12],
      [2, 6],
      [4, 16],
    ] as const;
    for (const [index, [size, length]] of shapes.entries()) {
      const batch = transformerBatch(size, length, index + 5);
      const expected = runEagerly(transformerStep, state, batch);
      const outputs = await program.run(batch);
      for (const [name, value] of Object.entries(expected.outputs))
        expect(distance(outputs[name] ?? floats([0], 0), value)).toBeLessThan(TOLERANCE);
      state = expected.state;
    }
    const actual = await program.read();
    for (const [name, value] of Object.entries(state)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(1e-4);
    await program.dispose();
  });

  it('leaves the state as it was if a run throws', async () => {
    const state = transformerState();
    const program = await engine.compile(transformerStep, transformerSignature());
    await program.load(state);
    const batch = transformerBatch(2, 5, 3);
    await expect(
      program.run({ ...batch, ids: { ...integers([2, 5], 1, 3), data: Int32Array.from({ length: 10 }, () => 999) } }),
    ).rejects.toThrow(/indices/);
    await expect(program.run({ ...batch, ids: integers([2, 4], 1, 3) })).rejects.toThrow(/run: expected "sides"/);
    const actual = await program.read();
    for (const [name, value] of Object.entries(state)) expect(distance(actual[name] ?? floats([0], 0), value)).toBe(0);
    await program.dispose();
  });
});

describe('compile', () => {
  it('names an operation that the backend lacks', async () => {
    const signature = { state: {}, batch: { x: { dtype: 'float32', shape: [2, 2] } } } as const;
    await expect(
      engine.compile(
        (_, { x }) => ({ state: {}, outputs: { y: tf.image.flipLeftRight(tf.reshape(x as tf.Tensor, [1, 2, 2, 1])) } }),
        signature,
      ),
    ).rejects.toThrow(/^FlipLeftRight: expected a kernel/);
  });

  it('names an operation that is another one for other sizes', async () => {
    const signature = { state: {}, batch: { x: { dtype: 'float32', shape: ['rows', 2] } } } as const;
    await expect(
      engine.compile(
        (_, { x }) => ({
          state: {},
          outputs: { y: ((x as tf.Tensor).shape[0] ?? 0) % 4 === 3 ? tf.exp(x as tf.Tensor) : tf.log(x as tf.Tensor) },
        }),
        signature,
      ),
    ).rejects.toThrow(/Exp.*Log|Log.*Exp/);
  });
});
