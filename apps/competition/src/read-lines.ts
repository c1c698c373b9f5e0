import { UsageError } from './usage-error.ts';

/**
 * The lines of a stream of UTF-8, without their ends (LF or CR LF). No other character ends a line: U+2028 and a lone CR are text.
 *
 * @param source What the stream is, for errors.
 * @throws {UsageError} If a line is not UTF-8.
 */
export async function* readLines(stream: AsyncIterable<Uint8Array | string>, source: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 0;
  let held: Uint8Array[] = [];
  const decode = (bytes: Uint8Array): string => {
    line++;
    try {
      const text = decoder.decode(bytes);
      return text.endsWith('\r') ? text.slice(0, -1) : text;
    } catch (error) {
      throw new UsageError(`${source}: line ${line}: expected UTF-8, got other bytes. Save the text as UTF-8.`, { cause: error });
    }
  };
  for await (const part of stream) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      held.push(bytes.subarray(start, end));
      yield decode(held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held));
      held = [];
      start = end + 1;
    }
    if (start < bytes.length) held.push(bytes.subarray(start));
  }
  if (held.length > 0) yield decode(Buffer.concat(held));
}
