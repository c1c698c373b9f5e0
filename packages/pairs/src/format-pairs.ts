import { corpusError, quoted } from './corpus-error.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** Options of {@link formatPairs}. */
export interface FormatPairsOptions {
  /** Default `tsv`. */
  readonly format?: 'tsv' | 'csv' | 'jsonl';
  /** Whether the first row names the columns. Default true. */
  readonly header?: boolean;
  /** Whether a fourth column `group` is written. Default false. */
  readonly group?: boolean;
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/**
 * The lines of a file of pairs, each with its line feed: `question1 question2 label`.
 *
 * @throws {CorpusError} If a question cannot be written so that it reads back: a tab or line break in TSV, half a surrogate pair anywhere.
 */
export function* formatPairs(pairs: Iterable<Pair>, options: FormatPairsOptions = {}): Generator<string> {
  const { header, line } = pairFormatter(options);
  if (header !== '') yield header;
  for (const pair of pairs) yield line(pair);
}

/** {@link formatPairs} for pairs that arrive one by one. */
export async function* formatPairStream(
  pairs: AsyncIterable<Pair> | Iterable<Pair>,
  options: FormatPairsOptions = {},
): AsyncGenerator<string> {
  const { header, line } = pairFormatter(options);
  if (header !== '') yield header;
  for await (const pair of pairs) yield line(pair);
}

function pairFormatter(options: FormatPairsOptions): { readonly header: string; readonly line: (pair: Pair) => string } {
  const { format = 'tsv', header = true, group = false } = options;
  const row = rowWriter(format);
  const names = ['question1', 'question2', 'label', ...(group ? ['group'] : [])];
  const line = (pair: Pair): string => {
    const cells = [pair.question1, pair.question2, String(pair.label), ...(group ? [pair.group ?? ''] : [])];
    for (const cell of cells) if (LONE_SURROGATE.test(cell)) throw unwritable('Unicode text', cell);
    return row(cells, names);
  };
  return { header: header && format !== 'jsonl' ? row(names, names) : '', line };
}

type RowWriter = (cells: readonly string[], names: readonly string[]) => string;

function rowWriter(format: 'tsv' | 'csv' | 'jsonl'): RowWriter {
  if (format === 'tsv') return tsvRow;
  if (format === 'csv') return (cells) => `${cells.map(csvCell).join(',')}\n`;
  if (format === 'jsonl') return jsonRow;
  throw new RangeError(`formatPairs: format: expected "tsv", "csv" or "jsonl", got "${String(format)}"`);
}

function tsvRow(cells: readonly string[]): string {
  for (const cell of cells) {
    if (/[\t\n\r]/.test(cell)) throw unwritable('no tab or line break in a question', cell);
  }
  return `${cells.join('\t')}\n`;
}

function csvCell(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function jsonRow(cells: readonly string[], names: readonly string[]): string {
  const entries = names.map((name, index) => [name, name === 'label' ? Number(cells[index]) : cells[index]]);
  return `${JSON.stringify(Object.fromEntries(entries))}\n`;
}

function unwritable(expected: string, cell: string): Error {
  return corpusError({ what: 'formatPairs', expected, got: quoted(cell), advice: 'Clean the text, or write JSON Lines.' });
}

/** Characters that XML 1.0 has no way to write. */
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const NOT_IN_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/u;

/**
 * The pieces of a training file in the competition's format.
 *
 * @throws {CorpusError} If a question holds a character that XML cannot.
 */
export function* formatCompetitionXml(groups: Iterable<QuestionGroup>): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<TrainCorpus>\n';
  for (const { id, equivalents, nonEquivalents } of groups) {
    const lists = listXml('EquivalenceQuestions', equivalents) + listXml('NotEquivalenceQuestions', nonEquivalents);
    yield `\t<Questions number="${escaped(id)}">\n${lists}\t</Questions>\n`;
  }
  yield '</TrainCorpus>\n';
}

function listXml(name: string, questions: readonly string[]): string {
  const lines = questions.map((question) => `\t\t\t<question>${escaped(question)}</question>\n`).join('');
  return `\t\t<${name}>\n${lines}\t\t</${name}>\n`;
}

function escaped(text: string): string {
  if (NOT_IN_XML.test(text)) {
    throw corpusError({
      what: 'formatCompetitionXml',
      expected: 'characters that XML 1.0 allows',
      got: quoted(text),
      advice: 'Clean the text.',
    });
  }
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
