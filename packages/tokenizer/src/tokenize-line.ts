import type { EncodeOptions } from './encoding.ts';
import type { Tokenizer } from './tokenizer.ts';
import { VocabularyError } from './vocabulary-error.ts';

/** What a line holds: a text, `left<TAB>right`, or a JSON object `{"text": …}` or `{"left": …, "right": …}`, each with an optional `maxLength`. */
export type LineFormat = 'text' | 'pairs' | 'jsonl';

/** How a line is read and encoded. */
export interface TokenizeLineOptions extends EncodeOptions {
  /** `text` by default. */
  readonly format?: LineFormat;
  /** The line's number from 1, for errors. */
  readonly line?: number;
}

/**
 * Encodes one line of a stream as one line of JSON: `{"ids": …, "types": …, "tokens": …, "offsets": …}`.
 *
 * @param line Without its line end.
 * @throws {VocabularyError} If the line is not of the format.
 * @throws {RangeError} If `maxLength` has no room for the special tokens.
 */
export function tokenizeLine(tokenizer: Tokenizer, line: string, options: TokenizeLineOptions = {}): string {
  const { format = 'text', line: number, ...encode } = options;
  const where = number === undefined ? 'tokenizeLine' : `tokenizeLine: line ${number}`;
  const input = readLine(line, format, where);
  const limit = input.maxLength ?? encode.maxLength;
  const { ids, types, tokens, offsets } = tokenizer.encode(input.left, input.right, {
    ...encode,
    ...(limit !== undefined && { maxLength: limit }),
  });
  return JSON.stringify({ ids, types, tokens, offsets });
}

interface LineInput {
  readonly left: string;
  readonly right?: string;
  readonly maxLength?: number;
}

function readLine(line: string, format: LineFormat, where: string): LineInput {
  if (format === 'text') return { left: line };
  if (format === 'jsonl') return readJson(line, where);
  const cells = line.split('\t');
  const [left, right] = cells;
  if (left === undefined || right === undefined || cells.length > 2) {
    throw new VocabularyError(`${where}: expected "left<TAB>right", got ${shown(line)}. Two texts are separated by one tab.`);
  }
  return { left, right };
}

function readJson(line: string, where: string): LineInput {
  const expected = `${where}: expected {"text": …} or {"left": …, "right": …}, with an optional whole number "maxLength", got ${shown(line)}.`;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new VocabularyError(`${expected} It is not JSON.`, { cause });
  }
  if (typeof value !== 'object' || value === null) throw new VocabularyError(`${expected} Write one object a line.`);
  const { text, left = text, right, maxLength } = value as Readonly<Record<string, unknown>>;
  if (typeof left !== 'string' || (right !== undefined && typeof right !== 'string'))
    throw new VocabularyError(`${expected} Texts are strings.`);
  if (maxLength !== undefined && !Number.isInteger(maxLength)) throw new VocabularyError(`${expected} "maxLength" is a whole number.`);
  return { left, ...(right !== undefined && { right }), ...(maxLength !== undefined && { maxLength: maxLength as number }) };
}

function shown(line: string): string {
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
}
