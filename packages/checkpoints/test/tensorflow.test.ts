import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource, CheckpointError, openCheckpoint, type Checkpoint, type DataType, type TensorRecord } from '@samequestion/checkpoints';
import { openCheckpointFile } from '@samequestion/checkpoints/node';
import { ByteWriter, crc32cOf } from './writers/bytes.ts';
import {
  blockOf,
  bundleEntry,
  bundleHeader,
  bundleOf,
  field,
  join,
  mask,
  snappy,
  tableOf,
  type Bundle,
  type Placed,
} from './writers/tensorflow.ts';

function open({ index, shards }: Bundle): Promise<Checkpoint> {
  const sibling = (name: string): Promise<ReturnType<typeof bytesSource>> => {
    const [, shard, count] = /^model\.ckpt\.data-(\d{5})-of-(\d{5})$/.exec(name) ?? [];
    const bytes = Number(count) === shards.length ? shards[Number(shard)] : undefined;
    return bytes === undefined
      ? Promise.reject(new CheckpointError(`no ${name}`, { fault: 'missing' }))
      : Promise.resolve(bytesSource(bytes, name));
  };
  return openCheckpoint(bytesSource(index, 'model.ckpt.index'), { sibling });
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, (bytes.at(at) ?? 0) ^ 1);

async function faultOf(bundle: Bundle, read?: string): Promise<CheckpointError> {
  try {
    const checkpoint = await open(bundle);
    if (read !== undefined) await checkpoint.read(read);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error('no error');
}

function tensor(name: string, dtype: DataType, shape: readonly number[], bytes: number): TensorRecord {
  return { name, dtype, shape, data: Uint8Array.from({ length: bytes }, (_, i) => i * 7 + name.length) };
}
const tensors = [
  tensor('bert/embeddings/word_embeddings', 'F32', [5, 3], 60),
  tensor('bert/encoder/layer_0/kernel', 'F16', [2, 2], 8),
  tensor('bert/encoder/layer_0/kernel/adam_m', 'BF16', [3], 6),
  tensor('empty', 'F32', [0, 4], 0),
  tensor('global_step', 'I64', [], 8),
  tensor('名字', 'BOOL', [3], 3),
];
const longBlocks = [
  ...tensors,
  ...Array.from({ length: 90 }, (_, i) => tensor(`zz/very/long/common/prefix/layer_${String(i).padStart(2, '0')}`, 'F32', [1], 4)),
];

describe('a TensorFlow V2 checkpoint', () => {
  it.each([
    ['one block', tensors, 1, {}],
    ['several blocks and shards', longBlocks, 3, { perBlock: 7 }],
    ['Snappy blocks', longBlocks, 1, { compress: snappy }],
  ] as const)('of %s gives back every tensor', async (_, records, shards, options) => {
    const checkpoint = await open(bundleOf(records, shards, options));
    expect(checkpoint.format).toBe('tensorflow');
    expect(checkpoint.names().toSorted()).toEqual(records.map(({ name }) => name).toSorted());
    for (const record of records) expect(await checkpoint.read(record.name)).toEqual(record);
  });

  it('lists text, unknown types and sliced variables as skipped', async () => {
    const placed: Placed = { name: 'x', dtype: 'F32', shape: [1], shard: 0, offset: 0, size: 4, crc: 0 };
    const entries: [string, Uint8Array][] = [
      ['', bundleHeader(1)],
      ['\0\u00ffslice', bundleEntry(placed)],
      ['complex', join(field(1, 8), field(2, new Uint8Array(0)))],
      ['graph', join(field(1, 7), field(5, 10))],
      ['partitioned', join(bundleEntry(placed), field(7, new Uint8Array(0)))],
    ];
    const checkpoint = await open({ index: tableOf(entries), shards: [] });
    expect(checkpoint.names()).toEqual([]);
    expect(checkpoint.skipped.map(({ reason }) => reason)).toEqual([
      'a slice of a partitioned variable',
      'element type 8',
      'text',
      'a partitioned variable, saved in slices',
    ]);
  });

  it('closes every file, and names one that is missing', async () => {
    const folder = await mkdtemp(joinPath(tmpdir(), 'bundle-'));
    const { index, shards } = bundleOf(tensors, 2);
    await writeFile(joinPath(folder, 'm.ckpt.index'), index);
    await writeFile(joinPath(folder, 'm.ckpt.data-00000-of-00002'), shards[0] ?? '');
    await expect(openCheckpointFile(joinPath(folder, 'm.ckpt'))).rejects.toMatchObject({
      fault: 'missing',
      message: expect.stringContaining('"m.ckpt.data-00001-of-00002"') as string,
    });
    await writeFile(joinPath(folder, 'm.ckpt.data-00001-of-00002'), shards[1] ?? '');
    const checkpoint = await openCheckpointFile(joinPath(folder, 'm.ckpt'));
    expect((await checkpoint.read('global_step')).data).toEqual(tensors[4]?.data);
    await checkpoint.close();
    await expect(checkpoint.read('global_step')).rejects.toMatchObject({ code: 'EBADF' });
    await rm(folder, { recursive: true });
  });

  it('says that an index alone is not enough', async () => {
    await expect(openCheckpoint(bytesSource(bundleOf(tensors).index))).rejects.toThrow(TypeError);
  });
});

describe('a damaged TensorFlow checkpoint', () => {
  const good = bundleOf(tensors);
  const data = good.shards[0] ?? new Uint8Array(0);
  const placed: Placed = { name: 'x', dtype: 'F32', shape: [1], shard: 0, offset: 0, size: 4, crc: 0 };
  const indexOf = (...entries: readonly (readonly [string, Partial<Placed>])[]): Bundle => ({
    index: tableOf([['', bundleHeader(1)], ...entries.map(([key, change]) => [key, bundleEntry({ ...placed, ...change })] as const)]),
    shards: [data],
  });

  it.each<[name: string, bundle: Bundle, fault: string, message: string]>([
    ['a flipped bit in a block', { ...good, index: flipped(good.index, 10) }, 'checksum', 'CRC-32C'],
    ['a footer without magic', { ...good, index: good.index.slice(0, -1) }, 'unsupported', 'TensorFlow V2 index'],
    ['a footer that points nowhere', { ...good, index: join(new Uint8Array(40).fill(127), good.index.slice(-8)) }, 'truncated', 'block'],
    ['a table without a header', { index: tableOf([['x', bundleEntry(placed)]]), shards: [] }, 'unsupported', 'V1 Saver'],
    ['an empty table', { index: tableOf([]), shards: [] }, 'unsupported', 'V1 Saver'],
    ['data that are big-endian', { index: tableOf([['', join(field(1, 1), field(2, 1))]]), shards: [] }, 'unsupported', 'little-endian'],
    ['no shards', { index: tableOf([['', bundleHeader(0)]]), shards: [] }, 'malformed', 'at least one shard'],
    ['a repeated name', indexOf(['a', {}], ['a', { offset: 4 }]), 'malformed', 'rising order'],
    ['names out of order', indexOf(['b', {}], ['a', { offset: 4 }]), 'malformed', 'rising order'],
    ['overlapping tensors', indexOf(['a', {}], ['b', { offset: 2 }]), 'malformed', 'overlap with "a"'],
    ['a shard that is not counted', indexOf(['a', { shard: 1 }]), 'malformed', 'a shard below 1, got 1'],
    ['a tensor past the shard', indexOf(['a', { offset: 1000 }]), 'truncated', 'at 1000'],
    ['a tensor larger than the file', indexOf(['a', { shape: [2 ** 40], size: 2 ** 42 }]), 'truncated', 'got a file of'],
    ['a size that does not fit the shape', indexOf(['a', { shape: [2] }]), 'malformed', 'expected 8 bytes for F32 [2], got 4'],
    ['a shape that overflows', indexOf(['a', { shape: [2 ** 40, 2 ** 40] }]), 'malformed', 'too many elements'],
    ['a name that is no text', indexOf(['\u00ff', {}]), 'malformed', 'UTF-8'],
    ['a shard that is not there', { index: good.index, shards: [] }, 'missing', 'no model.ckpt'],
  ])('is refused for %s', async (_, bundle, fault, message) => {
    const error = await faultOf(bundle);
    expect(error.message).toContain(message);
    expect(error.fault).toBe(fault);
  });

  it('is refused for a flipped bit in a tensor, by the tensor’s name', async () => {
    const error = await faultOf({ ...good, shards: [flipped(data, 3)] }, tensors[0]?.name);
    expect(error).toMatchObject({ fault: 'checksum', tensor: tensors[0]?.name });
  });

  it('is refused when many keys spell far more than the file holds', async () => {
    const key = 'k'.repeat(4000);
    const block = new ByteWriter().varint(0).varint(4000).varint(0).text(key);
    for (let i = 0; i < 5000; i++)
      block
        .varint(4000)
        .varint(1)
        .varint(0)
        .byte(i % 256);
    const contents = block.uint32(0).uint32(1).done();
    const error = await faultOf({ index: rawTable([contents]), shards: [] });
    expect(error.message).toContain('far longer than the file');
  });

  it('is refused when its index names one block again and again', async () => {
    const block = blockOf([]);
    const error = await faultOf({ index: rawTable([block], 1000), shards: [] });
    expect(error.message).toContain('one after another');
  });
});

/** A table whose index names each block, as it is, `repeat` times. */
function rawTable(blocks: readonly Uint8Array[], repeat = 1): Uint8Array {
  const file = new ByteWriter();
  const write = (contents: Uint8Array): Uint8Array => {
    const handle = new ByteWriter().varint(file.size).varint(contents.length).done();
    const covered = join(contents, Uint8Array.of(0));
    file.bytes(covered).uint32(mask(crc32cOf(covered)));
    return handle;
  };
  const handles = blocks.map(write).flatMap((handle) => Array.from({ length: repeat }, () => handle));
  const index = write(blockOf(handles.map((handle, i) => [String(i).padStart(5, '0'), handle])));
  const footer = new Uint8Array(40);
  footer.set(join(Uint8Array.of(0, 0), index));
  return file.bytes(footer).uint64(0xdb4775248b80fb57n).done();
}

describe('Snappy', () => {
  it('gives back any bundle that was compressed', async () => {
    const name = fc
      .array(fc.constantFrom('layer_', 'kernel/', 'a', 'aaaaaaaaaaaa', '名'), { minLength: 1, maxLength: 30 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { maxLength: 40 }), async (names) => {
        const records = names.map((key) => tensor(key, 'U8', [key.length % 7], key.length % 7));
        const checkpoint = await open(bundleOf(records, 1, { compress: snappy, perBlock: 30 }));
        for (const record of records) expect(await checkpoint.read(record.name)).toEqual(record);
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it.each([
    ['a length no stream of its size could have', [255, 255, 255, 255, 15, 0, 0], 'cannot hold'],
    ['a copy from before the beginning', [8, 0, 65, (3 << 2) | 2, 2, 0], 'begins before'],
    ['a copy from nowhere', [8, 0, 65, (3 << 2) | 2, 0, 0], 'begins before'],
    ['a copy past the end', [8, 0, 65, (9 << 2) | 2, 1, 0], 'past the announced length'],
    ['too little', [8, 0, 65], 'gives 1 of 8'],
    ['too much', [1, 4, 65, 66], 'past the announced length'],
    ['a literal cut off', [8, 20, 65], 'end too early'],
  ])('refuses %s', async (_, bytes, message) => {
    const error = await faultOf({ index: tableOf([], { compress: () => Uint8Array.from(bytes) }), shards: [] });
    expect(error.message).toContain(message);
    expect(error.fault).toBe('malformed');
  });
});

describe('the checksum', () => {
  it('equals its definition at every length and alignment', async () => {
    const records = Array.from({ length: 40 }, (_, i) => tensor(`t${i}`, 'U8', [i], i));
    const { index, shards } = bundleOf(records);
    for (let shift = 0; shift < 8; shift++) {
      const buffer = new Uint8Array((shards[0]?.length ?? 0) + 8).subarray(shift, shift + (shards[0]?.length ?? 0));
      buffer.set(shards[0] ?? []);
      const checkpoint = await open({ index, shards: [buffer] });
      for (const { name, data } of records) expect((await checkpoint.read(name)).data).toEqual(data);
    }
  });
});
