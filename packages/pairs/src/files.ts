import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { readCompetitionXml, type CompetitionXmlOptions } from './competition-xml.ts';
import { corpusError, CorpusError, quoted } from './corpus-error.ts';
import { formatCompetitionXml, formatPairs, formatPairStream, type FormatPairsOptions } from './format-pairs.ts';
import type { Pair, QuestionGroup } from './pair.ts';
import { readPairs, type PairFormat, type ReadPairsOptions } from './read-pairs.ts';

const FORMATS: Readonly<Record<string, PairFormat>> = {
  '.tsv': 'tsv',
  '.txt': 'tsv',
  '.csv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.xml': 'xml',
};

/** All groups of a training file in the competition's XML. @throws {CorpusError} If it cannot be read. */
export async function readGroupsFile(path: string, options: Omit<CompetitionXmlOptions, 'source'> = {}): Promise<readonly QuestionGroup[]> {
  return collect(readCompetitionXml(fileChunks('readGroupsFile', path), { ...options, source: path }));
}

/**
 * All pairs of a file. The format follows the file's ending (`.tsv`, `.txt`, `.csv`, `.jsonl`, `.ndjson`, `.xml`) unless it is given.
 *
 * @throws {CorpusError} If it cannot be read.
 */
export async function readPairsFile(path: string, options: Omit<ReadPairsOptions, 'source'> = {}): Promise<readonly Pair[]> {
  return collect(
    readPairs(fileChunks('readPairsFile', path), { ...options, source: path, format: options.format ?? formatOf('readPairsFile', path) }),
  );
}

/**
 * Writes pairs as they come, in constant memory: beside the file first, then renamed, so that nobody sees half of it.
 *
 * @returns How many were written.
 * @throws {CorpusError} If the place cannot be written, or a question has no place in the format.
 */
export async function writePairsFile(
  path: string,
  pairs: Iterable<Pair> | AsyncIterable<Pair>,
  options: FormatPairsOptions = {},
): Promise<number> {
  const format = options.format ?? formatOf('writePairsFile', path);
  if (format === 'xml')
    throw new RangeError('writePairsFile: format: expected "tsv", "csv" or "jsonl", got "xml"; groups are written by writeGroupsFile');
  let lines = 0;
  const counted = (line: string): string => {
    lines += 1;
    return line;
  };
  const all = { ...options, format };
  const pieces = Symbol.asyncIterator in pairs ? formatPairStream(pairs, all) : formatPairs(pairs, all);
  await writeAtomically('writePairsFile', path, blocks(pieces, counted));
  return lines - (format === 'jsonl' || options.header === false ? 0 : 1);
}

/** Writes groups as the competition's XML: beside the file first, then renamed. */
export async function writeGroupsFile(path: string, groups: Iterable<QuestionGroup>): Promise<void> {
  await writeAtomically('writeGroupsFile', path, blocks(formatCompetitionXml(groups)));
}

/** The bytes of a file, as a source for any reader. @throws {CorpusError} If the file cannot be opened or read. */
export async function* fileChunks(what: string, path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw corpusError({ what, source: path, expected: 'a readable file', got: cause.code, advice: 'Check the path.', cause });
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function formatOf(what: string, path: string): PairFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  const expected = `a file name that ends with ${Object.keys(FORMATS).join(', ')}`;
  throw corpusError({ what, expected, got: quoted(path), advice: 'Rename the file or give its format.' });
}

async function writeAtomically(what: string, path: string, text: AsyncIterable<string>): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(beside, 'wx');
    try {
      for await (const block of text) await file.write(block);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    if (cause instanceof CorpusError || !isSystemError(cause)) throw cause;
    throw corpusError({ what, source: path, expected: 'a writable place', got: cause.code, advice: 'Check the folder.', cause });
  }
}

/** Joins pieces so that each write is worth its call. */
async function* blocks(
  pieces: Iterable<string> | AsyncIterable<string>,
  seen: (piece: string) => string = (piece) => piece,
): AsyncGenerator<string> {
  const block = new Block();
  if (Symbol.asyncIterator in pieces) {
    for await (const piece of pieces) if (block.add(seen(piece))) yield block.take();
  } else {
    for (const piece of pieces) if (block.add(seen(piece))) yield block.take();
  }
  yield block.take();
}

class Block {
  #pieces: string[] = [];
  #length = 0;

  /** @returns Whether the block is full. */
  add(piece: string): boolean {
    this.#pieces.push(piece);
    this.#length += piece.length;
    return this.#length >= 262_144;
  }

  take(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    return text;
  }
}

function isSystemError(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && 'syscall' in cause;
}
