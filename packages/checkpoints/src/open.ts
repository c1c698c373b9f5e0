import type { Checkpoint } from './checkpoint.ts';
import { CheckpointError, quote } from './error.ts';
import { openTorchArchive } from './pytorch/archive.ts';
import { openTorchLegacy } from './pytorch/legacy.ts';
import { openSafetensors } from './safetensors/read.ts';
import { isShardMap, openShardMap } from './shards.ts';
import { readRange, type ByteSource } from './source.ts';
import { openTensorFlow } from './tensorflow/open.ts';
import { endsLikeTable } from './tensorflow/table.ts';

/** Options of `openCheckpoint`. */
export interface OpenOptions {
  /**
   * Opens a file that stands beside the source, by its plain name: TensorFlow's shards, or the files that a Hugging Face `….index.json` names.
   * It should reject with a `CheckpointError` of fault `missing` if there is none.
   */
  readonly sibling?: (name: string) => Promise<ByteSource>;
}

/**
 * Opens a checkpoint of any format, told by its content: safetensors, PyTorch's zip and earlier format, the `.index` of a TensorFlow V2 bundle,
 * or the `….index.json` of a model in several files. Names and shapes are read, values are not.
 *
 * The checkpoint owns the source, and closes it; if opening fails, the caller still does.
 * @throws {CheckpointError} If the format is unknown or the file is damaged.
 */
export async function openCheckpoint(source: ByteSource, options: OpenOptions = {}): Promise<Checkpoint> {
  const head = await readRange(source, [0, Math.min(16, source.size)], { what: 'first bytes' });
  // A safetensors header is a JSON object behind eight bytes of length, of which the last are zero.
  if (head[7] === 0 && head[8] === 0x7b) return openSafetensors(source);
  if (startsWith(head, 'PK\u0003\u0004')) return openTorchArchive(source);
  if (head[0] === 0x80) return openTorchLegacy(source);
  if (await endsLikeTable(source))
    return openTensorFlow(source, (shard, shards) => siblingOf(source, options)(shardName(source, shard, shards)));
  if (isShardMap(head)) return openShardMap(source, (name) => openPart(siblingOf(source, options), name));
  throw unknownFormat(source, head);
}

/** Opens one file of a split model, which must not be an index itself. */
async function openPart(sibling: (name: string) => Promise<ByteSource>, name: string): Promise<Checkpoint> {
  const refuse = (): Promise<never> => {
    const message = `weight map: expected ${quote(name)} to hold tensors, got an index of other files. The files of a split model must be named in one map.`;
    return Promise.reject(new CheckpointError(message, { fault: 'malformed' }));
  };
  const part = await sibling(name);
  try {
    return await openCheckpoint(part, { sibling: refuse });
  } catch (error) {
    await part.close?.();
    throw error;
  }
}

/** `bert_model.ckpt.index` leads to `bert_model.ckpt.data-00000-of-00001`. */
function shardName(source: ByteSource, shard: number, shards: number): string {
  const prefix = (source.name ?? '').replace(/\.index$/, '');
  return `${prefix}.data-${String(shard).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}`;
}

function siblingOf(source: ByteSource, options: OpenOptions): (name: string) => Promise<ByteSource> {
  if (options.sibling !== undefined) return options.sibling;
  throw new TypeError(
    `openCheckpoint: expected options.sibling, got none. ${quote(source.name ?? 'This checkpoint')} is an index: its tensors stand in other files, which sibling opens.`,
  );
}

function startsWith(head: Uint8Array, text: string): boolean {
  return [...text].every((character, i) => head[i] === character.charCodeAt(0));
}

function unknownFormat(source: ByteSource, head: Uint8Array): CheckpointError {
  const pointer = startsWith(head, 'version https:/');
  const got = pointer
    ? 'a Git LFS pointer'
    : `bytes beginning ${Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ') || 'nowhere'}`;
  const advice = pointer ? 'Fetch the file itself with "git lfs pull".' : 'Other formats must be converted first.';
  return new CheckpointError(
    `checkpoint: expected safetensors, a PyTorch file or a TensorFlow V2 index, got ${got} (${source.name ?? 'no file name'}). ${advice}`,
    { fault: 'unsupported' },
  );
}
