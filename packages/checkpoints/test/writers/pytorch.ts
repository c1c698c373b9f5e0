import type { DataType } from '@samequestion/checkpoints';
import { ByteWriter, crc32Of } from './bytes.ts';

const storageClass: Readonly<Record<DataType, string>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};

/** Writes a pickle by its opcodes, in protocol 2. Methods name what they push. */
export class PickleWriter extends ByteWriter {
  protocol(version = 2): this {
    return this.byte(0x80, version);
  }

  op(opcode: string): this {
    return this.bytes(Uint8Array.from(opcode, (character) => character.charCodeAt(0)));
  }

  string(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.op('X').uint32(bytes.length).bytes(bytes);
  }

  integer(value: number): this {
    if (value >= 0 && value < 256) return this.op('K').byte(value);
    if (Number.isInteger(value / 1) && Math.abs(value) < 2 ** 31) return this.op('J').uint32(value | 0);
    return this.op('\x8a')
      .byte(8)
      .uint64(BigInt.asUintN(64, BigInt(value)));
  }

  global(module: string, name: string): this {
    return this.op('c').text(`${module}\n${name}\n`);
  }

  tuple(items: readonly number[]): this {
    this.op('(');
    for (const item of items) this.integer(item);
    return this.op('t');
  }

  /** The persistent id of a storage, and what it stands for. */
  storage({ dtype, key, count, view }: StorageToWrite): this {
    this.op('(').string('storage').global('torch', storageClass[dtype]).string(key).string('cpu').integer(count);
    if (view === null) this.op('N');
    if (view) this.op('(').string(view.key).integer(view.offset).integer(view.count).op('t');
    return this.op('tQ');
  }

  tensor(storage: StorageToWrite, { offset = 0, shape, strides }: View): this {
    return this.global('torch._utils', '_rebuild_tensor_v2')
      .op('(')
      .storage(storage)
      .integer(offset)
      .tuple(shape)
      .tuple(strides ?? rowMajor(shape))
      .op('\x89')
      .global('collections', 'OrderedDict')
      .op(')R')
      .op('tR');
  }
}

export interface StorageToWrite {
  readonly dtype: DataType;
  readonly key: string;
  /** Elements. */
  readonly count: number;
  /** The sixth item of a legacy id; left out in zip files. */
  readonly view?: null | { readonly key: string; readonly offset: number; readonly count: number };
}
export interface View {
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
}

function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape.toReversed()) {
    strides.unshift(stride);
    stride *= Math.max(size, 1);
  }
  return strides;
}

export interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  /** Says that the member begins elsewhere. */
  readonly header?: number;
  /** Moves sizes and offset to a zip64 field. */
  readonly wide?: boolean;
}

/** A zip archive of stored members. */
export function zipOf(members: readonly Member[], options: ZipOptions = {}): Uint8Array {
  return zipWriter(members, options).done();
}

export interface ZipOptions {
  readonly zip64?: boolean;
  readonly comment?: string;
  readonly count?: number;
}

function zipWriter(members: readonly Member[], { zip64 = false, comment = '', count = members.length }: ZipOptions): ByteWriter {
  const file = new ByteWriter();
  const directory = new ByteWriter();
  for (const member of members) {
    const name = new TextEncoder().encode(member.name);
    const { data, method = 0, flags = 0x800, crc = crc32Of(data), wide = false, header = file.size } = member;
    const sizes = wide ? [0xffffffff, 0xffffffff] : [data.length, data.length];
    const extra = wide
      ? new ByteWriter().uint16(1).uint16(24).uint64(data.length).uint64(data.length).uint64(header).done()
      : new Uint8Array(0);
    directory.uint32(0x02014b50).uint16(45).uint16(45).uint16(flags).uint16(method).uint32(0).uint32(crc);
    for (const size of sizes) directory.uint32(size);
    directory.uint16(name.length).uint16(extra.length).uint16(0).uint16(0).uint16(0).uint32(0);
    directory
      .uint32(wide ? 0xffffffff : header)
      .bytes(name)
      .bytes(extra);
    file.uint32(0x04034b50).uint16(45).uint16(flags).uint16(method).uint32(0).uint32(crc).uint32(data.length).uint32(data.length);
    // A field of padding, as torch.save writes it to align the data.
    file.uint16(name.length).uint16(8).bytes(name).uint16(0x4246).uint16(4).uint32(0).bytes(data);
  }
  const start = file.size;
  file.bytes(directory.done());
  if (zip64) {
    const end = file.size;
    file.uint32(0x06064b50).uint64(44).uint16(45).uint16(45).uint32(0).uint32(0);
    file.uint64(count).uint64(count).uint64(directory.size).uint64(start);
    file.uint32(0x07064b50).uint32(0).uint64(end).uint32(1);
  }
  file.uint32(0x06054b50).uint16(0).uint16(0);
  if (zip64) file.uint16(0xffff).uint16(0xffff).uint32(0xffffffff).uint32(0xffffffff);
  else file.uint16(count).uint16(count).uint32(directory.size).uint32(start);
  return file.uint16(comment.length).text(comment);
}

/** A PyTorch zip file with the given pickle and storages. */
export function archiveOf(pickle: Uint8Array, storages: Readonly<Record<string, Uint8Array>>, options: ZipOptions = {}): Uint8Array {
  return archiveWriter(pickle, storages, options).done();
}

/** The same, with its pieces not joined yet. */
export function archiveWriter(pickle: Uint8Array, storages: Readonly<Record<string, Uint8Array>>, options: ZipOptions = {}): ByteWriter {
  const data = Object.entries(storages).map(([key, bytes]) => ({ name: `archive/data/${key}`, data: bytes, wide: options.zip64 ?? false }));
  const text = new TextEncoder();
  const before = [
    { name: 'archive/data.pkl', data: pickle },
    { name: 'archive/byteorder', data: text.encode('little') },
  ];
  return zipWriter([...before, ...data, { name: 'archive/version', data: text.encode('3\n') }], options);
}

const magicPickle = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

export interface LegacyStorage {
  readonly key: string;
  readonly count: number;
  readonly data: Uint8Array;
}

/** A file as PyTorch wrote them before zip. `littleEndian` false says otherwise. */
export function legacyOf(pickle: Uint8Array, storages: readonly LegacyStorage[], littleEndian = true): Uint8Array {
  return legacyWriter(pickle, storages, littleEndian).done();
}

/** The same, with its pieces not joined yet. */
export function legacyWriter(pickle: Uint8Array, storages: readonly LegacyStorage[], littleEndian = true): ByteWriter {
  const file = new PickleWriter().byte(...magicPickle);
  file.protocol().op('M').uint16(1001).op('.');
  file.protocol().op('}(').string('protocol_version').integer(1001).string('little_endian');
  file.op(littleEndian ? '\x88' : '\x89').op('u.');
  file.bytes(pickle).protocol().op('](');
  for (const { key } of storages) file.string(key);
  file.op('e.');
  for (const { count, data } of storages) file.uint64(count).bytes(data);
  return file;
}
