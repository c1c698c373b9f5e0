import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createOnnxEngine, registerOnnxBackend, type OnnxBackend, type TensorValue } from '@samequestion/tfjs-onnx';
import { composition, OPERATIONS, randomFrom } from './compositions.ts';
import { distance, numbers, transformerBatch, transformerSignature, transformerState, transformerStep } from './steps.ts';

registerOnnxBackend();
beforeEach(async () => {
  await tf.setBackend('onnx');
});
afterAll(async () => {
  await tf.setBackend('cpu');
});

const compilations = (): number => (tf.backend() as OnnxBackend).compilations;

describe('the eager backend', () => {
  it('computes what is read, with and without waiting', async () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const product = tf.matMul(x, x);
    expect([...(await product.data())]).toEqual([7, 10, 15, 22]);
    expect([...tf.add(product, 1).dataSync()]).toEqual([8, 11, 16, 23]);
    expect(tf.argMax(product, 1).arraySync()).toEqual([1, 1]);
    expect(tf.greater(product, 10).arraySync()).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('compiles reads that are asked for together once', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const before = compilations();
    const [a, b] = await Promise.all([tf.sinh(x).data(), tf.cosh(x).data()]);
    expect(compilations() - before).toBe(1);
    expect(a[0]).toBeCloseTo(Math.sinh(1), 6);
    expect(b[2]).toBeCloseTo(Math.cosh(3), 5);
  });

  it('trains with an optimizer of tfjs, and a loop compiles no more than its first rounds', async () => {
    const x = tf.tensor2d(numbers(60, 3), [20, 3]);
    const y = tf.add(tf.matMul(x, tf.tensor2d([1, -2, 0.5], [3, 1])), 0.25);
    const weight = tf.variable(tf.zeros([3, 1]));
    const bias = tf.variable(tf.zeros([1]));
    const optimizer = tf.train.adam(0.1);
    const loss = (): tf.Scalar => tf.losses.meanSquaredError(y, tf.add(tf.matMul(x, weight as tf.Tensor2D), bias));
    const round = async (): Promise<number> => {
      const value = optimizer.minimize(loss, true);
      const [number = Number.NaN] = (await value?.data()) ?? [];
      value?.dispose();
      return number;
    };
    const first = await round();
    for (let i = 0; i < 10; i++) await round();
    const before = compilations();
    const tensors = tf.memory().numTensors;
    let last = first;
    for (let i = 0; i < 150; i++) last = await round();
    expect(compilations()).toBe(before);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(last).toBeLessThan(first / 1000);
    expect(bias.dataSync()[0]).toBeCloseTo(0.25, 1);
  });

  it('computes a long loop that nothing reads before it piles up', () => {
    const sum = tf.tidy(() => {
      let value: tf.Tensor = tf.scalar(0);
      for (let i = 0; i < 4500; i++) value = tf.tidy(() => tf.add(value, 1));
      return value;
    });
    expect(sum.dataSync()[0]).toBe(4500);
  });

  it('counts tensors and bytes as tfjs does, and forgets what is disposed', () => {
    const before = tf.memory();
    const x = tf.tensor1d([1, 2, 3]);
    const copy = tf.clone(x);
    const y = tf.square(x);
    expect(tf.memory().numTensors - before.numTensors).toBe(3);
    expect(tf.memory().numDataBuffers - before.numDataBuffers).toBe(2);
    x.dispose();
    expect([...copy.dataSync()]).toEqual([1, 2, 3]);
    copy.dispose();
    expect([...y.dataSync()]).toEqual([1, 4, 9]);
    y.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(() => y.dataSync()).toThrow(/disposed/u);
  });

  it('takes tensors of other backends and gives its own to them', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 4, 9]);
    await tf.setBackend('onnx');
    const root = tf.sqrt(x);
    await tf.setBackend('cpu');
    expect([...tf.add(root, x).dataSync()]).toEqual([2, 6, 12]);
  });

  it('times what it runs', async () => {
    const time = await tf.time(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])));
    expect(Number(time.kernelMs)).toBeGreaterThan(0);
  });

  it('names a kernel that it lacks, and the place of the call', () => {
    expect(() => tf.image.flipLeftRight(tf.ones([1, 2, 2, 1]))).toThrow(
      /^FlipLeftRight: expected a kernel of the onnx backend.*eager\.test\.ts:\d+/u,
    );
  });

  it('names types that it lacks', () => {
    expect(() => tf.tensor1d(['a'])).toThrow(/^tensor: expected float32, int32 or bool, got string/u);
  });

  it('names what could not run', () => {
    const indices = tf.cast(tf.add(tf.tensor1d([1, 2]), 5), 'int32');
    expect(() => tf.gather(tf.tensor1d([1, 2]), indices).dataSync()).toThrow(/^data: expected .*GatherV2 to run, got ".*indices/u);
  });
});

/** Of the largest number in a gradient: float32 operations one after another. The loss, a sum of sines that may cancel, is compared as it is. */
const GRADIENTS = 1e-5;
const COMPOSITIONS = 200;
const SHAPES = [[3, 4], [4], [2, 1, 4]] as const;

const gradientsOf = async (backend: string, seed: number): Promise<readonly Float32Array[]> => {
  await tf.setBackend(backend);
  tf.engine().startScope();
  try {
    const inputs = SHAPES.map((shape, i) =>
      tf.tensor(
        numbers(
          shape.reduce((a: number, b: number) => a * b, 1),
          seed * 7 + i,
        ),
        [...shape],
      ),
    );
    const { value, grads } = tf.valueAndGrads(composition(seed).loss)(inputs);
    return await Promise.all([value, ...grads].map(async (tensor) => (await tensor.data()) as Float32Array));
  } finally {
    tf.engine().endScope();
  }
};

const difference = (actual: Float32Array, expected: Float32Array, scale: number): number =>
  actual.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (expected[i] ?? Number.NaN)) / scale), 0);

const largestIn = (values: Float32Array): number => values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);

describe('gradients', () => {
  it(`of ${COMPOSITIONS} random compositions are those of tfjs's CPU backend`, async () => {
    const used = new Set<string>();
    for (let seed = 0; seed < COMPOSITIONS; seed++) {
      const { names } = composition(seed);
      for (const name of names) used.add(name);
      const expected = await gradientsOf('cpu', seed);
      const actual = await gradientsOf('onnx', seed);
      for (const [i, value] of actual.entries()) {
        const wanted = expected[i] ?? new Float32Array();
        const found = difference(value, wanted, i === 0 ? 1 : largestIn(wanted));
        expect(found, `composition ${seed}, result ${i}: ${names.join(', ')}`).toBeLessThan(GRADIENTS);
      }
    }
    expect([...used].sort()).toEqual(Object.keys(OPERATIONS).sort());
  });
});

/** Both run on ONNX Runtime; the compiled step has its products fused and its AdamW on the host. */
const COMPILED = 1e-5;

describe('a compiled step', () => {
  it('agrees with the eager backend at 20 random batch shapes, with one compilation', async () => {
    const engine = await createOnnxEngine({ threads: 1 });
    const program = await engine.compile(transformerStep, transformerSignature());
    const state = transformerState();
    const random = randomFrom(12);
    for (let k = 0; k < 20; k++) {
      const [size, length] = [1 + Math.floor(random() * 6), 2 + Math.floor(random() * 14)];
      const batch = transformerBatch(size, length, k + 1);
      await program.load(state);
      const outputs = await program.run(batch);
      const next = await program.read();
      const expected = tf.tidy(() => {
        const tensors = (values: Readonly<Record<string, TensorValue>>): Record<string, tf.Tensor> =>
          Object.fromEntries(
            Object.entries(values).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data.slice(), [...shape], dtype)]),
          );
        const result = transformerStep(tensors(state), tensors(batch));
        return Object.entries({ ...result.outputs, ...result.state }).map(
          ([name, t]) => [name, { dtype: t.dtype as 'float32', shape: t.shape, data: t.dataSync() as Float32Array }] as const,
        );
      });
      for (const [name, value] of expected) {
        const actual = outputs[name] ?? next[name];
        expect(actual === undefined ? Infinity : distance(actual, value), `${name} of ${size} × ${length}`).toBeLessThan(COMPILED);
      }
    }
    await engine.dispose();
  });
});
