import { writeFileAtomically } from '../file.ts';
import { encodeSafetensors, type TensorToWrite } from './write.ts';

/** Options of `writeSafetensorsFile`. */
export interface WriteOptions {
  /** Written as `__metadata__`. Hugging Face's loaders expect `{ format: 'pt' }`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes a safetensors file tensor by tensor, beside `path` and then renamed: the file is whole or as it was.
 * @throws As `encodeSafetensors`, or the system's error.
 */
export function writeSafetensorsFile(path: string, tensors: readonly TensorToWrite[], options: WriteOptions = {}): Promise<void> {
  return writeFileAtomically(path, encodeSafetensors(tensors, options.metadata));
}
