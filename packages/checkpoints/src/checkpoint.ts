import { CheckpointError, quote, type CheckpointFormat } from './error.ts';
import type { TensorInfo, TensorRecord } from './tensor.ts';

/** An entry that is no tensor of a known element type, and why it cannot be read. */
export interface SkippedEntry {
  readonly name: string;
  readonly reason: string;
}

/** An open checkpoint: names and shapes are known, values are read one tensor at a time. */
export interface Checkpoint {
  readonly format: CheckpointFormat;
  /** Free text pairs (safetensors' `__metadata__`); empty for the other formats. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Entries that are no readable tensors: text, resources, exotic element types. */
  readonly skipped: readonly SkippedEntry[];
  /** Every tensor's name, in the file's order. */
  names(): readonly string[];
  /** @throws {CheckpointError} If there is no such tensor. */
  info(name: string): TensorInfo;
  /**
   * Reads one tensor. Allocates its bytes once; `data` may be a view of memory the source holds.
   * @throws {CheckpointError} If there is no such tensor or its bytes are damaged.
   */
  read(name: string): Promise<TensorRecord>;
  /** Closes the underlying files. Idempotent. */
  close(): Promise<void>;
}

/** What a format's reader knows of an open file. */
export interface Contents<Entry extends TensorInfo> {
  readonly format: CheckpointFormat;
  readonly file: string | undefined;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly skipped?: readonly SkippedEntry[];
  load(entry: Entry): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A `Checkpoint` over what a format's reader found. */
export function checkpointOf<Entry extends TensorInfo>(contents: Contents<Entry>): Checkpoint {
  const { format, entries } = contents;
  const skipped = contents.skipped ?? [];
  const find = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry !== undefined) return entry;
    const reason = skipped.find((candidate) => candidate.name === name)?.reason;
    throw new CheckpointError(
      `${format}: expected a tensor named ${quote(name)}, got ${reason ?? `${entries.size} others`} (${contents.file ?? 'no file name'}). names() lists what is there.`,
      { fault: reason === undefined ? 'missing' : 'unsupported', format, tensor: name },
    );
  };
  const infoOf = (name: string): TensorInfo => {
    const { dtype, shape } = find(name);
    return { name, dtype, shape };
  };
  return {
    format,
    metadata: contents.metadata ?? {},
    skipped,
    names: () => [...entries.keys()],
    info: infoOf,
    read: async (name) => ({ ...infoOf(name), data: await contents.load(find(name)) }),
    close: () => contents.close(),
  };
}
