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

/** Parameters with a gradient each, which is returned too. */
const updates: Step = (state, batch) => {
  const names = Object.keys(state).filter((name) => !name.includes('/'));
  const next: Record<string, tf.Tensor> = {};
  const outputs: Record<string, tf.Tensor> = {};
  for (const name of names) {
    const gradient = tf.mul(batch[`gradient/${name}`] as tf.Tensor, 2);
    const inputs = {
      parameter: state[name] as tf.Tensor,
      firstMoment: state[`${name}/m`] as tf.Tensor,
      secondMoment: state[`${name}/v`] as tf.Tensor,
      gradient,
      learningRate: tf.scalar(0.01),
      gradientScale: tf.scalar(0.5),
      correction1: tf.scalar(1),
      correction2: tf.scalar(1),
    };
    const [w, m, v] = tf.engine().runKernel('AdamW', inputs, factors) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    Object.assign(next, { [name]: w, [`${name}/m`]: m, [`${name}/v`]: v });
    outputs[name] = gradient;
  }
  return { state: next, outputs };
};

describe('AdamW in two threads', () => {
  // Together more than a million values: then the smaller one goes to a second thread. Odd counts leave a rest.
  const counts = { a: 700_001, b: 500_003 };

  const states = async (threads: number): Promise<readonly Record<string, TensorValue>[]> => {
    const engine = await createOnnxEngine({ threads });
    const spec = (count: number) => ({ dtype: 'float32', shape: [count] }) as const;
    const entries = Object.entries(counts);
    const program = await engine.compile(updates, {
      state: Object.fromEntries(entries.flatMap(([name, count]) => ['', '/m', '/v'].map((role) => [`${name}${role}`, spec(count)]))),
      batch: Object.fromEntries(entries.map(([name, count]) => [`gradient/${name}`, spec(count)])),
    });
    const values = (count: number, seed: number): TensorValue => ({ ...spec(count), data: floats([count], seed).data });
    const positive = (value: TensorValue): TensorValue => ({ ...value, data: (value.data as Float32Array).map(Math.abs) });
    await program.load(
      Object.fromEntries(
        entries.flatMap(([name, count], i) => [
          [name, values(count, 10 + i)],
          [`${name}/m`, values(count, 20 + i)],
          [`${name}/v`, positive(values(count, 30 + i))],
        ]),
      ),
    );
    const seen: Record<string, TensorValue>[] = [];
    for (const step of [1, 2, 3]) {
      const batch = Object.fromEntries(entries.map(([name, count], i) => [`gradient/${name}`, values(count, 40 + 2 * step + i)]));
      seen.push(await program.run(batch), await program.read());
      if (step === 2) await program.load({ 'a/m': values(counts.a, 5), b: values(counts.b, 6), 'b/m': values(counts.b, 7) });
      if (step === 2) await expect(program.run({})).rejects.toThrow(RangeError);
    }
    const batch = Object.fromEntries(entries.map(([name, count]) => [`gradient/${name}`, values(count, 1)]));
    const nodes = await program.explain(batch);
    expect(nodes.slice(0, -1).every(({ provider }) => provider === 'CPUExecutionProvider')).toBe(true);
    expect(nodes.at(-1)).toMatchObject({ op: 'AdamW', provider: 'WebAssembly', shapes: '[[{"float":[500003]},{"float":[700001]}]]' });
    // 1.2 million values, 28 bytes each: more than a tenth of a millisecond on any machine, and less than ten seconds.
    expect(nodes.at(-1)?.microseconds).toBeGreaterThan(100);
    expect(nodes.at(-1)?.microseconds).toBeLessThan(1e7);
    await engine.dispose();
    return seen;
  };

  it('equals one thread bit for bit, through loads, reads and a run that fails', async () => {
    const [one, two] = [await states(1), await states(2)];
    expect(two.length).toBe(6);
    for (const [i, record] of two.entries()) {
      for (const [name, { data }] of Object.entries(record)) {
        const expected = one[i]?.[name]?.data ?? new Float32Array();
        const bytes = (array: ArrayBufferView): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
        if (!bytes(data).equals(bytes(expected))) throw new Error(`${name} differs after step ${(i >> 1) + 1}`);
      }
    }
  }, 60_000);

  it('equals one thread bit for bit where parameters go to the second thread in several parcels', async () => {
    // More than two million values go together, more than six at once; one is larger than a parcel.
    const names = Array.from({ length: 16 }, (_, i) => `p${i}`);
    const spec = (name: string) => ({ dtype: 'float32', shape: [name === 'p9' ? 2_500_001 : 900_001] }) as const;
    const values = (name: string, seed: number): TensorValue => {
      const [count] = spec(name).shape;
      return { ...spec(name), data: Float32Array.from({ length: count }, (_, i) => (((i + 1) * (seed + 7)) % 8191) / 8191) };
    };
    const run = async (threads: number): Promise<Record<string, TensorValue>> => {
      const engine = await createOnnxEngine({ threads });
      const program = await engine.compile(updates, {
        state: Object.fromEntries(names.flatMap((name) => ['', '/m', '/v'].map((role) => [`${name}${role}`, spec(name)]))),
        batch: Object.fromEntries(names.map((name) => [`gradient/${name}`, spec(name)])),
      });
      for (const [i, name] of names.entries())
        await program.load({ [name]: values(name, i), [`${name}/m`]: values(name, 20 + i), [`${name}/v`]: values(name, 40 + i) });
      for (const step of [1, 2])
        await program.run(Object.fromEntries(names.map((name, i) => [`gradient/${name}`, values(name, 100 * step + i)])));
      const state = await program.read();
      await engine.dispose();
      return state;
    };
    const [one, two] = [await run(1), await run(2)];
    const bytes = ({ data }: TensorValue): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const none: TensorValue = { dtype: 'float32', shape: [0], data: new Float32Array() };
    expect(Object.keys(two).length).toBe(48);
    expect(Object.keys(two).filter((name) => !bytes(two[name] ?? none).equals(bytes(one[name] ?? none)))).toEqual([]);
  }, 60_000);

  it('makes moments 0 that have decayed below the least normal number, and keeps what is not a number', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const spec = { dtype: 'float32', shape: [8] } as const;
    const scalar = { dtype: 'float32', shape: [] } as const;
    const program = await engine.compile(update, {
      state: { w: spec, m: spec, v: spec },
      batch: { gradient: spec, rate: scalar, scale: scalar, correction: scalar },
    });
    const vector = (...data: readonly number[]): TensorValue => ({ dtype: 'float32', shape: [8], data: Float32Array.from(data) });
    const one: TensorValue = { dtype: 'float32', shape: [], data: Float32Array.of(1) };
    const least = 2 ** -126;
    const moments = vector(least, -least, 1e-40, -1e-40, 2 * least, -2 * least, 1, Number.NaN);
    await program.load({
      w: vector(1, 1, 1, 1, 1, 1, 1, 1),
      m: moments,
      v: vector(least, least, 1e-40, 1e-40, 2 * least, 2 * least, 1, 1),
    });
    await program.run({ gradient: vector(0, 0, 0, 0, 0, 0, 0, 0), rate: one, scale: one, correction: one });
    const { m, v } = await program.read(['m', 'v']);
    expect([...(m?.data ?? [])]).toEqual([0, 0, 0, 0, f(2 * least * f(0.9)), f(-2 * least * f(0.9)), f(0.9), Number.NaN]);
    expect([...(v?.data ?? [])]).toEqual([0, 0, 0, 0, f(2 * least * f(0.999)), f(2 * least * f(0.999)), f(0.999), f(0.999)]);
    await engine.dispose();
  });
});
