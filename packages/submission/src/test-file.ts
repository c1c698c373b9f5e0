import { checkQids, checkWidth, tableRows, type FileContent, type Row, type TableContext } from './table.ts';

/** One question pair to judge. */
export interface TestRow {
  readonly qid: string;
  readonly question1: string;
  readonly question2: string;
}

const COLUMNS = ['qid', 'question1', 'question2'];

/**
 * Reads a test file: `qid<TAB>question1<TAB>question2`, LF or CRLF, with or without a header, no quoting. The questions are given as they
 * stand; an empty one stays, since each qid needs an answer. A header may name the columns in another order.
 *
 * @throws {SubmissionError} With the line, at a wrong number of columns, a repeated qid, or bytes that are not UTF-8.
 */
export function parseTestFile(content: FileContent, options: { readonly source?: string } = {}): readonly TestRow[] {
  const context = { what: 'parseTestFile', source: options.source };
  const rows = tableRows(content, context);
  const order = headerOrder(rows[0]);
  const found = (order === undefined ? rows : rows.slice(1)).map((row) => ({ ...testRowOf(row, order, context), line: row.line }));
  checkQids(found, context);
  return found.map(({ qid, question1, question2 }) => ({ qid, question1, question2 }));
}

/** Where qid and questions stand in a row. */
export type ColumnOrder = readonly [qid: number, question1: number, question2: number];

/** A row as a pair to judge; columns in the usual order unless a header said otherwise. @throws {SubmissionError} At a wrong number of columns. */
export function testRowOf(row: Row, [qidAt, question1At, question2At]: ColumnOrder = [0, 1, 2], context: TableContext): TestRow {
  checkWidth(row, COLUMNS, context);
  const cell = (position: number): string => row.cells[position] ?? '';
  return { qid: cell(qidAt).trim(), question1: cell(question1At), question2: cell(question2At) };
}

/** Positions of the three columns if the row is a header. */
export function headerOrder(row: Row | undefined): ColumnOrder | undefined {
  const names = row?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  const [qid, question1, question2] = COLUMNS.map((name) => names.indexOf(name));
  const found = qid !== undefined && question1 !== undefined && question2 !== undefined && Math.min(qid, question1, question2) >= 0;
  return found && names.length === 3 ? [qid, question1, question2] : undefined;
}
