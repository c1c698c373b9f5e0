/** Where a fault lies. Lines and columns count from 1. */
export interface CorpusPlace {
  /** The file, or whatever name the caller gave to the source. */
  readonly source?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Data that cannot be used as it is. The message is one line: what, where, expected, got, and what to do. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
  readonly source: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, place: CorpusPlace = {}, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.source = place.source;
    this.line = place.line;
    this.column = place.column;
  }
}

/** What a {@link CorpusError} says. */
export interface Fault extends CorpusPlace {
  /** The function that refuses the data. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** A sentence on what to do; may be empty. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** Builds the one-line message of the house style: `what: file, line 3: expected …, got …. What to do.` */
export function corpusError(fault: Fault): CorpusError {
  const places = [
    fault.source,
    fault.line === undefined ? undefined : `line ${fault.line}`,
    fault.column === undefined ? undefined : `column ${fault.column}`,
  ].filter((place) => place !== undefined);
  const where = places.length === 0 ? '' : `${places.join(', ')}: `;
  const advice = fault.advice === undefined || fault.advice === '' ? '' : ` ${fault.advice}`;
  const message = `${fault.what}: ${where}expected ${fault.expected}, got ${fault.got}.${advice}`;
  return new CorpusError(message, fault, fault.cause === undefined ? {} : { cause: fault.cause });
}

/** A text as it may stand in a one-line message: quoted, control characters escaped, cut after 60 characters. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 200));
  const shown = characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : characters.join('');
  return JSON.stringify(shown);
}
