import { ByteReader } from './protobuf.ts';

/** A copy of 64 bytes takes three, so no legal stream grows by more than this. */
const maxGrowth = 22;

/**
 * Undoes Snappy's block format.
 * @throws {RangeError} If the stream is damaged; nothing is allocated on the word of a length that its bytes could not produce.
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function uncompressSnappy(compressed: Uint8Array): Uint8Array {
  const reader = new ByteReader(compressed);
  const length = reader.size();
  if (length > maxGrowth * compressed.length) throw new RangeError(`a stream of ${compressed.length} bytes cannot hold ${length}`);
  const output = new Uint8Array(length);
  let filled = 0;
  while (!reader.done) {
    const tag = reader.byte();
    if ((tag & 3) === 0) {
      const literal = reader.take(literalLength(reader, tag >>> 2));
      if (literal.length > length - filled) throw new RangeError('a literal runs past the announced length');
      output.set(literal, filled);
      filled += literal.length;
    } else {
      const copy = copyOf(reader, tag);
      if (copy.distance === 0 || copy.distance > filled) throw new RangeError('a copy begins before the output');
      if (copy.length > length - filled) throw new RangeError('a copy runs past the announced length');
      // Byte by byte: a copy may overlap what it writes, which repeats it.
      for (const end = filled + copy.length; filled < end; filled++) output[filled] = output[filled - copy.distance] ?? 0;
    }
  }
  if (filled !== length) throw new RangeError(`the stream gives ${filled} of ${length} bytes`);
  return output;
}

function literalLength(reader: ByteReader, code: number): number {
  return code < 60 ? code + 1 : littleEndian(reader, code - 59) + 1;
}

function copyOf(reader: ByteReader, tag: number): { readonly length: number; readonly distance: number } {
  if ((tag & 3) === 1) return { length: ((tag >>> 2) & 7) + 4, distance: ((tag >>> 5) << 8) | reader.byte() };
  return { length: (tag >>> 2) + 1, distance: littleEndian(reader, (tag & 3) === 2 ? 2 : 4) };
}

function littleEndian(reader: ByteReader, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value += reader.byte() * 2 ** (8 * i);
  return value;
}
