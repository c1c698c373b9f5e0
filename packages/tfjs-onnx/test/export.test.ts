import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toOnnx, type ExportedModel, type TensorValue } from '@samequestion/tfjs-onnx';
import { distance, floats } from './steps.ts';

/** Float32 sums in another order. */
const TOLERANCE = 1e-5;

const VOCABULARY = 20;
const WIDTH = 6;

const weights = {
  'embeddings.weight': floats([VOCABULARY, WIDTH], 1),
  'head.weight': floats([2, WIDTH], 2),
  'head.bias': floats([2], 3),
};

type Named = Readonly<Record<string, tf.Tensor>>;

const get = (tensors: Named, name: string): tf.Tensor => {
  const tensor = tensors[name];
  if (tensor === undefined) throw new Error(`no tensor ${name}`);
  return tensor;
};

/** Rows of ids, their mean under a mask, a linear head: the inputs that a BERT classifier has. */
const classify = (inputs: Named, w: Named): Named => {
  const ids = get(inputs, 'input_ids');
  const [batch = 0, length = 0] = ids.shape;
  const mask = tf.reshape(tf.cast(get(inputs, 'attention_mask'), 'float32'), [batch, length, 1]);
  const rows = tf.mul(tf.gather(get(w, 'embeddings.weight'), ids), mask);
  const mean = tf.div(tf.sum(rows, 1), tf.mul(tf.sum(mask, 1), length));
  const logits = tf.add(tf.matMul(mean as tf.Tensor2D, get(w, 'head.weight') as tf.Tensor2D, false, true), get(w, 'head.bias'));
  return { logits, flat: tf.reshape(rows, [batch * length, WIDTH]) };
};

const ids = { dtype: 'int64', shape: ['batch', 'sequence'] } as const;
const signature = { input_ids: ids, attention_mask: ids, token_type_ids: ids };

const int64 = (values: readonly number[], shape: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values.map(BigInt)), shape);

const floatsOf = (tensor: Tensor | undefined): number[] => Array.from((tensor?.data ?? []) as Float32Array);

const feeds = (batch: number, length: number): Record<string, readonly number[]> => ({
  input_ids: Array.from({ length: batch * length }, (_, i) => (i * 7) % VOCABULARY),
  attention_mask: Array.from({ length: batch * length }, (_, i) => Number(i % length === 0 || i % 3 !== 0)),
  token_type_ids: Array.from({ length: batch * length }, () => 0),
});

const expected = (batch: number, length: number): Record<string, TensorValue> => {
  tf.setBackend('cpu');
  return tf.tidy(() => {
    const inputs = Object.fromEntries(
      Object.entries(feeds(batch, length)).map(([name, v]) => [name, tf.tensor([...v], [batch, length], 'int32')]),
    );
    const w = Object.fromEntries(Object.entries(weights).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]));
    return Object.fromEntries(
      Object.entries(classify(inputs, w)).map(([name, t]) => [
        name,
        { dtype: 'float32' as const, shape: t.shape, data: t.dataSync() as Float32Array },
      ]),
    );
  });
};

const check = async (session: InferenceSession): Promise<void> => {
  for (const [batch, length] of [
    [1, 4],
    [3, 9],
    [5, 1],
  ] as const) {
    const given = Object.fromEntries(Object.entries(feeds(batch, length)).map(([name, v]) => [name, int64(v, [batch, length])]));
    const outputs = await session.run(given);
    for (const [name, value] of Object.entries(expected(batch, length))) {
      const output = outputs[name];
      const actual: TensorValue = { dtype: 'float32', shape: output?.dims ?? [], data: output?.data as Float32Array };
      expect(distance(actual, value)).toBeLessThan(TOLERANCE);
    }
  }
};

const externally = ({ model, data }: ExportedModel): Promise<InferenceSession> =>
  InferenceSession.create(model, {
    externalData: data === undefined ? [] : [{ path: data.file, data: Buffer.concat(data.parts) }],
  });

describe('an exported model', () => {
  const file = toOnnx(classify, signature, { weights, name: 'classifier', description: 'Two classes.', metadata: { labels: 'no,yes' } });

  it('runs alone for every batch and length, with int64 inputs', async () => {
    const session = await InferenceSession.create(file.model);
    expect(session.inputNames).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
    expect(session.inputMetadata.map((input) => input.isTensor && [input.type, ...input.shape])).toEqual(
      Array.from({ length: 3 }, () => ['int64', 'batch', 'sequence']),
    );
    expect(session.outputNames).toEqual(['logits', 'flat']);
    await check(session);
    await session.release();
  });

  it('says its operator set and carries its description, metadata and weight names', () => {
    const text = Buffer.from(file.model).toString('latin1');
    for (const part of ['classifier', 'Two classes.', 'labels', 'no,yes', ...Object.keys(weights)]) expect(text).toContain(part);
    expect(file.opset).toBe(18);
    expect(text).not.toContain('com.microsoft');
  });

  it('keeps large weights in a file beside it', async () => {
    const large = { ...weights, 'embeddings.weight': floats([VOCABULARY, 200], 1) };
    const wide = (inputs: Named, w: Named): Named => ({ rows: tf.gather(get(w, 'embeddings.weight'), get(inputs, 'input_ids')) });
    const whole = toOnnx(wide, { input_ids: ids }, { weights: large });
    const split = toOnnx(wide, { input_ids: ids }, { weights: large, maximumBytes: 5000, dataFile: 'rows.bin' });
    expect(whole.data).toBeUndefined();
    expect(split.data?.file).toBe('rows.bin');
    expect(split.model.length).toBeLessThan(1000);
    const session = await externally(split);
    const { rows } = await session.run({ input_ids: int64([3, 0], [1, 2]) });
    expect(floatsOf(rows).slice(0, 200)).toEqual([...large['embeddings.weight'].data.subarray(600, 800)]);
    await session.release();
  });

  it('holds tensors that the function finds elsewhere, and may compute gradients', async () => {
    tf.setBackend('cpu');
    const factor = tf.variable(tf.tensor1d([2, -3]));
    const slope = tf.grad((x) => tf.sum(tf.mul(tf.square(x), factor)));
    const { model } = toOnnx(({ x }) => ({ slope: slope(x as tf.Tensor) }), { x: { dtype: 'float32', shape: ['rows', 2] } });
    const session = await InferenceSession.create(model);
    const { slope: result } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 1, 5, 0.5), [2, 2]) });
    expect(floatsOf(result)).toEqual([4, -6, 20, -3]);
    await session.release();
  });
});

describe('toOnnx', () => {
  const x = { dtype: 'float32', shape: [2] } as const;

  it('refuses names that are used twice', () => {
    expect(() => toOnnx(({ x: value }) => ({ x: tf.exp(value as tf.Tensor) }), { x })).toThrow(
      /^toOnnx: expected a name of its own for output "x"/u,
    );
    expect(() => toOnnx(() => ({}), { x }, { weights: { x: floats([2], 1) } })).toThrow(/weight "x"/u);
  });

  it('refuses weights that do not fill their shape', () => {
    expect(() => toOnnx(() => ({}), { x }, { weights: { w: { dtype: 'float32', shape: [3], data: new Float32Array(2) } } })).toThrow(
      /^toOnnx: expected 3 values in weight "w" \[3\], got 2/u,
    );
  });

  it('names the value and the place of a read, and what to do', () => {
    const read = ({ x: value }: Named): Named => {
      const total = tf.sum(value as tf.Tensor);
      return { y: (total.dataSync()[0] ?? 0) > 0 ? total : tf.neg(total) };
    };
    expect(() => toOnnx(read, { x })).toThrow(
      /^dataSync: expected a tensor with values, got a result of Sum.*export\.test\.ts:\d+.*tf\.where/u,
    );
  });

  it('names a kernel that it lacks and the place of the call', () => {
    expect(() => toOnnx(({ x: value }) => ({ y: tf.image.flipLeftRight(tf.reshape(value as tf.Tensor, [1, 1, 2, 1])) }), { x })).toThrow(
      /^FlipLeftRight: expected a kernel of the onnx backend, got one that it lacks \(.*export\.test\.ts:\d+/u,
    );
  });
});
