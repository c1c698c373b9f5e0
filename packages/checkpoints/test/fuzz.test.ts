// Damaged files of each format: 250 by default, and as many as CHECKPOINT_FUZZ says, seeded either way.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  bytesOf,
  byteLength,
  CheckpointError,
  openCheckpoint,
  safetensorsBytes,
  type ByteSource,
  type TensorRecord,
} from '@samequestion/checkpoints';
import { damage, generator, type Random } from './writers/damage.ts';
import { archiveOf, legacyOf, PickleWriter, type StorageToWrite } from './writers/pytorch.ts';
import { bundleEntry, bundleHeader, bundleOf, snappy, tableOf } from './writers/tensorflow.ts';

const files = Number(process.env['CHECKPOINT_FUZZ'] ?? 250);
const golden = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`golden/${name}`, import.meta.url)));

/** A checkpoint's files: the one that is opened, and those beside it. */
interface Files {
  readonly main: Uint8Array;
  readonly beside?: Uint8Array;
  /** By how much a legal file may unpack in memory. 1 unless it is compressed. */
  readonly growth?: number;
}

const values = Float32Array.from({ length: 24 }, (_, i) => i);
const storage: StorageToWrite = { dtype: 'F32', key: '0', count: 24 };
const legacyStorage: StorageToWrite = { ...storage, view: null };
function pickleOf(from: StorageToWrite): Uint8Array {
  const pickle = new PickleWriter().protocol().global('collections', 'OrderedDict').op(')Rq\x00(');
  pickle
    .string('a')
    .tensor(from, { shape: [4, 6] })
    .string('b')
    .tensor(from, { shape: [6, 4], strides: [1, 6] });
  pickle.string('c').op('](').tensor(from, { shape: [], offset: 7 }).integer(70_000).op('G').bytes(new Uint8Array(8)).op('e');
  return pickle.string('epoch').integer(3).op('u').op('}').string('_metadata').op('h\x00sb.').done();
}
const records: readonly TensorRecord[] = Array.from({ length: 40 }, (_, i) => ({
  name: `bert/encoder/layer_${i % 12}/dense_${i}/kernel`,
  dtype: i % 3 === 0 ? 'F32' : 'F16',
  shape: [2, 3],
  data: new Uint8Array(i % 3 === 0 ? 24 : 12).fill(i),
}));

/** Each format's damaged files. Where a format has checksums, half the damage is done before they are taken: else nothing behind them would be reached. */
const formats: Readonly<Record<string, (random: Random) => Files | Promise<Files>>> = {
  safetensors: async (random) => {
    if (random() < 0.2) return { main: damage(golden('hf-folder/model.safetensors'), random) };
    return { main: damage(await safetensorsBytes(records, { format: 'pt' }), random) };
  },
  tensorflow: (random) => {
    const kind = random();
    const bundle = bundleOf(records, 1, { perBlock: 9 });
    const shard = bundle.shards[0] ?? new Uint8Array(0);
    if (kind < 0.1)
      return { main: damage(golden('google/bert_model.ckpt.index'), random), beside: golden('google/bert_model.ckpt.data-00000-of-00001') };
    if (kind < 0.25) return { main: damage(bundle.index, random), beside: shard };
    if (kind < 0.35) return { main: bundle.index, beside: damage(shard, random) };
    if (kind < 0.6)
      return {
        main: bundleOf(records, 1, { perBlock: 9, compress: (block) => (random() < 0.3 ? damage(snappy(block), random) : snappy(block)) })
          .index,
        beside: shard,
        growth: 22,
      };
    if (kind < 0.8) return { main: tableOf(damagedEntries(random)), beside: shard };
    return {
      main: bundleOf(records, 1, { perBlock: 9, change: (block) => (random() < 0.3 ? damage(block, random) : block) }).index,
      beside: shard,
    };
  },
  'pytorch, zip': (random) => {
    const kind = random();
    if (kind < 0.1) return { main: damage(golden('strided.bin'), random) };
    const archive = (pickle: Uint8Array): Uint8Array => archiveOf(pickle, { 0: bytesOf(values) }, { zip64: random() < 0.2 });
    return { main: kind < 0.4 ? damage(archive(pickleOf(storage)), random) : archive(damage(pickleOf(storage), random)) };
  },
  'pytorch, before zip': (random) => {
    if (random() < 0.05) return { main: damage(golden('pytorch_model_legacy.bin'), random) };
    const stored = { key: '0', count: 24, data: bytesOf(values) };
    if (random() < 0.4) return { main: damage(legacyOf(pickleOf(legacyStorage), [stored]), random) };
    return { main: legacyOf(damage(pickleOf(legacyStorage), random), [stored]) };
  },
};

function damagedEntries(random: Random): (readonly [string, Uint8Array])[] {
  const entries: (readonly [string, Uint8Array])[] = [['', random() < 0.1 ? damage(bundleHeader(1), random) : bundleHeader(1)]];
  for (const [i, record] of records.entries()) {
    const entry = bundleEntry({ ...record, shard: 0, offset: 24 * i, size: record.data.length, crc: 0 });
    entries.push([`name_${String(i).padStart(2, '0')}`, random() < 0.1 ? damage(entry, random) : entry]);
  }
  return entries;
}

/** The longest array that was asked for by its length. */
let longest = 0;
beforeEach(() => {
  longest = 0;
  const watched = new Proxy(Uint8Array, {
    construct(target, args: [number]) {
      if (typeof args[0] === 'number') longest = Math.max(longest, args[0]);
      return new target(...args);
    },
  });
  vi.stubGlobal('Uint8Array', watched);
});
afterEach(() => vi.unstubAllGlobals());

/** A source that allocates what it is asked for, as a file does. */
function copyingSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    size: bytes.length,
    name,
    read: (offset, length) => {
      const copy = new Uint8Array(length);
      copy.set(bytes.subarray(offset, offset + length));
      return Promise.resolve(copy);
    },
  };
}

/** Opens a checkpoint and reads all of it. Gives the error, or how many tensors there were. */
async function readAll({ main, beside }: Files): Promise<CheckpointError | number> {
  const sibling = (): Promise<ByteSource> => Promise.resolve(copyingSource(beside ?? main, 'shard'));
  try {
    const checkpoint = await openCheckpoint(copyingSource(main, 'model.ckpt.index'), { sibling });
    for (const name of checkpoint.names()) {
      const record = await checkpoint.read(name);
      if (record.data.length !== byteLength(record)) throw new Error(`${name} has ${record.data.length} bytes`);
    }
    return checkpoint.names().length;
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
}

describe.each(Object.keys(formats))('damaged files: %s', (format) => {
  it(
    'give a CheckpointError of one line or whole tensors, within the file’s size, without running anything',
    { timeout: 600_000 },
    async () => {
      const evaluate = vi.spyOn(globalThis, 'eval');
      const construct = vi.spyOn(globalThis, 'Function');
      const random = generator(format.length);
      let refused = 0;
      let allocated = 0;
      for (let i = 0; i < files; i++) {
        const damaged = await formats[format]?.(random);
        if (damaged === undefined) throw new Error('no such format');
        longest = 0;
        const result = await readAll(damaged);
        const size = damaged.main.length + (damaged.beside?.length ?? 0);
        expect(longest).toBeLessThanOrEqual(size * (damaged.growth ?? 1));
        allocated += longest;
        if (typeof result === 'number') continue;
        refused++;
        expect(result.message).not.toMatch(/[\n\r]/);
      }
      expect(allocated).toBeGreaterThan(0);
      // Most damage must be found; the rest hits values, names or padding, where any bytes are legal.
      expect(refused / files).toBeGreaterThan(0.4);
      expect(evaluate).not.toHaveBeenCalled();
      expect(construct).not.toHaveBeenCalled();
      vi.restoreAllMocks();
    },
  );
});
