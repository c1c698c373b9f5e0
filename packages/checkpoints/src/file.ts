import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteSource } from './source.ts';

/** One read or write moves at most this much: the system's own limit is 2 GiB. */
const chunkBytes = 2 ** 28;

/**
 * A byte source over a file, read by range. Close it when done.
 * @throws The system's error (`ENOENT`, `EACCES`, …) if it cannot be opened, or `EISDIR` for a folder.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await open(path, 'r');
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw Object.assign(new Error(`EISDIR: expected a file, got a folder (${path})`), { code: 'EISDIR', path });
    return sourceOf(handle, status.size, path);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function sourceOf(handle: FileHandle, size: number, path: string): ByteSource {
  let closing: Promise<void> | undefined;
  return {
    size,
    name: basename(path),
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(bytes, filled, Math.min(chunkBytes, length - filled), offset + filled);
        if (bytesRead === 0) break; // The file shrank: the caller sees a short read.
        filled += bytesRead;
      }
      return filled === length ? bytes : bytes.subarray(0, filled);
    },
    close: () => (closing ??= handle.close()),
  };
}

/**
 * Writes a file as a whole or not at all: the pieces go to a file beside it, which is flushed to the disk and renamed over `path`.
 * If a piece fails, the old file stays and the new one is removed. A killed process may leave `.NAME.….partial` behind.
 * @throws What the pieces throw, or the system's error.
 */
export async function writeFileAtomically(path: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`);
  const handle = await open(partial, 'wx');
  try {
    try {
      for await (const piece of pieces) await writeAll(handle, piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, Math.min(chunkBytes, bytes.length - written));
    written += bytesWritten;
  }
}
