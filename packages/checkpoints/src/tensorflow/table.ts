import { crc32c } from '../checksum.ts';
import { CheckpointError, type CheckpointFault } from '../error.ts';
import { readRange, type ByteSource } from '../source.ts';
import { ByteReader } from './protobuf.ts';
import { uncompressSnappy } from './snappy.ts';

const format = 'tensorflow';
const footerBytes = 48;
/** The last eight bytes of every table. */
const magic = 0xdb4775248b80fb57n;
/** After each block: its compression, and a checksum. */
const trailerBytes = 5;
const maxKeyBytes = 4096;

/** One entry of a table. Keys are bytes; here each byte is one character. */
export interface TableEntry {
  readonly key: string;
  readonly value: Uint8Array;
}
/** Where a block lies. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** Whether the last bytes of a file are a table's. */
export async function endsLikeTable(source: ByteSource): Promise<boolean> {
  if (source.size < footerBytes) return false;
  const tail = await readRange(source, [source.size - 8, 8], { format, what: 'table magic' });
  return new DataView(tail.buffer, tail.byteOffset, 8).getBigUint64(0, true) === magic;
}

/**
 * All entries of a sorted string table, in order, every block's checksum verified.
 *
 * Blocks must follow each other and keys must rise, so that the work is bounded by the file's size.
 * @throws {CheckpointError} If the table is damaged.
 * @see https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
export async function readTable(source: ByteSource): Promise<readonly TableEntry[]> {
  if (!(await endsLikeTable(source))) {
    throw tableFault(
      source,
      'malformed',
      "footer: expected a table's magic number at the end, got something else. This is no checkpoint index, or it is cut off.",
    );
  }
  const footer = await readRange(source, [source.size - footerBytes, footerBytes], { format, what: 'footer' });
  const limits: Limits = { blockStart: 0, keyBytes: 16 * source.size + maxKeyBytes };
  const index = guarded(source, 'footer', () => {
    const reader = new ByteReader(footer);
    handleOf(reader); // The metaindex, which checkpoints leave empty.
    return handleOf(reader);
  });
  const entries: TableEntry[] = [];
  let last: string | undefined;
  for (const { value } of entriesOf(source, await readBlock(source, index), limits)) {
    const handle = guarded(source, 'index block', () => handleOf(new ByteReader(value)));
    if (handle.offset < limits.blockStart)
      throw tableFault(source, 'malformed', `block at ${handle.offset}: expected blocks one after another, got an overlap.`);
    limits.blockStart = handle.offset + handle.size + trailerBytes;
    for (const entry of entriesOf(source, await readBlock(source, handle), limits)) {
      if (last !== undefined && entry.key <= last)
        throw tableFault(source, 'malformed', 'keys: expected each once and in rising order, got another order.');
      last = entry.key;
      entries.push(entry);
    }
  }
  return entries;
}

/** What is left of the bounds that keep work and memory within the file's size. */
interface Limits {
  /** No block may begin before this. */
  blockStart: number;
  /** Keys share prefixes, so a small table can spell very many characters: this many at most. */
  keyBytes: number;
}

function handleOf(reader: ByteReader): Handle {
  return { offset: reader.size(), size: reader.size() };
}

async function readBlock(source: ByteSource, handle: Handle): Promise<Uint8Array> {
  const what = `block at ${handle.offset}`;
  const block = await readRange(source, [handle.offset, handle.size + trailerBytes], { format, what });
  const covered = block.subarray(0, handle.size + 1);
  const stored = new DataView(block.buffer, block.byteOffset + handle.size + 1, 4).getUint32(0, true);
  if (unmaskCrc(stored) !== crc32c(covered))
    throw tableFault(source, 'checksum', `${what}: expected its stored CRC-32C, got another.`, handle.offset);
  const contents = block.subarray(0, handle.size);
  const compression = covered[handle.size];
  if (compression === 0) return contents;
  if (compression === 1) return guarded(source, what, () => uncompressSnappy(contents));
  throw tableFault(source, 'unsupported', `${what}: expected compression 0 (none) or 1 (Snappy), got ${compression}.`, handle.offset);
}

/** The entries of a block: each key says how much it shares with the one before. */
function entriesOf(source: ByteSource, block: Uint8Array, limits: Limits): readonly TableEntry[] {
  return guarded(source, 'block', () => {
    if (block.length < 4) throw new RangeError('a block is shorter than its restart count');
    const view = new DataView(block.buffer, block.byteOffset, block.length);
    const end = block.length - 4 - 4 * view.getUint32(block.length - 4, true);
    if (end < 0) throw new RangeError('a block is shorter than its restarts');
    const reader = new ByteReader(block.subarray(0, end));
    const entries: TableEntry[] = [];
    let key = '';
    while (!reader.done) {
      const shared = reader.size();
      const added = reader.size();
      const valueBytes = reader.size();
      if (shared > key.length) throw new RangeError('a key shares more than the key before it has');
      if (shared + added > maxKeyBytes) throw new RangeError(`a key is longer than ${maxKeyBytes} bytes`);
      limits.keyBytes -= shared + added;
      if (limits.keyBytes < 0) throw new RangeError('the keys are far longer than the file');
      key = key.slice(0, shared) + latin1(reader.take(added));
      entries.push({ key, value: reader.take(valueBytes) });
    }
    return entries;
  });
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** TensorFlow stores checksums rotated and shifted, so that data which hold checksums are checked as well as any. This undoes it. */
export function unmaskCrc(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** Runs a parser of bytes and turns its `RangeError`s into `CheckpointError`s. */
export function guarded<Result>(source: ByteSource, what: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw tableFault(source, 'malformed', `${what}: ${cause.message}.`, undefined, cause);
  }
}

function tableFault(source: ByteSource, fault: CheckpointFault, what: string, offset?: number, cause?: unknown): CheckpointError {
  return new CheckpointError(
    `${format}: ${what} (${source.name ?? 'no file name'}). The file is damaged or no V2 checkpoint index: fetch it again.`,
    {
      fault,
      format,
      offset,
      cause,
    },
  );
}
