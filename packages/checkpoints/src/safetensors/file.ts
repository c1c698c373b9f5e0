import type { Checkpoint } from '../checkpoint.ts';
import { openFile, writeFileAtomically } from '../file.ts';
import { openSafetensors } from './read.ts';
import { encodeSafetensors, type TensorToWrite } from './write.ts';

/** Options of `writeSafetensorsFile`. */
export interface WriteOptions {
  /** Written as `__metadata__`. Hugging Face's loaders expect `{ format: 'pt' }`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Opens a safetensors file. Close the checkpoint when done. @throws {CheckpointError} If the file breaks the format; the system's error if it cannot be opened. */
export async function openSafetensorsFile(path: string): Promise<Checkpoint> {
  const source = await openFile(path);
  try {
    return await openSafetensors(source);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

/**
 * Writes a safetensors file tensor by tensor, beside `path` and then renamed: the file is whole or as it was.
 * @throws As `encodeSafetensors`, or the system's error.
 */
export function writeSafetensorsFile(path: string, tensors: readonly TensorToWrite[], options: WriteOptions = {}): Promise<void> {
  return writeFileAtomically(path, encodeSafetensors(tensors, options.metadata));
}
