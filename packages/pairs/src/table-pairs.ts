import {
  areNumbered,
  pairOf,
  positionsFromHeader,
  positionsWithoutHeader,
  type ColumnPositions,
  type PairColumns,
  type PairContext,
} from './columns.ts';
import { corpusError } from './corpus-error.ts';
import type { Pair } from './pair.ts';

/** A row of a table, with the line on which it begins. */
export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** How a table of pairs is read. */
export interface TableContext extends PairContext {
  readonly header: 'auto' | 'present' | 'absent';
  readonly columns: PairColumns;
  /** What separates columns, in words. */
  readonly separator: string;
}

/** Turns rows into pairs: finds the columns in the first row, checks the rest against it. */
export async function* pairsOfTable(rows: AsyncIterable<Row>, context: TableContext): AsyncGenerator<Pair> {
  let positions: ColumnPositions | undefined;
  let rowCount = 0;
  for await (const row of rows) {
    if (positions === undefined) {
      const header = hasHeader(context) ? positionsFromHeader(row.cells, context.columns) : undefined;
      positions = header ?? positionsOfFirst(row, context);
      if (header !== undefined) continue;
    }
    rowCount += 1;
    if (row.cells.length !== positions.width) throw wrongWidth(row, positions.width, context);
    const cell = (position: number): string => row.cells[position] ?? '';
    const pair = pairOf(
      {
        question1: cell(positions.question1),
        question2: cell(positions.question2),
        label: cell(positions.label),
        group: positions.group === undefined ? undefined : cell(positions.group),
        line: row.line,
      },
      context,
    );
    if (pair !== undefined) yield pair;
  }
  if (rowCount === 0) throw corpusError({ what: context.what, source: context.source, expected: 'at least one pair', got: 'none' });
}

/** Whether to look for a header: not where numbered columns need none, lest a row be taken for one. */
function hasHeader({ header, columns }: TableContext): boolean {
  return header === 'present' || (header === 'auto' && !areNumbered(columns));
}

function positionsOfFirst(row: Row, context: TableContext): ColumnPositions {
  const { what, source, separator } = context;
  if (context.header === 'present') {
    const expected = 'a header that names question1, question2 and label';
    throw corpusError({
      what,
      source,
      line: row.line,
      expected,
      got: `${row.cells.length} other columns`,
      advice: 'Say which columns to read.',
    });
  }
  const positions = positionsWithoutHeader(row.cells.length, context.columns);
  if (positions !== undefined) return positions;
  throw corpusError({
    what,
    source,
    line: row.line,
    expected: `the columns question1, question2, label, separated by ${separator}, or a header that names them`,
    got: columnCount(row.cells.length),
  });
}

function wrongWidth(row: Row, width: number, { what, source, separator }: TableContext): Error {
  const advice = `Columns are separated by ${separator}.`;
  return corpusError({ what, source, line: row.line, expected: columnCount(width), got: columnCount(row.cells.length), advice });
}

function columnCount(count: number): string {
  return count === 1 ? '1 column' : `${count} columns`;
}
