import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bytesPerElement,
  bytesSource,
  CheckpointError,
  openCheckpoint,
  openSafetensors,
  safetensorsBytes,
  toFloat32,
  type DataType,
  type TensorRecord,
} from '@samequestion/checkpoints';
import { openCheckpointFile, writeSafetensorsFile } from '@samequestion/checkpoints/node';

const golden = new URL('golden/hf-folder/model.safetensors', import.meta.url);
const encoder = new TextEncoder();

/** A file made of a raw header and data. */
function raw(header: string, data = 0): Uint8Array {
  const json = encoder.encode(header);
  const file = new Uint8Array(8 + json.length + data);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

/** A header entry of bytes. */
function entry(begin: number, end: number, shape = [end - begin]): string {
  return JSON.stringify({ dtype: 'U8', shape, data_offsets: [begin, end] });
}

function failing(): Uint8Array {
  throw new Error('no data today');
}

async function faultOf(file: Uint8Array): Promise<CheckpointError> {
  const error: unknown = await openSafetensors(bytesSource(file, 'x.safetensors')).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CheckpointError)) throw new Error(`no CheckpointError: ${String(error)}`);
  return error;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('safetensors, read', () => {
  it('lists the tensors of a file written by the reference', async () => {
    const checkpoint = await openCheckpoint(bytesSource(await readFile(golden)));
    expect(checkpoint.metadata).toEqual({ format: 'pt' });
    expect(checkpoint.names()).toContain('bert.encoder.layer.0.attention.self.query.weight');
    expect(checkpoint.info('bert.embeddings.LayerNorm.bias')).toEqual({
      name: 'bert.embeddings.LayerNorm.bias',
      dtype: 'F32',
      shape: [32],
    });
    const values = toFloat32(await checkpoint.read('bert.embeddings.LayerNorm.weight'));
    expect(values).toHaveLength(32);
    await expect(checkpoint.read('nothing')).rejects.toThrow('expected a tensor named "nothing"');
  });

  it('writes what the reference writes, byte for byte', async () => {
    const file = await readFile(golden);
    const checkpoint = await openCheckpoint(bytesSource(file));
    const records = await Promise.all(
      checkpoint
        .names()
        .toReversed()
        .map((name) => checkpoint.read(name)),
    );
    expect(Buffer.from(await safetensorsBytes(records, checkpoint.metadata)).equals(file)).toBe(true);
  });

  it('reads back what it wrote, for any names, types, shapes and metadata', async () => {
    const tensor = fc
      .record({
        name: fc.string({ unit: 'binary', maxLength: 12 }).filter((name) => name !== '__metadata__'),
        dtype: fc.constantFrom(...(Object.keys(bytesPerElement) as DataType[])),
        shape: fc.array(fc.nat(3), { maxLength: 4 }),
        seed: fc.nat(255),
      })
      .map(({ name, dtype, shape, seed }): TensorRecord => {
        const length = shape.reduce((product, size) => product * size, 1) * bytesPerElement[dtype];
        return { name, dtype, shape, data: Uint8Array.from({ length }, (_, i) => (seed + i) & 0xff) };
      });
    const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 });
    const metadata = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true, maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (records, pairs) => {
        const checkpoint = await openCheckpoint(bytesSource(await safetensorsBytes(records, pairs)));
        expect(checkpoint.metadata).toEqual(pairs);
        expect(checkpoint.names().toSorted()).toEqual(records.map(({ name }) => name).toSorted());
        for (const record of records) {
          const read = await checkpoint.read(record.name);
          expect({ ...read, data: [...read.data] }).toEqual({ ...record, data: [...record.data] });
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

describe('safetensors, hostile headers', () => {
  const cases: readonly [name: string, file: Uint8Array, fault: string, message: string][] = [
    ['an empty file', new Uint8Array(0), 'truncated', 'header length'],
    ['a header length past the file', raw('{}').fill(9, 0, 1), 'truncated', 'header'],
    ['a huge header length', new Uint8Array(64).fill(255), 'malformed', '18446744073709551615'],
    ['text that is no JSON', raw('{"a":'), 'malformed', 'expected a value at character 5'],
    ['invalid UTF-8', raw('{"a":1}').fill(0xff, 10, 11), 'malformed', 'header'],
    ['a header that is a list', raw('[]'), 'malformed', 'expected "{"'],
    ['deep JSON', raw(`{"a":${'['.repeat(100_000)}`), 'malformed', 'at most 4 levels'],
    ['a duplicate name', raw(`{"a":${entry(0, 1)},"a":${entry(1, 2)}}`, 2), 'malformed', 'each key once, not "a"'],
    ['a duplicate field', raw('{"a":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,1]}}', 1), 'malformed', 'each key once'],
    ['an overlap', raw(`{"a":${entry(0, 4)},"b":${entry(2, 6)}}`, 6), 'malformed', 'an overlap'],
    ['a gap', raw(`{"a":${entry(0, 2)},"b":${entry(4, 6)}}`, 6), 'malformed', 'a gap'],
    ['bytes left over', raw(`{"a":${entry(0, 2)}}`, 6), 'malformed', '4 bytes more'],
    ['too few bytes', raw(`{"a":${entry(0, 200)}}`, 6), 'truncated', '200 bytes of data, got 6'],
    ['a shape that does not fit', raw(`{"a":${entry(0, 2, [3])}}`, 2), 'malformed', '3 bytes for U8 [3], got 2'],
    ['an overflowing shape', raw(`{"a":${entry(0, 2, [2 ** 52, 2 ** 52])}}`, 2), 'malformed', 'fewer than 2^53'],
    ['a negative size', raw(`{"a":${entry(0, 2, [-2])}}`, 2), 'malformed', 'non-negative'],
    ['a fractional size', raw('{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}', 1), 'malformed', 'non-negative'],
    ['offsets the wrong way round', raw('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}', 1), 'malformed', 'begin ≤ end'],
    ['an unknown dtype', raw('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,1]}}', 1), 'malformed', 'known dtype'],
    ['metadata that is no text', raw('{"__metadata__":{"a":1}}'), 'malformed', '__metadata__'],
  ];
  it.each(cases)('refuses %s', async (_, file, fault, message) => {
    const error = await faultOf(file);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
    expect({ fault: error.fault, format: error.format }).toEqual({ fault, format: 'safetensors' });
  });

  it('keeps a tensor named __proto__ as any other', async () => {
    const checkpoint = await openCheckpoint(bytesSource(raw(`{"__proto__":${entry(0, 1)}}`, 1)));
    expect(checkpoint.names()).toEqual(['__proto__']);
  });

  it('lists element types it does not read as skipped', async () => {
    const checkpoint = await openCheckpoint(bytesSource(raw('{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}', 2)));
    expect(checkpoint.skipped).toEqual([{ name: 'a', reason: 'element type F8_E4M3' }]);
    await expect(checkpoint.read('a')).rejects.toThrow('got element type F8_E4M3');
  });
});

describe('safetensors, files', () => {
  const data = Uint8Array.of(1, 2, 3);

  it('writes a file in one go and reads it by range', async () => {
    const path = join(folder, 'a.safetensors');
    await writeSafetensorsFile(path, [{ name: 'a', dtype: 'U8', shape: [3], data: () => data }], { metadata: { format: 'pt' } });
    const checkpoint = await openCheckpointFile(path);
    expect((await checkpoint.read('a')).data).toEqual(data);
    await checkpoint.close();
    await checkpoint.close();
  });

  it('leaves the old file and no rest behind when a tensor fails', async () => {
    const path = join(folder, 'b.safetensors');
    await writeFile(path, 'old');
    const tensors = [
      { name: 'a', dtype: 'U8', shape: [3], data },
      { name: 'b', dtype: 'U8', shape: [3], data: failing },
    ] as const;
    await expect(writeSafetensorsFile(path, tensors)).rejects.toThrow('no data today');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('refuses tensors that cannot be written', async () => {
    const tensor = { name: 'a', dtype: 'F32', shape: [2], data: new Uint8Array(8) } as const;
    await expect(safetensorsBytes([tensor, tensor])).rejects.toThrow(TypeError);
    await expect(safetensorsBytes([{ ...tensor, name: '__metadata__' }])).rejects.toThrow('keeps that name');
    await expect(safetensorsBytes([{ ...tensor, shape: [3] }])).rejects.toThrow('expected 12 bytes for F32 [3], got 8');
    await expect(safetensorsBytes([{ ...tensor, shape: [1.5] }])).rejects.toThrow(RangeError);
  });

  it('gives the system’s error for a file that is not there, and a CheckpointError with the name for one that is no safetensors file', async () => {
    await expect(openCheckpointFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(openCheckpointFile(join(folder, 'b.safetensors'))).rejects.toThrow('(b.safetensors)');
  });
});
