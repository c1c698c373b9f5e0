/** A checksum of bytes, as an unsigned 32-bit number. `before` is the checksum of what came before, to go on from. */
export type Checksum = (bytes: Uint8Array, before?: number) => number;

/** CRC-32C, which TensorFlow's checkpoints carry. @see RFC 3720, appendix B.4 */
export const crc32c: Checksum = checksumOf(0x82f63b78);

/** CRC-32, which zip archives carry. @see RFC 1952, section 8 */
export const crc32: Checksum = checksumOf(0xedb88320);

/** The checksum of a polynomial, given with its bits reversed; eight bytes at a time. @see Kounavis and Berry 2005, "slicing by 8" */
function checksumOf(polynomial: number): Checksum {
  const table = buildTables(polynomial);
  return (bytes, before = 0) => {
    const head = Math.min(-bytes.byteOffset & 3, bytes.length);
    const words = (bytes.length - head) >> 3;
    const tail = head + words * 8;
    let crc = bytewise(table, bytes.subarray(0, head), ~before);
    crc = wordwise(table, new Int32Array(bytes.buffer, words > 0 ? bytes.byteOffset + head : 0, words * 2), crc);
    return ~bytewise(table, bytes.subarray(tail), crc) >>> 0;
  };
}

/** Eight tables of 256: table k advances a byte that is followed by k more. */
function buildTables(polynomial: number): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
    tables[byte] = remainder;
  }
  for (let i = 256; i < tables.length; i++) {
    const shorter = tables[i - 256] ?? 0;
    tables[i] = (shorter >>> 8) ^ (tables[shorter & 255] ?? 0);
  }
  return tables;
}

function bytewise(table: Int32Array, bytes: Uint8Array, before: number): number {
  let crc = before;
  for (const byte of bytes) crc = (crc >>> 8) ^ at(table, (crc ^ byte) & 255);
  return crc;
}

function wordwise(table: Int32Array, words: Int32Array, before: number): number {
  let crc = before;
  for (let w = 0; w < words.length; w += 2) {
    const low = at(words, w) ^ crc;
    const high = at(words, w + 1);
    crc =
      at(table, 1792 + (low & 255)) ^
      at(table, 1536 + ((low >>> 8) & 255)) ^
      at(table, 1280 + ((low >>> 16) & 255)) ^
      at(table, 1024 + (low >>> 24)) ^
      at(table, 768 + (high & 255)) ^
      at(table, 512 + ((high >>> 8) & 255)) ^
      at(table, 256 + ((high >>> 16) & 255)) ^
      at(table, high >>> 24);
  }
  return crc;
}

/** An element that is known to be there: a `?? 0` in this loop would cost a quarter of its speed. */
function at(numbers: Int32Array, index: number): number {
  return numbers[index] as number;
}
