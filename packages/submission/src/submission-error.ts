/** Where a fault lies. Lines and columns count from 1. */
export interface SubmissionPlace {
  /** The file, or whatever name the caller gave to the text. */
  readonly source?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** A test file, predictions or a submission that cannot be used as they are. The message is one line. */
export class SubmissionError extends Error {
  override readonly name = 'SubmissionError';
  readonly source: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, place: SubmissionPlace = {}, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.source = place.source;
    this.line = place.line;
    this.column = place.column;
  }
}

/** What a {@link SubmissionError} says. */
export interface Fault extends SubmissionPlace {
  /** The function that refuses the data. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly advice?: string;
  readonly cause?: unknown;
}

/** Builds the one-line message of the house style: `what: file, line 3: expected …, got …. What to do.` */
export function submissionError(fault: Fault): SubmissionError {
  const places = [
    fault.source,
    fault.line === undefined ? undefined : `line ${fault.line}`,
    fault.column === undefined ? undefined : `column ${fault.column}`,
  ].filter((place) => place !== undefined);
  const where = places.length === 0 ? '' : `${places.join(', ')}: `;
  const advice = fault.advice === undefined || fault.advice === '' ? '' : ` ${fault.advice}`;
  const message = `${fault.what}: ${where}expected ${fault.expected}, got ${fault.got}.${advice}`;
  return new SubmissionError(message, fault, fault.cause === undefined ? {} : { cause: fault.cause });
}

/** A text as it may stand in a one-line message: quoted, control characters escaped, cut after 60 characters. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 200));
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : characters.join(''));
}
