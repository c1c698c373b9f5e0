import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createOnnxEngine, type Step, type TensorValue } from '@samequestion/tfjs-onnx';
import { floats, numbers } from './steps.ts';

const factors = { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 };

/** Returns the next state by the kernel, for gradients that come with the batch. */
const update: Step = (state, batch) => {
  const { w, m, v } = state;
  const { gradient, rate, scale, correction } = batch;
  if (!w || !m || !v || !gradient || !rate || !scale || !correction) throw new Error('missing');
  const inputs = {
    parameter: w,
    firstMoment: m,
    secondMoment: v,
    gradient: tf.mul(gradient, 2),
    learningRate: rate,
    gradientScale: scale,
    correction1: correction,
    correction2: correction,
  };
  const [nextW, nextM, nextV] = tf.engine().runKernel('AdamW', inputs, factors) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { state: { w: nextW, m: nextM, v: nextV }, outputs: {} };
};

const f = Math.fround;

describe('AdamW on the host', () => {
  it.each([1, 3, 4, 17, 1000])('is exact to the formula in float32 for %i values, over three steps', async (count) => {
    const engine = await createOnnxEngine({ threads: 1 });
    const spec = { dtype: 'float32', shape: [count] } as const;
    const scalar = { dtype: 'float32', shape: [] } as const;
    const program = await engine.compile(update, {
      state: { w: spec, m: spec, v: spec },
      batch: { gradient: spec, rate: scalar, scale: scalar, correction: scalar },
    });
    let [w, m, v] = [numbers(count, 1), new Float32Array(count), new Float32Array(count)];
    const vector = (data: Float32Array): TensorValue => ({ dtype: 'float32', shape: [count], data });
    const number = (value: number): TensorValue => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
    await program.load({ w: vector(w), m: vector(m), v: vector(v) });
    for (const step of [1, 2, 3]) {
      const gradient = floats([count], step);
      const [rate, scale, correction] = [f(0.01 * step), f(0.3), f(1 / (1 - 0.9 ** step))];
      const g = gradient.data.map((value) => f(f(value * 2) * scale)) as Float32Array;
      m = m.map((value, i) => f(f(value * f(0.9)) + f((g[i] ?? 0) * f(1 - 0.9))));
      v = v.map((value, i) => f(f(value * f(0.999)) + f(f((g[i] ?? 0) * (g[i] ?? 0)) * f(1 - 0.999))));
      w = w.map((value, i) => {
        const deviation = f(f(Math.sqrt(f((v[i] ?? 0) * correction))) + f(1e-6));
        return value - f(f(f(f((m[i] ?? 0) * correction) / deviation) + f(value * f(0.01))) * rate);
      });
      await program.run({ gradient, rate: number(rate), scale: number(scale), correction: number(correction) });
    }
    const actual = await program.read();
    expect(actual['m']?.data).toEqual(m);
    expect(actual['v']?.data).toEqual(v);
    expect(actual['w']?.data).toEqual(w);
    await engine.dispose();
  });
});
