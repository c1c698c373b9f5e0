import { corpusError } from './corpus-error.ts';
import type { TextSource } from './pair.ts';

/** Pieces handed on are at most this long, so that a reader can yield while it reads one long string. */
const PIECE_LENGTH = 65_536;

/** What {@link decodeUtf8} needs to know about its caller. */
export interface DecodeOptions {
  /** The function whose name stands in front of error messages. */
  readonly what: string;
  readonly source?: string | undefined;
  /** Called once if the text begins with a byte order mark, which is left out. */
  readonly onByteOrderMark?: () => void;
}

/**
 * Decodes UTF-8 in pieces.
 *
 * @throws {CorpusError} With the line, where bytes are not UTF-8 or the text holds U+0000 (a binary file, or UTF-16).
 */
export async function* decodeUtf8(source: TextSource, options: DecodeOptions): AsyncGenerator<string> {
  const decoder = new Utf8Pieces(options);
  let first = true;
  for await (const chunk of chunksOf(source)) {
    let text = typeof chunk === 'string' ? decoder.text(chunk) : decoder.bytes(chunk);
    if (text === '') continue;
    if (first && text.startsWith('\uFEFF')) {
      options.onByteOrderMark?.();
      text = text.slice(1);
    }
    first = false;
    for (let start = 0; start < text.length; start += PIECE_LENGTH) yield text.slice(start, start + PIECE_LENGTH);
  }
  decoder.end();
}

async function* chunksOf(source: TextSource): AsyncGenerator<string | Uint8Array> {
  if (typeof source === 'string' || source instanceof Uint8Array) yield source;
  else yield* source;
}

/** Bytes to text, with the number of lines so far, so that a bad byte has a place. */
class Utf8Pieces {
  readonly #options: DecodeOptions;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #carry = new Uint8Array(0);
  #line = 1;
  #started = false;

  constructor(options: DecodeOptions) {
    this.#options = options;
  }

  /** A piece that is text already. */
  text(piece: string): string {
    const zero = piece.indexOf('\0');
    if (zero >= 0) this.#fail(this.#line + countNewlines(piece.slice(0, zero)), 'the character U+0000');
    this.#line += countNewlines(piece);
    this.#started = true;
    return piece;
  }

  bytes(chunk: Uint8Array): string {
    const joined = this.#carry.length === 0 ? chunk : concatenate(this.#carry, chunk);
    if (!this.#started) this.#refuseUtf16(joined);
    const complete = joined.length - incompleteTail(joined);
    this.#carry = joined.slice(complete);
    const body = joined.subarray(0, complete);
    let text: string;
    try {
      text = this.#decoder.decode(body);
    } catch {
      const bad = firstInvalidByte(body);
      const line = this.#line + countNewlines(new TextDecoder('latin1').decode(body.subarray(0, bad)));
      return this.#fail(line, `the byte 0x${(body[bad] ?? 0).toString(16).padStart(2, '0')}`);
    }
    return this.text(text);
  }

  end(): void {
    if (this.#carry.length > 0) this.#fail(this.#line, 'a character cut off at the end of the file');
  }

  #refuseUtf16(bytes: Uint8Array): void {
    const [first, second] = bytes;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) this.#fail(1, 'UTF-16 (its byte order mark)');
  }

  #fail(line: number, got: string): never {
    const { what, source } = this.#options;
    throw corpusError({ what, source, line, expected: 'UTF-8 text', got, advice: 'Convert the file to UTF-8.' });
  }
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** How many bytes at the end begin a character that the next chunk may finish: 0 to 3. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** Index of the lead byte of the first malformed sequence (Unicode table 3-7); the length if there is none. */
function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const length = sequenceLength(lead);
    if (lead >= 0x80 && (lead < 0xc2 || lead > 0xf4)) return at;
    for (let offset = 1; offset < length; offset += 1) {
      const [low, high] = offset === 1 ? secondByteRange(lead) : [0x80, 0xbf];
      const byte = bytes[at + offset] ?? 0;
      if (byte < low || byte > high) return at;
    }
    at += length;
  }
  return at;
}

function secondByteRange(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}
