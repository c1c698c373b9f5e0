import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { unreadable, unwritable } from './file-errors.ts';
import { type Prediction, predictionLine, predictionsHeader } from './predictions.ts';
import { quoted, submissionError } from './submission-error.ts';
import { rowOf, type Row, type TableContext } from './table.ts';
import { headerOrder, testRowOf, type ColumnOrder, type TestRow } from './test-file.ts';

/**
 * The rows of a test file one after the other, in constant memory: what {@link readTestFile} gives, but that qids are not compared, for which
 * {@link checkTestFile} is.
 *
 * @throws {SubmissionError} At the first line that is wrong.
 */
export async function* streamTestFile(path: string): AsyncGenerator<TestRow, void, undefined> {
  for await (const { row } of testRows(path, 'streamTestFile')) yield row;
}

/** How many qids are compared at a time. */
const QIDS = 1 << 18;

/**
 * Reads a test file as {@link readTestFile} does and finds what that would refuse, in constant memory: qids are compared a quarter of a million
 * at a time, in as many passes over the file as that takes.
 *
 * @param qidsAtOnce For tests.
 * @returns The number of rows.
 * @throws {SubmissionError} With the line.
 */
export async function checkTestFile(path: string, qidsAtOnce: number = QIDS): Promise<number> {
  const what = 'checkTestFile';
  let rows = 0;
  for await (const _ of testRows(path, what)) rows++;
  const passes = Math.ceil(rows / qidsAtOnce);
  for (let pass = 0; pass < passes; pass++) {
    const lines = new Map<string, number>();
    for await (const { row, line } of testRows(path, what)) {
      if (hashOf(row.qid) % passes !== pass) continue;
      const before = lines.get(row.qid);
      if (before !== undefined) {
        const got = `${quoted(row.qid)} again, after line ${before}`;
        throw submissionError({ what, source: path, line, expected: 'each qid once', got });
      }
      lines.set(row.qid, line);
    }
  }
  return rows;
}

/** FNV-1a over UTF-16 units: only to deal qids out. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

async function* testRows(path: string, what: string): AsyncGenerator<{ readonly row: TestRow; readonly line: number }, void, undefined> {
  const context = { what, source: path };
  let order: ColumnOrder | undefined;
  for await (const row of fileRows(path, context)) {
    if (row.line === 1) {
      order = headerOrder(row);
      if (order !== undefined) continue;
    }
    const found = testRowOf(row, order, context);
    if (found.qid === '') throw submissionError({ ...context, line: row.line, expected: 'a qid', got: 'nothing' });
    yield { row: found, line: row.line };
  }
}

/** The rows of a file as `tableRows` gives those of its whole content. */
async function* fileRows(path: string, context: TableContext): AsyncGenerator<Row, void, undefined> {
  let blank: number | undefined;
  let rows = 0;
  for await (const { text, line } of fileLines(path, context)) {
    if (text.trim() === '') {
      blank ??= line;
      continue;
    }
    // Blank lines are refused unless they are the last ones.
    if (blank !== undefined) rowOf('', blank, context);
    rows++;
    yield rowOf(text, line, context);
  }
  if (rows === 0) throw submissionError({ ...context, expected: 'at least one row', got: 'an empty file' });
}

async function* fileLines(
  path: string,
  context: TableContext,
): AsyncGenerator<{ readonly text: string; readonly line: number }, void, undefined> {
  let line = 0;
  let held: Uint8Array[] = [];
  const take = (last: Uint8Array): { readonly text: string; readonly line: number } => {
    const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
    held = [];
    line++;
    return { text: lineText(bytes, line, context), line };
  };
  try {
    for await (const part of createReadStream(path) as AsyncIterable<Uint8Array>) {
      let start = 0;
      for (let end = part.indexOf(0x0a); end >= 0; end = part.indexOf(0x0a, start)) {
        yield take(part.subarray(start, end));
        start = end + 1;
      }
      if (start < part.length) held.push(part.subarray(start));
    }
  } catch (cause) {
    throw unreadable(context.what, path, cause);
  }
  if (held.length > 0) yield take(new Uint8Array());
}

function lineText(bytes: Uint8Array, line: number, { what, source }: TableContext): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: line > 1 }).decode(bytes);
  } catch (cause) {
    throw submissionError({ what, source, line, expected: 'UTF-8 text', got: 'other bytes', advice: 'Convert the file to UTF-8.', cause });
  }
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** A file of predictions that is being written. */
export interface PredictionsWriter {
  write(prediction: Prediction): Promise<void>;
  /** Puts the file in its place. */
  finish(): Promise<void>;
  /** Removes what was written, if it was not finished. */
  discard(): Promise<void>;
}

/** Characters that are written at once. */
const CHUNK = 1 << 16;

/**
 * Writes `predictions.tsv` row by row, in constant memory: beside the file first, then renamed.
 *
 * @throws {SubmissionError} If the place cannot be written.
 */
export async function openPredictions(path: string, options: { readonly logits: boolean }): Promise<PredictionsWriter> {
  const beside = `${path}.${randomUUID()}.part`;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw unwritable('openPredictions', path, cause);
    }
  };
  const handle = await guarded(() => open(beside, 'wx'));
  let text = predictionsHeader(options.logits);
  const flush = async (): Promise<void> => {
    const chunk = text;
    text = '';
    await guarded(() => handle.writeFile(chunk));
  };
  return {
    write: async (prediction) => {
      text += predictionLine(prediction, options.logits);
      if (text.length >= CHUNK) await flush();
    },
    finish: async () => {
      await flush();
      await guarded(async () => {
        await handle.sync();
        await handle.close();
        await rename(beside, path);
      });
    },
    discard: async () => {
      await handle.close().catch(() => undefined);
      await rm(beside, { force: true });
    },
  };
}
