import { CheckpointError, type CheckpointFormat } from './error.ts';

/** Bytes that can be read in any order: a file, a `Blob`, an array, a range request. */
export interface ByteSource {
  /** Length in bytes. Nothing is ever read or allocated past it. */
  readonly size: number;
  /** Name for messages, usually the file's. */
  readonly name?: string | undefined;
  /** Exactly `length` bytes from `offset`; the caller keeps within `size`. The result may be a view of shared memory: do not write to it. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Frees what the source holds (a file handle). Idempotent. */
  close?(): Promise<void>;
}

/** A byte source over an array, without copying: what it returns are views of `bytes`. */
export function bytesSource(bytes: Uint8Array, name?: string): ByteSource {
  return { size: bytes.length, name, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) };
}

/** A byte source over a `Blob` or `File`, read by slices. */
export function blobSource(blob: Blob, name?: string): ByteSource {
  return {
    size: blob.size,
    name,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

/** Where something is being read, for messages. */
export interface Place {
  readonly format?: CheckpointFormat | undefined;
  /** What is being read, as in "the header". */
  readonly what: string;
  readonly tensor?: string | undefined;
}

/**
 * Reads exactly `length` bytes at `offset`, checking both against the size before anything is allocated.
 * @throws {CheckpointError} If the range leaves the file, or the source returns fewer bytes than asked.
 */
export async function readRange(source: ByteSource, range: readonly [offset: number, length: number], place: Place): Promise<Uint8Array> {
  const [offset, length] = range;
  const sane = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!sane || offset + length > source.size) {
    throw truncated(source, place, `${length} bytes at ${offset}, got a file of ${source.size} bytes`, offset);
  }
  if (length === 0) return new Uint8Array(0);
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) throw truncated(source, place, `${length} bytes at ${offset}, got ${bytes.length}`, offset);
  return bytes;
}

function truncated(source: ByteSource, place: Place, expectedAndGot: string, offset: number): CheckpointError {
  return new CheckpointError(
    `${place.format ?? 'checkpoint'}: ${place.what}: expected ${expectedAndGot} (${source.name ?? 'no file name'}). The file is cut off or damaged: fetch it again.`,
    { fault: 'truncated', format: place.format, tensor: place.tensor, offset },
  );
}
