import { quoted, submissionError } from './submission-error.ts';

/** A whole file: its bytes, or its text. */
export type FileContent = Uint8Array | string;

/** Who reads, and what name the file has in messages. */
export interface TableContext {
  readonly what: string;
  readonly source?: string | undefined;
}

/** A row of a tab-separated file. */
export interface Row {
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
}

/**
 * UTF-8 bytes as text, without a byte order mark.
 *
 * @throws {SubmissionError} With the line of the first bytes that are not UTF-8.
 */
export function decodeText(content: FileContent, { what, source }: TableContext): string {
  if (typeof content === 'string') return content.replace(/^\uFEFF/u, '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (cause) {
    const line = firstInvalidLine(content);
    throw submissionError({ what, source, line, expected: 'UTF-8 text', got: 'other bytes', advice: 'Convert the file to UTF-8.', cause });
  }
}

function firstInvalidLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}

/**
 * The rows of a tab-separated file without quoting. Lines end with LF or CRLF; blank lines at the end do not count.
 *
 * @throws {SubmissionError} If the file is not UTF-8, is empty, or has a blank line or a bare carriage return among its rows.
 */
export function tableRows(content: FileContent, context: TableContext): readonly Row[] {
  const { what, source } = context;
  const rows = decodeText(content, context)
    .split('\n')
    .map((raw, index) => ({ text: raw.endsWith('\r') ? raw.slice(0, -1) : raw, line: index + 1 }));
  while (rows.length > 0 && rows.at(-1)?.text.trim() === '') rows.pop();
  if (rows.length === 0) throw submissionError({ what, source, expected: 'at least one row', got: 'an empty file' });
  return rows.map(({ text, line }) => rowOf(text, line, context));
}

/**
 * One line, without its end, as a row.
 *
 * @throws {SubmissionError} If it is blank or holds a carriage return or U+0000.
 */
export function rowOf(text: string, line: number, { what, source }: TableContext): Row {
  if (text.trim() === '') throw submissionError({ what, source, line, expected: 'a row', got: 'a blank line', advice: 'Delete the line.' });
  if (text.includes('\r') || text.includes('\0')) {
    const got = text.includes('\0') ? 'the character U+0000' : 'a carriage return inside a line';
    throw submissionError({ what, source, line, expected: 'text lines that end with LF or CRLF', got });
  }
  return { cells: text.split('\t'), line };
}

/** Checks the number of columns. @throws {SubmissionError} With the line. */
export function checkWidth(row: Row, columns: readonly string[], { what, source }: TableContext): void {
  if (row.cells.length === columns.length) return;
  const got = `${row.cells.length} columns: ${quoted(row.cells.join('\t'))}`;
  const expected = `${columns.length} columns (${columns.join(', ')})`;
  throw submissionError({ what, source, line: row.line, expected, got, advice: 'Columns are separated by one tab.' });
}

/** Checks that no qid is empty or comes twice. @throws {SubmissionError} With the line. */
export function checkQids(rows: readonly { readonly qid: string; readonly line: number }[], { what, source }: TableContext): void {
  const lines = new Map<string, number>();
  for (const { qid, line } of rows) {
    if (qid === '') throw submissionError({ what, source, line, expected: 'a qid', got: 'nothing' });
    const before = lines.get(qid);
    if (before !== undefined)
      throw submissionError({ what, source, line, expected: 'each qid once', got: `${quoted(qid)} again, after line ${before}` });
    lines.set(qid, line);
  }
}
