import { buildPairsFromStream } from './build-pairs.ts';
import type { PairColumns, PairContext } from './columns.ts';
import { readCompetitionXml } from './competition-xml.ts';
import { readCsvRows } from './csv-rows.ts';
import type { DefectListener } from './defect.ts';
import { pairsOfJsonLines } from './json-pairs.ts';
import { readLines, type Line } from './lines.ts';
import type { Pair, TextSource } from './pair.ts';
import type { GroupPairOptions } from './pairs-of-group.ts';
import { pairsOfTable, type Row } from './table-pairs.ts';

/** The formats that labelled pairs come in: tab-separated without quoting, CSV with it, JSON Lines, the competition's XML. */
export type PairFormat = 'tsv' | 'csv' | 'jsonl' | 'xml';

/** Options of {@link readPairs}. */
export interface ReadPairsOptions {
  /** Default `tsv`. */
  readonly format?: PairFormat;
  /** Name of the source in error messages, usually the file's path. */
  readonly source?: string;
  /** Whether the first row names the columns. `auto` (default): if it names both questions and the label; never if `columns` numbers all three. */
  readonly header?: 'auto' | 'present' | 'absent';
  /**
   * Where the fields stand, if not under their usual names (question1, sentence1, text_a, …; label, is_duplicate, …) or, without a
   * header, in the order question1, question2, label.
   */
  readonly columns?: PairColumns;
  /** Rows with an empty question: refuse the file (default), or drop them and report each. */
  readonly emptyQuestions?: 'refuse' | 'drop';
  /** Receives what the reader puts right. */
  readonly onDefect?: DefectListener;
  /** Longest line in characters. Default 1,000,000. */
  readonly maxLength?: number;
  /** How groups become pairs, for `xml`. */
  readonly build?: GroupPairOptions;
}

/**
 * Reads labelled pairs, one by one, in constant memory.
 *
 * @throws {CorpusError} With the line, at the first row that cannot be read in full.
 */
export async function* readPairs(text: TextSource, options: ReadPairsOptions = {}): AsyncGenerator<Pair> {
  const { format = 'tsv', source, onDefect, maxLength = 1_000_000, header = 'auto', columns = {} } = options;
  const context: PairContext = { what: 'readPairs', source, onDefect, maxLength, emptyQuestions: options.emptyQuestions ?? 'refuse' };
  if (format === 'tsv') {
    yield* pairsOfTable(tabbed(readLines(text, context)), { ...context, header, columns, separator: 'one tab' });
  } else if (format === 'csv') {
    yield* pairsOfTable(readCsvRows(text, context), { ...context, header, columns, separator: 'a comma' });
  } else if (format === 'jsonl') {
    yield* pairsOfJsonLines(readLines(text, context), { ...context, columns });
  } else if (format === 'xml') {
    const xmlOptions = { maxLength, ...(source === undefined ? {} : { source }), ...(onDefect === undefined ? {} : { onDefect }) };
    yield* buildPairsFromStream(readCompetitionXml(text, xmlOptions), options.build);
  } else {
    throw new RangeError(`readPairs: format: expected "tsv", "csv", "jsonl" or "xml", got "${String(format)}"`);
  }
}

async function* tabbed(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  for await (const { text, line } of lines) yield { cells: text.split('\t'), line };
}
