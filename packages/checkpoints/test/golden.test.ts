// Golden files: PyTorch 2.13.0, transformers 5.23.0, TensorFlow 2.21.0; golden/ORIGIN.md says how each was saved.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  blobSource,
  bytesSource,
  fromFloat32,
  openCheckpoint,
  toFloat32,
  toInt32,
  type Checkpoint,
  type TensorRecord,
} from '@samequestion/checkpoints';
import { openCheckpointFile } from '@samequestion/checkpoints/node';

const pathOf = (name: string): string => fileURLToPath(new URL(`golden/${name}`, import.meta.url));
const open: Checkpoint[] = [];
async function load(name: string): Promise<Checkpoint> {
  const checkpoint = await openCheckpointFile(pathOf(name));
  open.push(checkpoint);
  return checkpoint;
}
afterAll(() => Promise.all(open.map((checkpoint) => checkpoint.close())));

let reference: Checkpoint;
let mlm: Checkpoint;
beforeAll(async () => {
  reference = await load('hf-folder/model.safetensors');
  mlm = await load('hf-folder-mlm/model.safetensors');
});

const counted = (length: number): number[] => Array.from({ length }, (_, i) => i);
const asBuffer = ({ data }: TensorRecord): Buffer => Buffer.from(data.buffer, data.byteOffset, data.length);

/** google-research/bert's name for a Hugging Face tensor, and whether it is stored transposed. */
function googleName(name: string): { readonly name: string; readonly transposed: boolean } {
  const plain = name
    .replace('encoder.layer.', 'encoder.layer_')
    .replace(/LayerNorm\.weight$/, 'LayerNorm.gamma')
    .replace(/LayerNorm\.bias$/, 'LayerNorm.beta')
    .replace(/embeddings\.weight$/, 'embeddings')
    .replace(/^classifier\.weight$/, 'output_weights')
    .replace(/^classifier\.bias$/, 'output_bias')
    .replace(/^cls\.predictions\.bias$/, 'cls.predictions.output_bias');
  const transposed = plain.endsWith('.weight');
  return { name: plain.replace(/\.weight$/, '.kernel').replaceAll('.', '/'), transposed };
}

function transpose(values: Float32Array, [rows = 0, columns = 0]: readonly number[]): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? Number.NaN);
}

describe('the same weights in every format', () => {
  it.each(['pytorch_model.bin', 'pytorch_model_legacy.bin'])('are bit-equal in %s', async (name) => {
    const checkpoint = await load(name);
    expect(checkpoint.format).toBe('pytorch');
    expect(checkpoint.names().toSorted()).toEqual(reference.names().toSorted());
    for (const tensor of reference.names()) {
      expect(checkpoint.info(tensor)).toEqual(reference.info(tensor));
      expect(asBuffer(await checkpoint.read(tensor)).equals(asBuffer(await reference.read(tensor)))).toBe(true);
    }
  });

  it.each([
    ['pytorch_model_fp16.bin', 'F16'],
    ['pytorch_model_bf16.bin', 'BF16'],
  ] as const)('are in %s what rounding to %s gives, bit for bit', async (name, dtype) => {
    const checkpoint = await load(name);
    for (const tensor of reference.names()) {
      const narrow = await checkpoint.read(tensor);
      expect(narrow.dtype).toBe(dtype);
      const rounded = fromFloat32(toFloat32(await reference.read(tensor)), dtype);
      expect(asBuffer(narrow).equals(rounded)).toBe(true);
      expect(Buffer.from(fromFloat32(toFloat32(narrow), dtype)).equals(asBuffer(narrow))).toBe(true);
    }
  });

  it('are bit-equal in the TensorFlow checkpoint, kernels transposed, with the heads of both models', async () => {
    const checkpoint = await load('google/bert_model.ckpt');
    expect(checkpoint.format).toBe('tensorflow');
    const read = new Set<string>();
    for (const model of [reference, mlm]) {
      // The MLM model shares the encoder's random weights only by name: its head alone is in the checkpoint.
      const names = model.names().filter((name) => model === reference || name.startsWith('cls.'));
      for (const name of names) {
        const google = googleName(name);
        const values = toFloat32(await checkpoint.read(google.name));
        const expected = toFloat32(await model.read(name));
        read.add(google.name);
        expect(google.transposed ? transpose(values, checkpoint.info(google.name).shape) : values).toEqual(expected);
      }
    }
    const rest = checkpoint.names().filter((name) => !read.has(name) && !/adam_[mv]$/.test(name));
    expect(rest).toEqual(['global_step']);
    expect(toInt32(await checkpoint.read('global_step'))).toHaveLength(1);
    expect(checkpoint.info('global_step')).toEqual({ name: 'global_step', dtype: 'I64', shape: [] });
    expect(checkpoint.names().filter((name) => /adam_[mv]$/.test(name)).length).toBeGreaterThan(0);
    for (const name of checkpoint.names()) await checkpoint.read(name);
  });
});

describe('views in a PyTorch file', () => {
  it('come out row-major: whole, transposed, sliced, scalar, integers, bools, empty', async () => {
    const checkpoint = await load('strided.bin');
    const values = async (name: string): Promise<number[]> => [...toFloat32(await checkpoint.read(name))];
    expect(checkpoint.names()).toEqual(['base', 'transposed', 'slice', 'scalar', 'ints', 'bools', 'empty']);
    expect(await values('base')).toEqual(counted(24));
    expect(checkpoint.info('transposed').shape).toEqual([6, 4]);
    expect(await values('transposed')).toEqual(counted(24).map((i) => (i % 4) * 6 + Math.floor(i / 4)));
    expect(await values('slice')).toEqual([8, 9, 10, 14, 15, 16]);
    expect(checkpoint.info('scalar').shape).toEqual([]);
    expect(await values('scalar')).toEqual([3.5]);
    expect(checkpoint.info('ints').dtype).toBe('I64');
    expect([...toInt32(await checkpoint.read('ints'))]).toEqual(counted(7));
    expect([...(await checkpoint.read('bools')).data]).toEqual([1, 0]);
    expect(checkpoint.info('empty').shape).toEqual([0, 3]);
    expect((await checkpoint.read('empty')).data).toHaveLength(0);
  });
});

describe('the ways in', () => {
  it('read the same from a file, an array and a blob', async () => {
    const bytes = await readFile(pathOf('pytorch_model.bin'));
    const name = 'bert.pooler.dense.weight';
    const expected = asBuffer(await reference.read(name));
    for (const source of [bytesSource(bytes), blobSource(new Blob([bytes]))]) {
      const checkpoint = await openCheckpoint(source);
      expect(asBuffer(await checkpoint.read(name)).equals(expected)).toBe(true);
    }
  });

  it.each(['', '.index', '.data-00000-of-00001'])('open a TensorFlow checkpoint by NAME%s', async (suffix) => {
    expect((await load(`google/bert_model.ckpt${suffix}`)).names()).toContain('global_step');
  });
});
