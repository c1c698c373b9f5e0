import { namesOf, pairOf, type PairColumns, type PairContext } from './columns.ts';
import { corpusError, quoted } from './corpus-error.ts';
import type { Line } from './lines.ts';
import type { Pair } from './pair.ts';

/** How JSON Lines are read. */
export interface JsonContext extends PairContext {
  readonly columns: PairColumns;
}

/** Turns JSON Lines into pairs: one object a line, with the questions as strings and the label as a number or string. */
export async function* pairsOfJsonLines(lines: AsyncIterable<Line>, context: JsonContext): AsyncGenerator<Pair> {
  const { what, source, columns } = context;
  let count = 0;
  for await (const { text, line } of lines) {
    count += 1;
    const row = parsed(text, line, context);
    const value = (field: keyof PairColumns): unknown => {
      const name = namesOf(field, columns).find((candidate) => Object.hasOwn(row, candidate));
      return name === undefined ? undefined : row[name];
    };
    const question = (field: 'question1' | 'question2'): string => {
      const found = value(field);
      if (typeof found === 'string') return found;
      throw corpusError({ what, source, line, expected: `a string ${namesOf(field, columns).join(' or ')}`, got: described(found) });
    };
    const group = value('group');
    const pair = pairOf(
      {
        question1: question('question1'),
        question2: question('question2'),
        label: described(value('label')),
        group: group === undefined || group === null ? undefined : described(group),
        line,
      },
      context,
    );
    if (pair !== undefined) yield pair;
  }
  if (count === 0) throw corpusError({ what, source, expected: 'at least one pair', got: 'none' });
}

function parsed(text: string, line: number, { what, source }: JsonContext): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corpusError({ what, source, line, expected: 'one JSON object', got: quoted(text), cause });
  }
  if (isRecord(value)) return value;
  throw corpusError({ what, source, line, expected: 'one JSON object', got: quoted(text) });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
