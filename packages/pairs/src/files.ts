import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { readCompetitionXml, type CompetitionXmlOptions } from './competition-xml.ts';
import { corpusError, CorpusError, quoted } from './corpus-error.ts';
import { formatCompetitionXml, formatPairs, type FormatPairsOptions } from './format-pairs.ts';
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

/** Writes pairs: beside the file first, then renamed, so that nobody sees half of it. @returns How many were written. */
export async function writePairsFile(path: string, pairs: Iterable<Pair>, options: FormatPairsOptions = {}): Promise<number> {
  const format = options.format ?? formatOf('writePairsFile', path);
  if (format === 'xml')
    throw new RangeError('writePairsFile: format: expected "tsv", "csv" or "jsonl", got "xml"; groups are written by writeGroupsFile');
  let count = 0;
  const counted = (function* (): Generator<Pair> {
    for (const pair of pairs) {
      count += 1;
      yield pair;
    }
  })();
  await writeAtomically('writePairsFile', path, formatPairs(counted, { ...options, format }));
  return count;
}

/** Writes groups as the competition's XML: beside the file first, then renamed. */
export async function writeGroupsFile(path: string, groups: Iterable<QuestionGroup>): Promise<void> {
  await writeAtomically('writeGroupsFile', path, formatCompetitionXml(groups));
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

async function writeAtomically(what: string, path: string, pieces: Iterable<string>): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(beside, 'wx');
    try {
      for (const block of blocks(pieces)) await file.write(block);
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
function* blocks(pieces: Iterable<string>): Generator<string> {
  let block: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    block.push(piece);
    length += piece.length;
    if (length < 262_144) continue;
    yield block.join('');
    block = [];
    length = 0;
  }
  if (length > 0) yield block.join('');
}

function isSystemError(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && 'syscall' in cause;
}
