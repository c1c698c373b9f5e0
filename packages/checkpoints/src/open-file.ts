import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkpoint } from './checkpoint.ts';
import { CheckpointError, quote } from './error.ts';
import { openFile } from './file.ts';
import { openCheckpoint } from './open.ts';
import type { ByteSource } from './source.ts';

/**
 * Opens a checkpoint file of any format, told by its content. Close it when done.
 *
 * @param path A `.safetensors`, `.bin` or `.pt` file; a split model's `….index.json`; or a TensorFlow V2 checkpoint, by its prefix (`bert_model.ckpt`) or any of its files.
 * @throws {CheckpointError} If the file is damaged, of no known format, or one of its parts is not there.
 * @throws The system's error (`ENOENT`, …) if `path` itself cannot be opened.
 */
export async function openCheckpointFile(path: string): Promise<Checkpoint> {
  const file = await indexOf(path);
  const source = await openFile(file);
  try {
    return await openCheckpoint(source, { sibling: (name) => openSibling(file, name) });
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

/** TensorFlow's prefix is no file: its index is. A shard alone says nothing of what it holds. */
async function indexOf(path: string): Promise<string> {
  const prefix = /^(.*)\.data-\d{5}-of-\d{5}$/s.exec(path)?.[1];
  if (prefix !== undefined) return `${prefix}.index`;
  return (await isFile(path)) || !(await isFile(`${path}.index`)) ? path : `${path}.index`;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // Why it cannot be opened is told by opening it.
  }
}

async function openSibling(path: string, name: string): Promise<ByteSource> {
  try {
    return await openFile(join(dirname(path), name));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(
      `checkpoint: expected ${quote(name)} beside its index, got ${reason}. Fetch the missing file, or check its permissions.`,
      { fault: 'missing', cause },
    );
  }
}
