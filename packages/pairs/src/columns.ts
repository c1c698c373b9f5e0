import { cleanQuestion } from './clean-question.ts';
import { corpusError, quoted } from './corpus-error.ts';
import type { ReaderContext } from './lines.ts';
import type { Label, Pair } from './pair.ts';

/** Which column or key holds what: a name in the header, or a position from 0. */
export interface PairColumns {
  readonly question1?: string | number;
  readonly question2?: string | number;
  readonly label?: string | number;
  /** Read only where it is named here or a column is called `group`. */
  readonly group?: string | number;
}

type Field = keyof PairColumns;

/** Names that files in the style of GLUE and of the Chinese benchmarks give to the columns, in lower case. */
const ALIASES: Readonly<Record<Field, readonly string[]>> = {
  question1: ['question1', 'sentence1', 'text1', 'text_a', 'query1', 'q1', '#1 string'],
  question2: ['question2', 'sentence2', 'text2', 'text_b', 'query2', 'q2', '#2 string'],
  label: ['label', 'is_duplicate', 'gold_label', 'quality'],
  group: ['group'],
};

/** Where each field stands in a row. */
export interface ColumnPositions {
  readonly question1: number;
  readonly question2: number;
  readonly label: number;
  readonly group: number | undefined;
  /** How many columns each row has. */
  readonly width: number;
}

/** The names under which JSON Lines may hold a field. */
export function namesOf(field: Field, columns: PairColumns): readonly string[] {
  const chosen = columns[field];
  return chosen === undefined ? ALIASES[field] : [String(chosen)];
}

/** Whether all three fields are given by position, so that no header is needed to find them. */
export function areNumbered({ question1, question2, label }: PairColumns): boolean {
  return [question1, question2, label].every((choice) => typeof choice === 'number');
}

/** Positions by the names of a header; `undefined` if these cells do not name both questions and the label. */
export function positionsFromHeader(cells: readonly string[], columns: PairColumns): ColumnPositions | undefined {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const find = (field: Field): number | undefined => {
    const chosen = columns[field];
    if (typeof chosen === 'number') return chosen < cells.length ? chosen : undefined;
    const wanted = chosen === undefined ? ALIASES[field] : [chosen.toLowerCase()];
    const position = names.findIndex((name) => wanted.includes(name));
    return position < 0 ? undefined : position;
  };
  const [question1, question2, label, group] = [find('question1'), find('question2'), find('label'), find('group')];
  if (question1 === undefined || question2 === undefined || label === undefined) return undefined;
  return { question1, question2, label, group, width: cells.length };
}

/** Positions without a header: question1, question2, label, unless positions are given. */
export function positionsWithoutHeader(width: number, columns: PairColumns): ColumnPositions | undefined {
  const at = (field: Field, position: number): number => {
    const chosen = columns[field] ?? position;
    return typeof chosen === 'number' ? chosen : Number.NaN;
  };
  const [question1, question2, label] = [at('question1', 0), at('question2', 1), at('label', 2)];
  const group = typeof columns.group === 'number' ? columns.group : undefined;
  const inside = [question1, question2, label, group ?? 0].every(
    (position) => Number.isInteger(position) && position >= 0 && position < width,
  );
  const given = typeof columns.question1 === 'number' || typeof columns.question2 === 'number' || typeof columns.label === 'number';
  if (!inside || (!given && width !== 3)) return undefined;
  return { question1, question2, label, group, width };
}

/** A row whose fields were found. */
export interface RawPair {
  readonly question1: string;
  readonly question2: string;
  readonly label: string;
  readonly group: string | undefined;
  readonly line: number;
}

/** Options of {@link pairOf}. */
export interface PairContext extends ReaderContext {
  readonly emptyQuestions: 'refuse' | 'drop';
}

/**
 * Checks a row and cleans its questions.
 *
 * @returns `undefined` if it was dropped, which was reported.
 * @throws {CorpusError} If the label is neither 0 nor 1, or a question is empty and rows are not to be dropped.
 */
export function pairOf(raw: RawPair, context: PairContext): Pair | undefined {
  const { what, source, onDefect } = context;
  const { line } = raw;
  const place = { what, source, line, onDefect };
  const question1 = cleanQuestion(raw.question1, place);
  const question2 = cleanQuestion(raw.question2, place);
  const label = labelOf(raw.label);
  if (label === undefined) {
    const advice =
      line === 1
        ? 'If this line is a header, it must name question1, question2 and label; where columns are numbered, say that there is one.'
        : '';
    throw corpusError({ what, source, line, expected: 'the label 0 or 1', got: quoted(raw.label), advice });
  }
  if (question1 === '' || question2 === '') {
    if (context.emptyQuestions === 'refuse') {
      throw corpusError({ what, source, line, expected: 'two questions', got: 'an empty one', advice: 'Correct or delete the row.' });
    }
    onDefect?.({ kind: 'empty-question', line, message: 'a row with an empty question was dropped', dropped: true });
    return undefined;
  }
  return { question1, question2, label, ...(raw.group === undefined ? {} : { group: raw.group }) };
}

function labelOf(text: string): Label | undefined {
  const label = text.trim();
  if (label === '1') return 1;
  return label === '0' ? 0 : undefined;
}
