import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEngine, describeAdapter, type OnnxEngine, type Signature, type Step, type TensorValue } from '@samequestion/tfjs-onnx';
import { findAdapter } from '../../../tools/software-gpu.ts';
import { distance, floats, transformerBatch, transformerSignature, transformerState, transformerStep } from './steps.ts';

const adapter = await findAdapter('webgpu tests');

const SHAPES = [
  [2, 6],
  [3, 12],
] as const;

describe.skipIf(adapter === undefined)('on WebGPU', () => {
  let engine: OnnxEngine;
  beforeAll(async () => {
    engine = await createOnnxEngine({ provider: 'webgpu' });
  });
  afterAll(async () => engine.dispose());

  it('trains 20 steps as the CPU does, on the GPU alone, with no state crossing to the host', async () => {
    const cpu = await createOnnxEngine({ threads: 1 });
    const [program, expected] = [
      await engine.compile(transformerStep, transformerSignature()),
      await cpu.compile(transformerStep, transformerSignature()),
    ];
    for (const one of [program, expected]) await one.load(transformerState());
    const before = await program.traffic();
    let inputs = 0;
    for (let step = 0; step < 20; step++) {
      const [size, length] = SHAPES[step % SHAPES.length] ?? [1, 1];
      const batch = transformerBatch(size, length, step + 5);
      inputs += Object.values(batch).reduce((sum, { data }) => sum + data.byteLength, 0);
      const [actual, reference] = [await program.run(batch), await expected.run(batch)];
      for (const [name, value] of Object.entries(reference)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(1e-5);
    }
    const after = await program.traffic();
    // Loss and norm come back; the batch and a few numbers about its sizes go out.
    expect(after.toHost - before.toHost).toBe(20 * 2 * 4);
    expect(after.toDevice - before.toDevice).toBeLessThan(inputs + 20 * 1024);
    const [actual, reference] = [await program.read(), await expected.read()];
    for (const [name, value] of Object.entries(reference)) expect(distance(actual[name] ?? floats([0], 0), value)).toBeLessThan(1e-4);
    const nodes = await program.explain(transformerBatch(2, 6, 1));
    expect(nodes.length).toBeGreaterThan(100);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
    await program.dispose();
    await cpu.dispose();
  });

  it('says which adapter it runs on', async () => {
    const found = await engine.adapter();
    expect(found).toEqual(adapter);
    // Windows and macOS have other graphics libraries, which do not tell.
    if (process.platform === 'linux') expect(found?.devices).toContain(found?.name);
    const cpu = await createOnnxEngine();
    expect(await cpu.adapter()).toBeUndefined();
    await cpu.dispose();
  });

  it('takes float16 products where the adapter can, and says so where it cannot', async () => {
    const half = await createOnnxEngine({ provider: 'webgpu', precision: 'float16' });
    const program = await half.compile(transformerStep, transformerSignature());
    await program.load(transformerState());
    if (adapter?.float16 !== true) {
      await expect(program.run(transformerBatch(2, 6, 5))).rejects.toThrow(
        "precision: expected a GPU that computes with 16-bit floats, got one that does not. Use precision 'float32'.",
      );
    } else {
      const cpu = await createOnnxEngine({ threads: 1 });
      const expected = await cpu.compile(transformerStep, transformerSignature());
      await expected.load(transformerState());
      for (let step = 0; step < 20; step++) {
        const batch = transformerBatch(3, 12, step);
        // 2⁻¹¹ = 5e-4 for each rounded product, of which the loss has gone through a dozen; AdamW carries it on.
        expect(
          distance((await program.run(batch))['loss'] ?? floats([0], 0), (await expected.run(batch))['loss'] ?? floats([0], 0)),
        ).toBeLessThan(2e-2);
      }
      await cpu.dispose();
    }
    await half.dispose();
  });

  it.each([
    [16, 128],
    [4, 96],
    [1, 131],
  ])('adds up the gradient of a small matrix in parts where %i × %i rows can be cut', async (batch, length) => {
    const cpu = await createOnnxEngine({ threads: 1 });
    const [program, expected] = [await engine.compile(matrixGradient, matrixSignature), await cpu.compile(matrixGradient, matrixSignature)];
    const values = { x: { ...floats([batch, length, 40], 3) }, y: { ...floats([batch, length, 36], 4) } };
    const [actual, reference] = [await program.run(values), await expected.run(values)];
    const root = Math.sqrt(batch * length);
    expect(reference['gradient']?.shape).toEqual([40, 36]);
    expect(distance(actual['gradient'] ?? floats([0], 0), reference['gradient'] ?? floats([0], 0))).toBeLessThan(1e-6 * root);
    const products = (await program.explain(values)).filter(({ op }) => op === 'MatMul');
    expect(products).toHaveLength(2);
    const parts = Math.max(...[16, 3, 1].filter((count) => (batch * length) % count === 0 && batch * length >= 128 * count));
    expect(products[0]?.shapes).toContain(`[${parts},40,${(batch * length) / parts}]`);
    for (const one of [program, cpu]) await one.dispose();
  });

  it('leaves everything as it is where an update is switched off, whatever the gradient holds', async () => {
    const program = await engine.compile(switchedUpdate, switchedSignature);
    const state = { w: vector([1, -2, 3]), 'w/m': vector([0.1, -0.2, 0.3]), 'w/v': vector([0.3, 0.2, 0.1]) };
    await program.load(state);
    for (const value of [Number.NaN, Infinity]) {
      await program.run({ gradient: vector([1, value, 2]), on: scalar(0) });
      expect(await program.read()).toEqual(state);
    }
    await program.run({ gradient: vector([1, 2, 3]), on: scalar(1) });
    const cpu = await createOnnxEngine({ threads: 1 });
    const expected = await cpu.compile(switchedUpdate, switchedSignature);
    await expected.load(state);
    await expected.run({ gradient: vector([1, 2, 3]), on: scalar(1) });
    for (const [name, value] of Object.entries(await expected.read())) {
      expect(distance((await program.read([name]))[name] ?? floats([0], 0), value)).toBeLessThan(1e-6);
      expect(value).not.toEqual(state[name as keyof typeof state]);
    }
    await program.dispose();
    await cpu.dispose();
  });

  // The software adapter has no buffers above 1 GiB; a real one might well make this one.
  it.runIf(adapter?.name?.includes('SwiftShader') === true)('names sizes where the GPU lacks memory, and keeps the state', async () => {
    const program = await engine.compile(outerProduct, outerSignature);
    await program.load({ sum: scalar(1) });
    const large = { x: vector(new Float32Array(40_000)), y: vector(new Float32Array(10_000)) };
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(program.run(large)).rejects.toThrow(
        /^run: expected GPU buffers of at most 1,024 MiB, got a value of 1,526 MiB \(intermediate values about 3,052 MiB at once, the largest \[40000, 10000\] of Mul 1,526 MiB; state 1 MiB; batch .*x \[40000\].*\)\. Use smaller batches, .* The state is as it was\.$/u,
      );
      expect((await program.read())['sum']?.data).toEqual(Float32Array.of(1 + attempt * 4));
      await program.run({ x: vector([0, 0]), y: vector([0, 0]) });
    }
    await program.dispose();
  });
});

describe('the adapter', () => {
  it.runIf(process.platform === 'linux')('is missed in one line where there is none', async () => {
    const before = process.env['VK_DRIVER_FILES'];
    process.env['VK_DRIVER_FILES'] = '/nowhere/driver.json';
    try {
      await expect(describeAdapter()).rejects.toThrow(/^adapter: expected a GPU that WebGPU can use, got [^\n]+$/u);
    } finally {
      if (before === undefined) delete process.env['VK_DRIVER_FILES'];
      else process.env['VK_DRIVER_FILES'] = before;
    }
  });
});

const get = (tensors: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  return tensor;
};

const vector = (values: ArrayLike<number>): TensorValue => ({
  dtype: 'float32',
  shape: [values.length],
  data: values instanceof Float32Array ? values : Float32Array.from(values),
});
const scalar = (value: number): TensorValue => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });

const outerSignature: Signature = {
  state: { sum: { dtype: 'float32', shape: [] } },
  batch: { x: { dtype: 'float32', shape: ['rows'] }, y: { dtype: 'float32', shape: ['columns'] } },
};
const outerProduct: Step = (state, batch) => {
  const product = tf.mul(tf.expandDims(get(batch, 'x'), 1), tf.expandDims(get(batch, 'y'), 0));
  return { state: { sum: tf.add(get(state, 'sum'), tf.sum(tf.exp(product))) }, outputs: {} };
};

const three = { dtype: 'float32', shape: [3] } as const;
const one = { dtype: 'float32', shape: [] } as const;
const switchedSignature: Signature = { state: { w: three, 'w/m': three, 'w/v': three }, batch: { gradient: three, on: one } };
/** AdamW that the batch switches on. */
const switchedUpdate: Step = (state, batch) => {
  const unit = tf.scalar(1);
  const [w, m, v] = tf.engine().runKernel(
    'AdamW',
    {
      parameter: get(state, 'w'),
      firstMoment: get(state, 'w/m'),
      secondMoment: get(state, 'w/v'),
      gradient: get(batch, 'gradient'),
      learningRate: tf.scalar(0.1),
      gradientScale: unit,
      correction1: unit,
      correction2: unit,
      enabled: tf.greater(get(batch, 'on'), 0.5),
    },
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 },
  ) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { state: { w, 'w/m': m, 'w/v': v }, outputs: {} };
};

const matrixSignature: Signature = {
  state: {},
  batch: { x: { dtype: 'float32', shape: ['batch', 'length', 40] }, y: { dtype: 'float32', shape: ['batch', 'length', 36] } },
};
/** xᵀ · y over all rows, as the gradient of a weight is computed. */
const matrixGradient: Step = (_, batch) => ({
  state: {},
  outputs: { gradient: tf.matMul(tf.reshape(get(batch, 'x'), [-1, 40]), tf.reshape(get(batch, 'y'), [-1, 36]), true) },
});
