/** One field of a message: a number for varints and fixed widths, bytes for what has a length. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** A cursor over bytes, for varints and what they announce. Methods throw `RangeError` at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError('the bytes end too early');
    this.#at++;
    return byte;
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError('the bytes end too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A varint of up to 64 bits, unsigned. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a varint is longer than ten bytes');
  }

  /** A varint that is a length or an offset. */
  size(): number {
    const value = this.varint();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('a length is past 2^53');
    return Number(value);
  }

  fixed(bytes: 4 | 8): bigint {
    const taken = this.take(bytes);
    const view = new DataView(taken.buffer, taken.byteOffset, bytes);
    return bytes === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true);
  }
}

/**
 * The fields of a protocol buffer message, in the order of its bytes.
 * @throws {RangeError} If the bytes are no message.
 * @see https://protobuf.dev/programming-guides/encoding
 */
export function* fieldsOf(message: Uint8Array): Generator<Field, void, undefined> {
  const reader = new ByteReader(message);
  while (!reader.done) {
    const tag = reader.size();
    yield { number: Math.floor(tag / 8), value: valueOf(reader, tag % 8) };
  }
}

function valueOf(reader: ByteReader, wireType: number): bigint | Uint8Array {
  if (wireType === 0) return reader.varint();
  if (wireType === 1) return reader.fixed(8);
  if (wireType === 2) return reader.take(reader.size());
  if (wireType === 5) return reader.fixed(4);
  throw new RangeError(`a field has wire type ${wireType}`);
}
