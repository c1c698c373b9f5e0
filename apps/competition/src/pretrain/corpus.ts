import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

import { UsageError } from '../usage-error.ts';

/**
 * The paragraphs of a text file, one a line, streamed; `.gz` is unpacked.
 * Of a `.tsv` file with a header, the column `question` or `text`.
 *
 * @throws {UsageError} If the file can't be read or a table has no such column.
 */
export async function* readParagraphs(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  const failed = new Promise<never>((_, reject) => {
    file.on('error', reject);
    bytes.on('error', reject);
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: bytes, crlfDelay: Infinity })[Symbol.asyncIterator]();
  const table = /\.tsv(\.gz)?$/.test(path);
  let column: number | undefined;
  try {
    for (;;) {
      const { value: line, done } = await Promise.race([lines.next(), failed]);
      if (done === true) return;
      if (table && column === undefined) column = textColumn(line, path);
      else yield column === undefined ? line : (line.split('\t')[column] ?? '');
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `--data: expected readable text, got ${path} (${error instanceof Error ? error.message : String(error)}). Check the file.`,
      { cause: error },
    );
  }
}

function textColumn(header: string, path: string): number {
  const names = header.replace(/^\uFEFF/, '').split('\t');
  const column = names.findIndex((name) => name === 'question' || name === 'text');
  if (column < 0) throw new UsageError(`--data: ${path}: expected a column named question or text, got ${names.join(', ')}. Add a header.`);
  return column;
}

const sentenceEnd = /(?<=[。！？；!?;])/u;

/** The sentences of a paragraph, each with its final mark. */
export function splitSentences(paragraph: string): string[] {
  return paragraph
    .split(sentenceEnd)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
