/** Bytes that grow. */
export class ByteWriter {
  #pieces: Uint8Array[] = [];
  size = 0;

  /** What was written so far, without joining it. */
  get pieces(): readonly Uint8Array[] {
    return this.#pieces;
  }

  bytes(bytes: Uint8Array): this {
    this.#pieces.push(bytes);
    this.size += bytes.length;
    return this;
  }

  text(text: string): this {
    return this.bytes(new TextEncoder().encode(text));
  }

  byte(...bytes: number[]): this {
    return this.bytes(Uint8Array.from(bytes));
  }

  uint16(value: number): this {
    return this.byte(value & 255, value >>> 8);
  }

  uint32(value: number): this {
    return this.byte(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
  }

  uint64(value: bigint | number): this {
    const cell = new Uint8Array(8);
    new DataView(cell.buffer).setBigUint64(0, BigInt(value), true);
    return this.bytes(cell);
  }

  varint(value: number): this {
    let rest = value;
    while (rest > 127) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  done(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [all];
    return all;
  }
}

/** A cyclic checksum, byte by byte. Tested against the published values, and what the package's own is tested with. */
function checksumOf(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
  return (bytes) => {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 255] ?? 0);
    return ~crc >>> 0;
  };
}

export const crc32Of: (bytes: Uint8Array) => number = checksumOf(0xedb88320);
export const crc32cOf: (bytes: Uint8Array) => number = checksumOf(0x82f63b78);
