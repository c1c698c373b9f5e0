import { checkpointOf, type Checkpoint, type SkippedEntry } from '../checkpoint.ts';
import { crc32c } from '../checksum.ts';
import { CheckpointError, quote, type CheckpointErrorFields } from '../error.ts';
import { readRange, type ByteSource } from '../source.ts';
import { byteLength, type TensorInfo } from '../tensor.ts';
import { parseBundleEntry, parseBundleHeader, type BundleEntry, type BundleHeader } from './entry.ts';
import { guarded, readTable, unmaskCrc, type TableEntry } from './table.ts';

const format = 'tensorflow';

/** Opens the data file of one shard: `NAME.data-00000-of-00001` is shard 0 of 1. */
export type OpenShard = (shard: number, shards: number) => Promise<ByteSource>;

interface Entry extends TensorInfo {
  readonly bundle: BundleEntry;
  readonly source: ByteSource;
}

/**
 * Opens a TensorFlow V2 checkpoint (a "tensor bundle"): reads its index and opens its shards; tensors are read when asked, each against its CRC-32C.
 *
 * Text, resources and variables saved in slices are listed as skipped. The checkpoint closes all its sources.
 * @param index The `.index` file.
 * @throws {CheckpointError} If a file is damaged, or written on a big-endian machine or for a newer reader.
 * @see tensorflow/core/util/tensor_bundle/tensor_bundle.h
 */
export async function openTensorFlow(index: ByteSource, openShard: OpenShard): Promise<Checkpoint> {
  const [first, ...rest] = await readTable(index);
  const header = headerOf(index, first);
  const shards = new Map<number, ByteSource>();
  const close = async (): Promise<void> => {
    for (const source of [index, ...shards.values()]) await source.close?.();
  };
  try {
    const entries = new Map<string, Entry>();
    const skipped: SkippedEntry[] = [];
    for (const { key, value } of rest) {
      const name = nameOf(index, key);
      const bundle = guarded(index, `entry ${quote(name)}`, () => parseBundleEntry(value));
      const reason = reasonToSkip(key, bundle);
      if (bundle.dtype === undefined || reason !== undefined) {
        skipped.push({ name, reason: reason ?? `element type ${bundle.type}` });
        continue;
      }
      if (bundle.shard >= header.shards) throw wrong(index, name, `a shard below ${header.shards}, got ${bundle.shard}`);
      const source = shards.get(bundle.shard) ?? (await openShard(bundle.shard, header.shards));
      shards.set(bundle.shard, source);
      entries.set(name, checkedEntry(index, { name, dtype: bundle.dtype, shape: bundle.shape, bundle, source }));
    }
    checkOverlaps(index, [...entries.values()]);
    return checkpointOf({ format, file: index.name, entries, skipped, load, close });
  } catch (error) {
    for (const source of shards.values()) await source.close?.();
    throw error;
  }
}

async function load({ name, bundle, source }: Entry): Promise<Uint8Array> {
  const data = await readRange(source, [bundle.offset, bundle.size], { format, what: quote(name), tensor: name });
  if (unmaskCrc(bundle.checksum) !== crc32c(data)) {
    throw bundleFault(source, `tensor ${quote(name)}: expected its stored CRC-32C, got another`, {
      fault: 'checksum',
      tensor: name,
      offset: bundle.offset,
    });
  }
  return data;
}

function headerOf(index: ByteSource, first: TableEntry | undefined): BundleHeader {
  if (first === undefined || first.key !== '') {
    throw new CheckpointError(
      `${format}: expected a V2 bundle with a header, got a table without one (${index.name ?? 'no file name'}). Files of TensorFlow's V1 Saver must be saved again with tf.compat.v1.train.Saver.`,
      { fault: 'unsupported', format },
    );
  }
  const header = guarded(index, 'header', () => parseBundleHeader(first.value));
  const supported = header.littleEndian && header.minConsumer <= 1;
  if (!supported)
    throw bundleFault(index, 'header: expected little-endian data for readers of version 1, got others', { fault: 'unsupported' });
  if (header.shards < 1) throw bundleFault(index, `header: expected at least one shard, got ${header.shards}`, { fault: 'malformed' });
  return header;
}

function nameOf(index: ByteSource, key: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(key, (character) => character.charCodeAt(0)));
  } catch (cause) {
    // The keys of slices are ordered codes that need not be text: they begin with a zero byte.
    if (key.startsWith('\0')) return key;
    throw bundleFault(index, `name ${quote(key)}: expected UTF-8, got other bytes`, { fault: 'malformed', cause });
  }
}

function reasonToSkip(key: string, bundle: BundleEntry): string | undefined {
  if (key.startsWith('\0')) return 'a slice of a partitioned variable';
  if (bundle.sliced) return 'a partitioned variable, saved in slices';
  return bundle.type === 7 ? 'text' : undefined;
}

function checkedEntry(index: ByteSource, entry: Entry): Entry {
  const { name, bundle, source } = entry;
  const expected = byteLength(entry);
  if (expected !== bundle.size)
    throw wrong(
      index,
      name,
      `${expected ?? 'fewer than 2^53'} bytes for ${entry.dtype} [${entry.shape.slice(0, 8).join(', ')}], got ${bundle.size}`,
    );
  if (bundle.offset + bundle.size > source.size) {
    const what = `tensor ${quote(name)}: expected ${bundle.size} bytes at ${bundle.offset}, got a file of ${source.size} bytes`;
    throw bundleFault(source, what, { fault: 'truncated', tensor: name, offset: bundle.offset });
  }
  return entry;
}

function checkOverlaps(index: ByteSource, entries: readonly Entry[]): void {
  const filled = entries.filter(({ bundle }) => bundle.size > 0);
  filled.sort((a, b) => a.bundle.shard - b.bundle.shard || a.bundle.offset - b.bundle.offset);
  for (const [i, { name, bundle }] of filled.entries()) {
    const before = filled[i - 1];
    if (before?.bundle.shard !== bundle.shard || before.bundle.offset + before.bundle.size <= bundle.offset) continue;
    throw wrong(index, name, `bytes of its own, got an overlap with ${quote(before.name)}`);
  }
}

function wrong(index: ByteSource, tensor: string, expectedAndGot: string): CheckpointError {
  return bundleFault(index, `tensor ${quote(tensor)}: expected ${expectedAndGot}`, { fault: 'malformed', tensor });
}

function bundleFault(source: ByteSource, what: string, fields: CheckpointErrorFields): CheckpointError {
  return new CheckpointError(`${format}: ${what} (${source.name ?? 'no file name'}). The file is damaged: fetch it again.`, {
    ...fields,
    format,
  });
}
