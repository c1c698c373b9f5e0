import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, bytesSource, openCheckpoint, toFloat32 } from '@samequestion/checkpoints';
import { openCheckpointFile } from '@samequestion/checkpoints/node';
import { archiveOf, PickleWriter, type StorageToWrite } from './writers/pytorch.ts';

const counted = Float32Array.from({ length: 24 }, (_, i) => i);
const storage: StorageToWrite = { dtype: 'F32', key: '0', count: 24 };
const start = (): PickleWriter => new PickleWriter().protocol();

/** A file with one tensor. */
function part(key: string): Uint8Array {
  return archiveOf(
    start()
      .op('}')
      .string(key)
      .tensor(storage, { shape: [2] })
      .op('s.')
      .done(),
    { 0: bytesOf(counted) },
  );
}

describe('a model in several files', () => {
  it('is opened by its map, which may not lead out of its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'split-'));
    const map = join(folder, 'pytorch_model.bin.index.json');
    const write = (weights: Readonly<Record<string, unknown>>): Promise<void> =>
      writeFile(map, JSON.stringify({ metadata: {}, weight_map: weights }));
    await writeFile(join(folder, 'a.bin'), part('a'));
    await writeFile(join(folder, 'b.bin'), part('b'));
    await write({ a: 'a.bin', b: 'b.bin' });
    const checkpoint = await openCheckpointFile(map);
    expect(checkpoint.names()).toEqual(['a', 'b']);
    expect([...toFloat32(await checkpoint.read('b'))]).toEqual([0, 1]);
    await checkpoint.close();
    await write({ a: '../a.bin' });
    await expect(openCheckpointFile(map)).rejects.toThrow('expected the plain name of a .safetensors or .bin file, got "../a.bin"');
    await write({ a: 'c.bin' });
    await expect(openCheckpointFile(map)).rejects.toMatchObject({ fault: 'missing' });
    await writeFile(join(folder, 'c.bin'), JSON.stringify({ weight_map: { a: 'c.bin' } }));
    await expect(openCheckpointFile(map)).rejects.toThrow('"c.bin" to hold tensors, got an index');
    await write({ c: 'a.bin' });
    await expect(openCheckpointFile(map)).rejects.toThrow('expected a tensor named "c", got 1 others (a.bin)');
    await rm(folder, { recursive: true });
  });
});

describe('a file of another kind', () => {
  it.each([
    ['a Git LFS pointer', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'), 'git lfs pull'],
    ['HTML', new TextEncoder().encode('<!DOCTYPE html><html></html>'), 'bytes beginning 3c 21 44 4f'],
    ['nothing', new Uint8Array(0), 'bytes beginning nowhere'],
  ])('is refused: %s', async (_, bytes, message) => {
    const opened = openCheckpoint(bytesSource(bytes, 'x.bin'));
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toMatchObject({ name: 'CheckpointError', fault: 'unsupported' });
  });
});

describe('the main entry', () => {
  it('imports nothing of Node', async () => {
    const seen = new Set<string>();
    const outside: string[] = [];
    const visit = async (file: URL): Promise<void> => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      for (const [, path = ''] of (await readFile(file, 'utf8')).matchAll(/^(?:import|export) [^;]*from '([^']+)';$/gmu)) {
        if (path.startsWith('.')) await visit(new URL(path, file));
        else outside.push(path);
      }
    };
    await visit(new URL('../src/index.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(20);
    expect(outside).toEqual([]);
  });
});
