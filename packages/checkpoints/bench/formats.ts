import { join } from 'node:path';
import type { TensorRecord } from '@samequestion/checkpoints';
import { writeFileAtomically, writeSafetensorsFile } from '@samequestion/checkpoints/node';
import { archiveWriter, legacyWriter, PickleWriter, type StorageToWrite } from '../test/writers/pytorch.ts';
import { bundleWriters } from '../test/writers/tensorflow.ts';

/** Writes a checkpoint into a folder and gives the path to open, and that of the largest file. */
export type CheckpointWriter = (folder: string, records: readonly TensorRecord[]) => Promise<readonly [open: string, data: string]>;

function pickleOf(records: readonly TensorRecord[], view: Pick<StorageToWrite, 'view'>): Uint8Array {
  const pickle = new PickleWriter().protocol().op('}(');
  for (const [i, { name, dtype, shape, data }] of records.entries())
    pickle.string(name).tensor({ dtype, key: String(i), count: data.length / 4, ...view }, { shape });
  return pickle.op('u.').done();
}

/** Writers of every format, by its name. */
export const writers: Readonly<Record<'safetensors' | 'PyTorch zip' | 'PyTorch before zip' | 'TensorFlow', CheckpointWriter>> = {
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
