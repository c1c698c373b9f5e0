import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TensorRecord } from '@samequestion/checkpoints';
import { writeFileAtomically, writeSafetensorsFile } from '@samequestion/checkpoints/node';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { archiveWriter, legacyWriter, PickleWriter, type StorageToWrite } from '../test/writers/pytorch.ts';
import { bundleWriters } from '../test/writers/tensorflow.ts';
import type { Loaded } from './load-child.ts';

const hidden = 768;
const inner = 3072;
const layers = 12;

/** The tensors of bert-base-chinese, with arbitrary values. They share memory, so that making the files needs little. */
function bertBase(): readonly TensorRecord[] {
  const vocabulary = 21_128;
  const values = Float32Array.from({ length: vocabulary * hidden }, (_, i) => Math.sin(i) * 0.02);
  const tensor = (name: string, shape: readonly number[]): TensorRecord => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer, 0, count * 4) };
  };
  const linear = (name: string, [to, from]: readonly [number, number]): TensorRecord[] => [
    tensor(`${name}.weight`, [to, from]),
    tensor(`${name}.bias`, [to]),
  ];
  const norm = (name: string): TensorRecord[] => [tensor(`${name}.weight`, [hidden]), tensor(`${name}.bias`, [hidden])];
  const embeddings = [
    ['word', vocabulary],
    ['position', 512],
    ['token_type', 2],
  ] as const;
  const records = embeddings.map(([kind, rows]) => tensor(`bert.embeddings.${kind}_embeddings.weight`, [rows, hidden]));
  records.push(...norm('bert.embeddings.LayerNorm'), ...linear('bert.pooler.dense', [hidden, hidden]));
  for (let layer = 0; layer < layers; layer++) {
    const name = `bert.encoder.layer.${layer}`;
    for (const part of ['self.query', 'self.key', 'self.value', 'output.dense'])
      records.push(...linear(`${name}.attention.${part}`, [hidden, hidden]));
    records.push(...linear(`${name}.intermediate.dense`, [inner, hidden]), ...linear(`${name}.output.dense`, [hidden, inner]));
    records.push(...norm(`${name}.attention.output.LayerNorm`), ...norm(`${name}.output.LayerNorm`));
  }
  return records;
}

function pickleOf(records: readonly TensorRecord[], view: Pick<StorageToWrite, 'view'>): Uint8Array {
  const pickle = new PickleWriter().protocol().op('}(');
  for (const [i, { name, dtype, shape, data }] of records.entries())
    pickle.string(name).tensor({ dtype, key: String(i), count: data.length / 4, ...view }, { shape });
  return pickle.op('u.').done();
}

/** Writes a checkpoint and gives the path to open, and that of the largest file. */
const writers: Readonly<
  Record<string, (folder: string, records: readonly TensorRecord[]) => Promise<readonly [open: string, data: string]>>
> = {
  safetensors: async (folder, records) => {
    const path = join(folder, 'model.safetensors');
    await writeSafetensorsFile(path, records);
    return [path, path];
  },
  'PyTorch zip': async (folder, records) => {
    const path = join(folder, 'pytorch_model.bin');
    const storages = Object.fromEntries(records.map(({ data }, i) => [String(i), data]));
    await writeFileAtomically(path, archiveWriter(pickleOf(records, {}), storages).pieces);
    return [path, path];
  },
  'PyTorch before zip': async (folder, records) => {
    const path = join(folder, 'pytorch_model.bin');
    const storages = records.map(({ data }, i) => ({ key: String(i), count: data.length / 4, data }));
    await writeFileAtomically(path, legacyWriter(pickleOf(records, { view: null }), storages).pieces);
    return [path, path];
  },
  TensorFlow: async (folder, records) => {
    const { index, shards } = bundleWriters(records);
    const data = join(folder, 'bert_model.ckpt.data-00000-of-00001');
    await writeFileAtomically(join(folder, 'bert_model.ckpt.index'), [index]);
    await writeFileAtomically(data, shards[0]?.pieces ?? []);
    return [join(folder, 'bert_model.ckpt'), data];
  },
};

/** Runs the loading in a process of its own, so that its peak memory is its own. */
function load(mode: 'checkpoint' | 'file', path: string): Promise<Loaded> {
  const script = fileURLToPath(new URL('./load-child.ts', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, script, mode, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(output) as Loaded) : reject(new Error(`load-child ended with ${code}`))));
  });
}

/** 12 × 768 from each format: every tensor read and held. Target: under 5 s, at most 1.3 times its size in memory. */
export const bench: Bench = {
  name: 'checkpoints-load',
  about:
    'All tensors of a 12×768 BERT (409 MB) read from a file of each format, every checksum verified, against a plain read of the same file.',
  async run(report: (figure: Figure) => void): Promise<void> {
    const records = bertBase();
    for (const [format, write] of Object.entries(writers)) {
      const folder = await mkdtemp(join(tmpdir(), 'checkpoints-bench-'));
      try {
        const [path, data] = await write(folder, records);
        const megabytes = (await stat(data)).size / 1e6;
        const plain = await load('file', data);
        const { seconds, startRss, peakRss } = await load('checkpoint', path);
        const baseline = 'fs.readFile of the same file';
        report({ name: `${format}: time`, value: seconds, unit: 's', baseline, ratio: seconds / plain.seconds, note: 'target: under 5 s' });
        report({ name: `${format}: peak RSS`, value: peakRss / 1e6, unit: 'MB', note: `${startRss / 1e6} MB before opening` });
        report({
          name: `${format}: memory taken`,
          value: (peakRss - startRss) / 1e6,
          unit: 'MB',
          baseline: `size of the file, ${megabytes.toFixed(0)} MB`,
          ratio: (peakRss - startRss) / 1e6 / megabytes,
          note: 'target: at most 1.3 times',
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  },
};
