const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes end inside a pickle: it is cut off, or only its beginning was read so far. */
export class PickleEndError extends Error {
  override readonly name: string = 'PickleEndError';
}

/** What a pickle must not hold, with the place; its caller knows the file's name. */
export class PickleFaultError extends Error {
  override readonly name: string = 'PickleFaultError';
  readonly fault: 'malformed' | 'unsupported' | 'forbidden';

  constructor(fault: 'malformed' | 'unsupported' | 'forbidden', message: string) {
    super(message);
    this.fault = fault;
  }
}

/** A cursor over a pickle's bytes. Methods throw `PickleEndError` rather than read, or allocate, past the end. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = start;
  }

  get at(): number {
    return this.#at;
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A 64-bit length. */
  uint64(): number {
    const value = this.#view.getBigUint64(this.#advance(8), true);
    // Longer than any file: the bytes cannot be there.
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PickleFaultError('malformed', 'expected a length below 2^53, got more');
    return Number(value);
  }

  /** Pickles hold doubles big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  text(length: number): string {
    try {
      return decoder.decode(this.take(length));
    } catch (error) {
      if (error instanceof PickleEndError) throw error;
      throw new PickleFaultError('malformed', 'expected UTF-8 text, got other bytes');
    }
  }

  /** The text up to the next line feed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end === -1) throw new PickleEndError('the pickle ends inside a line');
    const text = this.text(end - this.#at);
    this.#at++;
    return text;
  }

  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new PickleEndError('the pickle ends too early');
    this.#at = start + length;
    return start;
  }
}
