import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine, type Step, type TensorValue } from '@samequestion/tfjs-onnx';
import { floats } from './steps.ts';

const factors = { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 };
const SHAPES: Readonly<Record<string, readonly [number, number]>> = { up: [24, 10], down: [7, 24], left: [10, 10], right: [10, 10] };
const NAMES = Object.keys(SHAPES);
const ROLES = ['', '/m', '/v'] as const;

/** Products with weights `[out, in]`: two share an activation, one has more rows than columns, one fewer. */
const loss = (x: tf.Tensor, w: Readonly<Record<string, tf.Tensor>>): tf.Scalar => {
  const apply = (value: tf.Tensor, name: string): tf.Tensor => tf.matMul(value as tf.Tensor2D, w[name] as tf.Tensor2D, false, true);
  const sides = tf.mul(tf.tanh(apply(x, 'left')), tf.tanh(apply(x, 'right')));
  return tf.mean(tf.square(apply(tf.tanh(apply(sides, 'up')), 'down')));
};

/** A step of AdamW. Gradients that are returned can be seen, so their weights stay as they lie. */
const training =
  (shown: boolean): Step =>
  (state, batch) => {
    const tensors = NAMES.map((name) => state[name] as tf.Tensor);
    const compute = (...w: tf.Tensor[]): tf.Scalar =>
      loss(batch['x'] as tf.Tensor, Object.fromEntries(NAMES.map((name, i) => [name, w[i] as tf.Tensor])));
    const { value, grads } = tf.valueAndGrads(compute)(tensors);
    const norm = tf.sqrt(tf.addN(grads.map((gradient) => tf.sum(tf.square(gradient)))));
    const next: Record<string, tf.Tensor> = {};
    for (const [i, name] of NAMES.entries()) {
      const [parameter, firstMoment, secondMoment] = ROLES.map((role) => state[`${name}${role}`] as tf.Tensor);
      const one = tf.scalar(1);
      const scalars = { learningRate: tf.scalar(0.01), gradientScale: tf.div(1, tf.maximum(norm, 1)), correction1: one, correction2: one };
      const inputs = { parameter, firstMoment, secondMoment, gradient: grads[i], ...scalars };
      const updated = tf.engine().runKernel('AdamW', inputs as tf.NamedTensorMap, factors) as unknown as tf.Tensor[];
      for (const [k, role] of ROLES.entries()) next[`${name}${role}`] = updated[k] as tf.Tensor;
    }
    const gradients = shown ? Object.fromEntries(NAMES.map((name, i) => [`gradient/${name}`, grads[i] as tf.Tensor])) : {};
    return { state: next, outputs: { value, norm, ...gradients } };
  };

const spec = (shape: readonly number[]) => ({ dtype: 'float32', shape }) as const;
const entries = NAMES.flatMap((name) => ROLES.map((role) => [`${name}${role}`, SHAPES[name] as readonly number[]] as const));
const signature = {
  state: Object.fromEntries(entries.map(([name, shape]) => [name, spec(shape)])),
  batch: { x: spec(['n', 10] as never) },
};
const initial = (): Record<string, TensorValue> =>
  Object.fromEntries(
    entries.map(([name, shape], i) => {
      const { data } = floats([...shape], 3 + i);
      return [name, { ...spec(shape), data: name.endsWith('/v') ? (data as Float32Array).map(Math.abs) : (data as Float32Array) }];
    }),
  );

describe('weights in the state', () => {
  it('are read as they were loaded, whatever their layout inside', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const program = await engine.compile(training(false), signature);
    const state = initial();
    await program.load(state);
    expect(await program.read()).toEqual(state);
    await program.load({ up: state['up'] as TensorValue });
    expect(await program.read(['up/m', 'up'])).toEqual({ 'up/m': state['up/m'], up: state['up'] });
    await engine.dispose();
  });

  it('are updated alike in either layout', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const programs = [await engine.compile(training(false), signature), await engine.compile(training(true), signature)] as const;
    for (const program of programs) await program.load(initial());
    for (const step of [1, 2, 3]) {
      const x: TensorValue = { ...spec([4 + step, 10]), data: floats([4 + step, 10], 90 + step).data };
      for (const program of programs) await program.run({ x });
    }
    const [hidden, shown] = [await programs[0].read(), await programs[1].read()];
    for (const [name, { shape, data }] of Object.entries(hidden)) {
      const other = shown[name];
      expect(shape).toEqual(other?.shape);
      // Sums of at most 24 products in another order: a few units in the last place of float32.
      const worst = Math.max(...Array.from(data, (value, i) => Math.abs(value - Number(other?.data[i]))));
      expect(worst).toBeLessThan(1e-5);
    }
    await engine.dispose();
  });
});
