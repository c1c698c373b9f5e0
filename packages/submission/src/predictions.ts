import type { Label } from './submission-file.ts';
import { quoted, submissionError } from './submission-error.ts';
import { checkQids, tableRows, type FileContent, type Row, type TableContext } from './table.ts';

/** What a model says about one test row. */
export interface Prediction {
  readonly qid: string;
  /** Probability of label 0. */
  readonly probability0: number;
  /** Probability of label 1. */
  readonly probability1: number;
  readonly label: Label;
  /** What the probabilities were computed from, where it was asked for. */
  readonly logits?: readonly [number, number];
}

const COLUMNS = ['qid', 'probability0', 'probability1', 'label'];
const LOGIT_COLUMNS = [...COLUMNS, 'logit0', 'logit1'];

/** The lines of `predictions.tsv`: a header, LF, numbers that read back as they were; logits if every prediction has them. */
export function formatPredictions(predictions: Iterable<Prediction>): string {
  const list = [...predictions];
  const withLogits = list.length > 0 && list.every(({ logits }) => logits !== undefined);
  return [predictionsHeader(withLogits), ...list.map((prediction) => predictionLine(prediction, withLogits))].join('');
}

/** The first line of `predictions.tsv`, with its end. */
export function predictionsHeader(withLogits: boolean): string {
  return `${(withLogits ? LOGIT_COLUMNS : COLUMNS).join('\t')}\n`;
}

/** One line of `predictions.tsv`, with its end. */
export function predictionLine(
  { qid, probability0, probability1, label, logits = [Number.NaN, Number.NaN] }: Prediction,
  withLogits: boolean,
): string {
  return `${[qid, probability0, probability1, label, ...(withLogits ? logits : [])].join('\t')}\n`;
}

/**
 * Reads `predictions.tsv`.
 *
 * @throws {SubmissionError} With the line, if the header is another, a probability is not between 0 and 1 or both do not add up to 1.
 */
export function parsePredictions(content: FileContent, options: { readonly source?: string } = {}): readonly Prediction[] {
  const context = { what: 'parsePredictions', source: options.source };
  const [header, ...rows] = tableRows(content, context);
  const names = header?.cells.map((cell) => cell.trim()) ?? [];
  const columns = names.length === LOGIT_COLUMNS.length ? LOGIT_COLUMNS : COLUMNS;
  if (names.join() !== columns.join()) {
    const expected = `the header ${quoted(COLUMNS.join('\t'))}`;
    throw submissionError({ ...context, line: 1, expected, got: quoted(names.join('\t')), advice: 'Is this predictions.tsv?' });
  }
  const found = rows.map((row) => ({ prediction: predictionOf(row, columns, context), line: row.line }));
  checkQids(
    found.map(({ prediction, line }) => ({ qid: prediction.qid, line })),
    context,
  );
  return found.map(({ prediction }) => prediction);
}

function predictionOf(row: Row, columns: readonly string[], context: TableContext): Prediction {
  const fault = (expected: string, got: string): Error => submissionError({ ...context, line: row.line, expected, got });
  if (row.cells.length !== columns.length) throw fault(`${columns.length} columns`, `${row.cells.length}`);
  const [qid = '', zero = '', one = '', label = '', ...logits] = row.cells.map((cell) => cell.trim());
  if (label !== '0' && label !== '1') throw fault('the label 0 or 1', quoted(label));
  const [probability0, probability1] = probabilities([zero, one], fault);
  const prediction = { qid, probability0, probability1, label: label === '1' ? 1 : 0 } as const;
  if (logits.length === 0) return prediction;
  const [logit0 = Number.NaN, logit1 = Number.NaN] = logits.map(finite);
  if (Number.isNaN(logit0) || Number.isNaN(logit1)) throw fault('two numbers as logits', quoted(logits.join('\t')));
  return { ...prediction, logits: [logit0, logit1] };
}

/** Two cells as probabilities. They may miss a sum of 1 by rounding: 10⁻³. */
function probabilities(cells: readonly [string, string], fault: (expected: string, got: string) => Error): readonly [number, number] {
  const [zero, one] = [finite(cells[0]), finite(cells[1])];
  const valid = zero >= 0 && one >= 0 && zero <= 1 && one <= 1 && Math.abs(zero + one - 1) <= 1e-3;
  if (!valid) throw fault('two probabilities that add up to 1', quoted(cells.join('\t')));
  return [zero, one];
}

function finite(cell: string): number {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/iu.test(cell) ? Number(cell) : Number.NaN;
}

/**
 * Reads google-research/bert's `test_results.tsv`: no header, one row `probability0<TAB>probability1` for each test row, in its order.
 *
 * @param qids The qids of the test file.
 * @throws {SubmissionError} With the line; also if the number of rows is not that of the test file.
 */
export function parseTestResults(
  content: FileContent,
  qids: readonly string[],
  options: { readonly source?: string } = {},
): readonly Prediction[] {
  const context = { what: 'parseTestResults', source: options.source };
  const rows = tableRows(content, context);
  if (rows.length !== qids.length) {
    const advice = 'The rows must be those of the test file, in its order.';
    throw submissionError({ ...context, expected: `${qids.length} rows, one for each test row`, got: String(rows.length), advice });
  }
  return rows.map(({ cells, line }, index) => {
    const fault = (expected: string, got: string): Error => submissionError({ ...context, line, expected, got });
    const [zero = '', one = '', ...others] = cells.map((cell) => cell.trim());
    if (cells.length < 2 || others.length > 0) throw fault('2 columns (probability0, probability1)', `${cells.length}`);
    const [probability0, probability1] = probabilities([zero, one], fault);
    return { qid: qids[index] ?? '', probability0, probability1, label: probability1 > probability0 ? 1 : 0 };
  });
}
