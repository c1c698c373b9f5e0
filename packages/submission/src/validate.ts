import { createHash } from 'node:crypto';
import { formatOfSample, type SubmissionFormat } from './submission-file.ts';
import { quoted, submissionError } from './submission-error.ts';
import type { FileContent } from './table.ts';
import { splitLines, type RawLine } from './raw-lines.ts';

/** The kinds of {@link Deviation}. */
export type DeviationKind =
  | 'not-utf8'
  | 'byte-order-mark'
  | 'empty-file'
  | 'line-ending'
  | 'final-newline'
  | 'blank-line'
  | 'header'
  | 'stray-space'
  | 'stray-character'
  | 'columns'
  | 'label'
  | 'unknown-qid'
  | 'repeated-qid'
  | 'missing-qid'
  | 'order';

/** One place where a submission is not as it must be. Lines and columns (characters) count from 1. */
export interface Deviation {
  readonly kind: DeviationKind;
  readonly line: number;
  readonly column: number;
  /** `line 3, column 2: expected …, got ….` */
  readonly message: string;
}

/** What {@link validateSubmission} finds. */
export interface Validation {
  readonly valid: boolean;
  /** All of them, by line and column. */
  readonly deviations: readonly Deviation[];
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** Rows with label 1, among those that have a label. */
  readonly positives: number;
  readonly negatives: number;
}

/** What a submission is compared with. */
export interface ValidationReference {
  /** The sample's bytes: line ending, header, final newline, order of qids. */
  readonly sample: FileContent;
  /** The qids of the test file, where it is at hand: the sample must hold the same. */
  readonly qids?: readonly string[];
}

/**
 * Compares a submission with the sample byte for byte except for the labels, and lists every deviation.
 *
 * @throws {SubmissionError} If the sample itself cannot be read, or does not belong to the test file.
 */
export function validateSubmission(submission: FileContent, reference: ValidationReference): Validation {
  const bytes = typeof submission === 'string' ? Buffer.from(submission) : submission;
  const format = formatOfSample(reference.sample, { source: 'sample' });
  if (reference.qids !== undefined) checkSample(format.qids ?? [], reference.qids);
  const check = new SubmissionCheck(format);
  check.run(bytes);
  const deviations = check.deviations.toSorted((left, right) => left.line - right.line || left.column - right.column);
  return {
    valid: deviations.length === 0,
    deviations,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    positives: check.labels.filter((label) => label === '1').length,
    negatives: check.labels.filter((label) => label === '0').length,
  };
}

function checkSample(sample: readonly string[], test: readonly string[]): void {
  const [inSample, inTest] = [new Set(sample), new Set(test)];
  const missing = test.find((qid) => !inSample.has(qid));
  const extra = sample.find((qid) => !inTest.has(qid));
  if (missing === undefined && extra === undefined) return;
  const got = missing === undefined ? `qid ${quoted(extra ?? '')} in the sample alone` : `qid ${quoted(missing)} in the test file alone`;
  const advice = 'Do the two files belong together?';
  throw submissionError({ what: 'validateSubmission', expected: 'the same qids in sample and test file', got, advice });
}

interface Place {
  readonly line: number;
  /** Default 1. */
  readonly column?: number;
}

interface Difference {
  readonly expected: string;
  readonly got: string;
}

/** Goes through the lines once and remembers where each qid stands. */
class SubmissionCheck {
  readonly deviations: Deviation[] = [];
  readonly labels: string[] = [];
  readonly #format: SubmissionFormat;
  /** Position of each qid in the sample. */
  readonly #positions: ReadonlyMap<string, number>;
  readonly #lineOf = new Map<string, number>();

  constructor(format: SubmissionFormat) {
    this.#format = format;
    this.#positions = new Map((format.qids ?? []).map((qid, position) => [qid, position]));
  }

  run(bytes: Uint8Array): void {
    const { lines, invalid, byteOrderMark } = splitLines(bytes);
    if (byteOrderMark) this.#deviate('byte-order-mark', { line: 1 }, { expected: 'no byte order mark', got: 'one' });
    for (const { line, column } of invalid) this.#deviate('not-utf8', { line, column }, { expected: 'UTF-8', got: 'other bytes' });
    if (lines.length === 0) this.#deviate('empty-file', { line: 1 }, { expected: `${this.#positions.size} rows`, got: 'an empty file' });
    const rows = this.#checkHeader(lines);
    for (const row of rows) this.#checkLine(row);
    this.#checkEnd(lines);
    this.#checkMissing(lines.length);
    this.#checkOrder();
  }

  #deviate(kind: DeviationKind, { line, column = 1 }: Place, { expected, got }: Difference): void {
    this.deviations.push({ kind, line, column, message: `line ${line}, column ${column}: expected ${expected}, got ${got}.` });
  }

  /** @returns The lines without the header. */
  #checkHeader(lines: readonly RawLine[]): readonly RawLine[] {
    const [first] = lines;
    const { header } = this.#format;
    if (first === undefined) return [];
    const qid = first.text.split('\t')[0]?.trim() ?? '';
    const looksLikeHeader = /^[\s"']*(qid|id)\b/iu.test(first.text) && !this.#positions.has(qid);
    if (header === undefined) {
      if (!looksLikeHeader) return lines;
      this.#deviate('header', { line: 1 }, { expected: 'no header', got: quoted(first.text) });
      return lines.slice(1);
    }
    if (first.text === header) {
      this.#checkEnding(first);
      return lines.slice(1);
    }
    this.#deviate('header', { line: 1 }, { expected: `the header ${quoted(header)}`, got: quoted(first.text) });
    return looksLikeHeader ? lines.slice(1) : lines;
  }

  #checkEnding({ text, line, ending }: RawLine): void {
    if (ending === '' || ending === this.#format.lineEnding) return;
    this.#deviate(
      'line-ending',
      { line, column: [...text].length + 1 },
      { expected: nameOf(this.#format.lineEnding), got: nameOf(ending) },
    );
  }

  #checkLine(row: RawLine): void {
    const { text, line } = row;
    this.#checkEnding(row);
    if (text.trim() === '') {
      this.#deviate('blank-line', { line }, { expected: 'a row', got: text === '' ? 'an empty line' : 'a line of spaces' });
      return;
    }
    this.#checkCharacters(text, line);
    const cells = text.split('\t');
    if (cells.length !== 2) {
      const column = cells.length < 2 ? [...text].length + 1 : [...cells.slice(0, 2).join('\t')].length + 1;
      this.#deviate('columns', { line, column }, { expected: 'qid and label, separated by one tab', got: quoted(text) });
    }
    const [qid = '', label = ''] = cells;
    this.#checkQid(cells.length < 2 ? (text.split(/[\s,;]/u)[0] ?? '') : qid, line);
    if (cells.length === 2) this.#checkLabel(label, line, [...qid].length + 2);
  }

  /** Anything but what qids, tabs and labels are made of. */
  #checkCharacters(text: string, line: number): void {
    [...text].forEach((character, at) => {
      const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      if (character !== '\t' && /\s/u.test(character))
        this.#deviate('stray-space', { line, column: at + 1 }, { expected: 'no spaces', got: code });
      else if (/[\p{Cc}\p{Cf}]/u.test(character) && character !== '\t')
        this.#deviate('stray-character', { line, column: at + 1 }, { expected: 'printable characters', got: code });
    });
  }

  #checkQid(cell: string, line: number): void {
    const qid = cell.trim();
    const before = this.#lineOf.get(qid);
    if (!this.#positions.has(qid)) this.#deviate('unknown-qid', { line }, { expected: 'a qid of the test file', got: quoted(qid) });
    else if (before === undefined) this.#lineOf.set(qid, line);
    else this.#deviate('repeated-qid', { line }, { expected: 'each qid once', got: `${quoted(qid)}, which is on line ${before} too` });
  }

  #checkLabel(cell: string, line: number, column: number): void {
    const label = cell.trim();
    if (label === '0' || label === '1') this.labels.push(label);
    else this.#deviate('label', { line, column }, { expected: '0 or 1', got: label === '' ? 'nothing' : quoted(label) });
  }

  #checkEnd(lines: readonly RawLine[]): void {
    const last = lines.at(-1);
    if (last === undefined) return;
    const column = [...last.text].length + 1;
    if (this.#format.finalNewline && last.ending === '')
      this.#deviate('final-newline', { line: last.line, column }, { expected: 'a line end after the last row', got: 'none' });
    if (!this.#format.finalNewline && last.ending !== '')
      this.#deviate('final-newline', { line: last.line, column }, { expected: 'no line end after the last row', got: 'one' });
  }

  /** Each missing qid is placed where its row should stand: after the qid before it. */
  #checkMissing(lineCount: number): void {
    let line = this.#format.header === undefined ? 1 : 2;
    for (const qid of this.#positions.keys()) {
      const found = this.#lineOf.get(qid);
      if (found === undefined)
        this.#deviate('missing-qid', { line: Math.min(line, lineCount + 1) }, { expected: `a row for qid ${quoted(qid)}`, got: 'none' });
      else line = found + 1;
    }
  }

  /** The fewest rows that one would have to move: those outside a longest run of rows in the right order. */
  #checkOrder(): void {
    const rows = [...this.#lineOf].map(([qid, line]) => ({ qid, line, position: this.#positions.get(qid) ?? 0 }));
    const inOrder = longestIncreasing(rows.map(({ position }) => position));
    rows.forEach(({ qid, line }, at) => {
      if (!inOrder.has(at))
        this.#deviate('order', { line }, { expected: 'the order of the sample', got: `qid ${quoted(qid)} out of its place` });
    });
  }
}

function nameOf(ending: string): string {
  if (ending === '\r\n') return 'CRLF';
  return ending === '\n' ? 'LF' : 'CR';
}

/** The indices of a longest strictly increasing subsequence (patience sorting). */
function longestIncreasing(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const before: number[] = [];
  values.forEach((value, index) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before.push(tails[low - 1] ?? -1);
    tails[low] = index;
  });
  const chosen = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) chosen.add(index);
  return chosen;
}
