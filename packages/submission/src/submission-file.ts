import { quoted, submissionError } from './submission-error.ts';
import { checkQids, checkWidth, decodeText, tableRows, type FileContent, type Row } from './table.ts';

/** 1: the same question; 0: not. */
export type Label = 0 | 1;

/** The label of one test row. */
export interface Answer {
  readonly qid: string;
  readonly label: Label;
}

/** How the bytes of a submission look. */
export interface SubmissionFormat {
  readonly lineEnding: '\r\n' | '\n';
  /** The first line, without its end, where the sample has one. */
  readonly header: string | undefined;
  readonly finalNewline: boolean;
  /** The order of the rows; `undefined`: as they come. */
  readonly qids: readonly string[] | undefined;
}

/** CRLF, no header, a final newline, rows as they come: the format of the competition. */
export const competitionFormat: SubmissionFormat = { lineEnding: '\r\n', header: undefined, finalNewline: true, qids: undefined };

const COLUMNS = ['qid', 'label'];

/** Reads a submission or a file of labels: `qid<TAB>label`, with or without a header. @throws {SubmissionError} With the line. */
export function parseSubmission(content: FileContent, options: { readonly source?: string } = {}): readonly Answer[] {
  return parseAnswers(content, { what: 'parseSubmission', source: options.source });
}

/** Reads the format of a sample submission: line ending, header, final newline and the order of qids. @throws {SubmissionError} */
export function formatOfSample(content: FileContent, options: { readonly source?: string } = {}): SubmissionFormat {
  const context = { what: 'formatOfSample', source: options.source };
  const text = decodeText(content, context);
  const answers = parseAnswers(content, context);
  const [firstLine = ''] = text.split('\n', 1);
  const header = isHeader({ cells: firstLine.trim().split('\t'), line: 1 }) ? firstLine.replace(/\r$/u, '') : undefined;
  return {
    lineEnding: firstLine.endsWith('\r') ? '\r\n' : '\n',
    header,
    finalNewline: text.endsWith('\n'),
    qids: answers.map(({ qid }) => qid),
  };
}

/**
 * The text of a submission, exactly in the given format.
 *
 * @throws {SubmissionError} If the answers' qids are not exactly the format's, or one comes twice.
 */
export function formatSubmission(answers: Iterable<Answer>, format: SubmissionFormat = competitionFormat): string {
  const labels = labelsByQid(answers);
  const qids = format.qids ?? [...labels.keys()];
  if (format.qids !== undefined) checkSameQids(labels, format.qids);
  const lines = [...(format.header === undefined ? [] : [format.header]), ...qids.map((qid) => `${qid}\t${labels.get(qid)}`)];
  return lines.join(format.lineEnding) + (format.finalNewline ? format.lineEnding : '');
}

function labelsByQid(answers: Iterable<Answer>): ReadonlyMap<string, Label> {
  const labels = new Map<string, Label>();
  for (const { qid, label } of answers) {
    if (qid === '' || /[\t\r\n]/.test(qid)) throw unfit('a qid without tabs and line breaks', quoted(qid));
    if (labels.has(qid)) throw unfit('each qid once', `${quoted(qid)} again`);
    if (label !== 0 && label !== 1) throw unfit(`the label 0 or 1 for qid ${quoted(qid)}`, String(label));
    labels.set(qid, label);
  }
  return labels;
}

function unfit(expected: string, got: string): Error {
  return submissionError({ what: 'formatSubmission', expected, got });
}

function checkSameQids(labels: ReadonlyMap<string, Label>, qids: readonly string[]): void {
  const wanted = new Set(qids);
  const missing = qids.find((qid) => !labels.has(qid));
  const extra = [...labels.keys()].find((qid) => !wanted.has(qid));
  if (missing === undefined && extra === undefined) return;
  const got = missing === undefined ? `${quoted(extra ?? '')}, which is not in the sample` : `none for ${quoted(missing)}`;
  const advice = 'Do the sample and the test file belong together?';
  throw submissionError({ what: 'formatSubmission', expected: 'one answer for each qid of the sample', got, advice });
}

function parseAnswers(content: FileContent, context: { readonly what: string; readonly source: string | undefined }): readonly Answer[] {
  const { what, source } = context;
  const rows = tableRows(content, context);
  const [first] = rows;
  const found = (first !== undefined && isHeader(first) ? rows.slice(1) : rows).map((row) => {
    checkWidth(row, COLUMNS, context);
    const [qid = '', label = ''] = row.cells.map((cell) => cell.trim());
    if (label !== '0' && label !== '1')
      throw submissionError({ what, source, line: row.line, expected: 'the label 0 or 1', got: quoted(label) });
    return { qid, label: label === '1' ? 1 : 0, line: row.line } as const;
  });
  checkQids(found, context);
  return found.map(({ qid, label }) => ({ qid, label }));
}

function isHeader({ cells }: Row): boolean {
  const [qid = '', label = ''] = cells.map((cell) => cell.trim().toLowerCase());
  return cells.length === 2 && qid === 'qid' && (label === 'label' || label === 'prediction');
}
