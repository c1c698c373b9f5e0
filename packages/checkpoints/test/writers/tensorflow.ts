import type { TensorRecord } from '@samequestion/checkpoints';
import { ByteWriter, crc32cOf } from './bytes.ts';

const types: Readonly<Record<string, number>> = { F32: 1, F64: 2, I32: 3, U8: 4, I16: 5, I8: 6, I64: 9, BOOL: 10, BF16: 14, F16: 19 };

/** A checksum as bundles store it. */
export const mask = (crc: number): number => ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0;

/** One field of a message: a varint, or bytes. */
export function field(number: number, value: number | Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  if (typeof value === 'number')
    return writer
      .varint(number * 8)
      .varint(value)
      .done();
  return writer
    .varint(number * 8 + 2)
    .varint(value.length)
    .bytes(value)
    .done();
}

export const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((writer, part) => writer.bytes(part), new ByteWriter()).done();

export interface Placed extends Pick<TensorRecord, 'name' | 'dtype' | 'shape'> {
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly crc: number;
}

export function bundleEntry(placed: Placed): Uint8Array {
  const shape = join(...placed.shape.map((size) => field(2, field(1, size))));
  const crc = new ByteWriter().varint(6 * 8 + 5).uint32(mask(placed.crc));
  const fields = [
    field(1, types[placed.dtype] ?? 0),
    field(2, shape),
    field(3, placed.shard),
    field(4, placed.offset),
    field(5, placed.size),
  ];
  return join(...fields, crc.done());
}

export const bundleHeader = (shards: number): Uint8Array => join(field(1, shards), field(3, field(1, 1)));

export interface TableOptions {
  readonly perBlock?: number;
  /** Compresses a block; its bytes are then marked as Snappy's. */
  readonly compress?: (block: Uint8Array) => Uint8Array;
  /** Changes a block before its checksum is taken. */
  readonly change?: (block: Uint8Array) => Uint8Array;
}

/** A sorted string table. Keys, one byte a character, are written in the given order. */
export function tableOf(
  entries: readonly (readonly [key: string, value: Uint8Array])[],
  { perBlock = 20, compress, change }: TableOptions = {},
): Uint8Array {
  const file = new ByteWriter();
  const write = (block: Uint8Array): Uint8Array => {
    const contents = compress?.(block) ?? change?.(block) ?? block;
    const handle = new ByteWriter().varint(file.size).varint(contents.length).done();
    const covered = join(contents, Uint8Array.of(compress === undefined ? 0 : 1));
    file.bytes(covered).uint32(mask(crc32cOf(covered)));
    return handle;
  };
  const handles: [string, Uint8Array][] = [];
  for (let i = 0; i < entries.length; i += perBlock) {
    const part = entries.slice(i, i + perBlock);
    handles.push([part.at(-1)?.[0] ?? '', write(blockOf(part))]);
  }
  const metaIndex = write(blockOf([]));
  const index = write(blockOf(handles));
  const footer = new Uint8Array(40);
  footer.set(join(metaIndex, index));
  return file.bytes(footer).uint64(0xdb4775248b80fb57n).done();
}

function sharedPrefix(before: string, key: string): number {
  let shared = 0;
  while (shared < key.length && key[shared] === before[shared]) shared++;
  return shared;
}

/** Entries with shared prefixes, restarting every sixteenth. */
export function blockOf(entries: readonly (readonly [key: string, value: Uint8Array])[]): Uint8Array {
  const block = new ByteWriter();
  const restarts: number[] = [];
  let before = '';
  for (const [i, [key, value]] of entries.entries()) {
    if (i % 16 === 0) restarts.push(block.size);
    const shared = i % 16 === 0 ? 0 : sharedPrefix(before, key);
    const added = Uint8Array.from(key.slice(shared), (character) => character.charCodeAt(0));
    block.varint(shared).varint(added.length).varint(value.length).bytes(added).bytes(value);
    before = key;
  }
  if (restarts.length === 0) restarts.push(0);
  for (const restart of restarts) block.uint32(restart);
  return block.uint32(restarts.length).done();
}

export interface BundleWriters {
  readonly index: Uint8Array;
  readonly shards: readonly ByteWriter[];
}
export interface Bundle {
  readonly index: Uint8Array;
  readonly shards: readonly Uint8Array[];
}

const latin1 = (name: string): string => String.fromCharCode(...new TextEncoder().encode(name));

/** A V2 bundle of the tensors, dealt out to its shards in turn. */
export function bundleOf(records: readonly TensorRecord[], shardCount = 1, options: TableOptions = {}): Bundle {
  const { index, shards } = bundleWriters(records, shardCount, options);
  return { index, shards: shards.map((shard) => shard.done()) };
}

/** The same, with the shards' pieces not joined yet. */
export function bundleWriters(records: readonly TensorRecord[], shardCount = 1, options: TableOptions = {}): BundleWriters {
  const shards = Array.from({ length: shardCount }, () => new ByteWriter());
  const entries: [string, Uint8Array][] = [['', bundleHeader(shardCount)]];
  const sorted = records.map((record) => [latin1(record.name), record] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [i, [key, record]] of sorted.entries()) {
    const shard = i % shardCount;
    const data = shards[shard] ?? new ByteWriter();
    entries.push([key, bundleEntry({ ...record, shard, offset: data.size, size: record.data.length, crc: crc32cOf(record.data) })]);
    data.bytes(record.data);
  }
  return { index: tableOf(entries, options), shards };
}

/** Snappy with all it has: short and long literals, and copies with distances of one, two and four bytes in turn, overlapping ones included. */
export function snappy(block: Uint8Array): Uint8Array {
  const stream = new ByteWriter().varint(block.length);
  const seen = new Map<string, number>();
  let literalStart = 0;
  let copies = 0;
  for (let at = 0; at < block.length;) {
    const key = block.subarray(at, at + 4).join();
    const from = seen.get(key);
    seen.set(key, at);
    const length = from === undefined ? 0 : matchLength(block, from, at);
    if (from === undefined || length < 4) {
      at++;
      continue;
    }
    literal(stream, block.subarray(literalStart, at));
    at += copy(stream, { distance: at - from, length, kind: copies++ % 3 });
    literalStart = at;
  }
  literal(stream, block.subarray(literalStart));
  return stream.done();
}

function matchLength(block: Uint8Array, from: number, at: number): number {
  let length = 0;
  for (; length < 64 && at + length < block.length; length++) if (block[from + length] !== block[at + length]) break;
  return length;
}

function literal(stream: ByteWriter, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  if (bytes.length <= 60) stream.byte((bytes.length - 1) << 2);
  else if (bytes.length <= 256) stream.byte(60 << 2, bytes.length - 1);
  else stream.byte(61 << 2).uint16(bytes.length - 1);
  stream.bytes(bytes);
}

/** Writes a copy and returns its length. */
function copy(
  stream: ByteWriter,
  { distance, length, kind }: { readonly distance: number; readonly length: number; readonly kind: number },
): number {
  if (kind === 0 && distance < 2048) {
    const short = Math.min(length, 11);
    stream.byte(((distance >>> 8) << 5) | ((short - 4) << 2) | 1, distance & 255);
    return short;
  }
  if (kind === 1 && distance < 65_536) stream.byte(((length - 1) << 2) | 2).uint16(distance);
  else stream.byte(((length - 1) << 2) | 3).uint32(distance);
  return length;
}
