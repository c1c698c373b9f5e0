import { readRange, type ByteSource } from '../source.ts';
import { torchFault } from './fault.ts';

const format = 'pytorch';
const endBytes = 22;
const maxCommentBytes = 65_535;
const centralHeaderBytes = 46;
const localHeaderBytes = 30;

/** A member of a zip archive. */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  /** CRC-32 of the bytes; 0 where the writer left it out, as torch.save does on request. */
  readonly checksum: number;
  /** Where its local header begins. */
  readonly header: number;
  /** Where the next thing begins: its bytes must end before. */
  readonly limit: number;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/**
 * The members of a zip archive, by name, from its central directory; zip64 included. Only stored members are accepted: torch.save writes no others, and so nothing can unpack to more than the file.
 * @throws {CheckpointError} If the archive is damaged, repeats a name, or holds overlapping, compressed or encrypted members.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function readZip(source: ByteSource): Promise<ReadonlyMap<string, ZipMember>> {
  const directory = await findDirectory(source);
  const bytes = await readRange(source, [directory.offset, directory.size], { format, what: 'central directory' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Omit<ZipMember, 'limit'>[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.length - at < centralHeaderBytes || view.getUint32(at, true) !== 0x02014b50)
      throw wrongDirectory(source, 'a header', directory.offset + at);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const end = at + centralHeaderBytes + nameBytes + extraBytes + commentBytes;
    if (end > bytes.length) throw wrongDirectory(source, 'the whole of a member', directory.offset + at);
    found.push(memberOf(source, bytes.subarray(at, end), nameBytes, extraBytes));
    at = end;
  }
  if (found.length !== directory.count) throw wrongDirectory(source, `${directory.count} members, got ${found.length}`, directory.offset);
  return withLimits(source, found, directory.offset);
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailStart = Math.max(0, source.size - endBytes - maxCommentBytes);
  const tail = await readRange(source, [tailStart, source.size - tailStart], { format, what: 'end of the archive' });
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + endBytes + view.getUint16(at + 20, true) !== tail.length) continue;
    const [count, size, offset] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const extended = at >= 20 && view.getUint32(at - 20, true) === 0x07064b50;
    if (!extended) return { count, size, offset };
    return findLargeDirectory(source, safe(source, view.getBigUint64(at - 12, true)));
  }
  throw torchFault(source, 'truncated', "zip archive: expected an archive's end, got none");
}

async function findLargeDirectory(source: ByteSource, offset: number): Promise<Directory> {
  const end = await readRange(source, [offset, 56], { format, what: 'zip64 end of the archive' });
  const view = new DataView(end.buffer, end.byteOffset, end.length);
  if (view.getUint32(0, true) !== 0x06064b50) throw wrongDirectory(source, 'a zip64 end', offset);
  const [count, size, start] = [32, 40, 48].map((at) => safe(source, view.getBigUint64(at, true))) as [number, number, number];
  return { count, size, offset: start };
}

function memberOf(source: ByteSource, header: Uint8Array, nameBytes: number, extraBytes: number): Omit<ZipMember, 'limit'> {
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const name = new TextDecoder().decode(header.subarray(centralHeaderBytes, centralHeaderBytes + nameBytes));
  const flags = view.getUint16(8, true);
  const method = view.getUint16(10, true);
  if ((flags & 1) !== 0 || method !== 0) {
    const got = (flags & 1) === 0 ? `compression method ${method}` : 'encryption';
    throw torchFault(source, 'unsupported', `zip archive: expected members that are stored, got ${got}`);
  }
  const extra = header.subarray(centralHeaderBytes + nameBytes, centralHeaderBytes + nameBytes + extraBytes);
  const wide = wideNumbers(extra);
  const number = (at: number): number => {
    const narrow = view.getUint32(at, true);
    return narrow === 0xffffffff ? safe(source, wide.next().value ?? 0xffffffffn) : narrow;
  };
  const size = number(24);
  const packed = number(20);
  const offset = number(42);
  if (size !== packed) throw torchFault(source, 'malformed', `zip archive: expected stored members of one size, got ${packed} and ${size}`);
  return { name, size, checksum: view.getUint32(16, true), header: offset };
}

/** The 64-bit numbers that stand for those too large for their fields. */
function* wideNumbers(extra: Uint8Array): Generator<bigint, undefined, undefined> {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    if (view.getUint16(at, true) === 1) for (let field = at + 4; field + 8 <= end; field += 8) yield view.getBigUint64(field, true);
    at = end;
  }
}

function withLimits(source: ByteSource, found: Omit<ZipMember, 'limit'>[], directory: number): ReadonlyMap<string, ZipMember> {
  const members = new Map<string, ZipMember>();
  const ordered = found.toSorted((a, b) => a.header - b.header);
  for (const [i, member] of ordered.entries()) {
    const limit = ordered[i + 1]?.header ?? directory;
    if (member.header + localHeaderBytes + member.size > limit) throw wrongDirectory(source, 'members that do not overlap', member.header);
    if (members.has(member.name)) throw wrongDirectory(source, 'each name once', member.header);
    members.set(member.name, { ...member, limit });
  }
  return members;
}

/** Where a member's bytes begin: its local header says, which repeats its name and has fields of its own. @throws {CheckpointError} If the header is damaged. */
export async function dataOffset(source: ByteSource, member: ZipMember): Promise<number> {
  const header = await readRange(source, [member.header, localHeaderBytes], { format, what: 'member header' });
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const offset = member.header + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true);
  if (view.getUint32(0, true) !== 0x04034b50 || offset + member.size > member.limit)
    throw wrongDirectory(source, 'a member where the directory says', member.header);
  return offset;
}

function safe(source: ByteSource, value: bigint): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw torchFault(source, 'malformed', `zip archive: expected sizes below 2^53, got ${value}`);
}

function wrongDirectory(source: ByteSource, expected: string, offset: number): Error {
  return torchFault(source, 'malformed', `zip archive: expected ${expected}, got something else at ${offset}`, { offset });
}
