import { corpusError } from './corpus-error.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import type { DefectListener } from './defect.ts';
import type { TextSource } from './pair.ts';

/** What every reader of pairs takes. */
export interface ReaderContext {
  readonly what: string;
  readonly source?: string | undefined;
  readonly onDefect?: DefectListener | undefined;
  /** Longest line in characters. */
  readonly maxLength: number;
}

/** One line without its end. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of a text that are not blank. Lines end with LF or CRLF; a byte order mark, CRLF, blank lines and a missing end of the last
 * line are reported.
 *
 * @throws {CorpusError} If a line is too long, or a carriage return stands elsewhere than before a line feed.
 */
export async function* readLines(text: TextSource, context: ReaderContext): AsyncGenerator<Line> {
  const reports = new LineReports(context);
  let line = 0;
  let rest = '';
  for await (const piece of decodeUtf8(text, { ...context, onByteOrderMark: () => reports.byteOrderMark() })) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > context.maxLength) reports.tooLong(line + lines.length + 1);
    for (const raw of lines) {
      line += 1;
      const trimmed = reports.line(raw, line);
      if (trimmed !== undefined) yield { text: trimmed, line };
    }
  }
  if (rest === '') return;
  line += 1;
  const last = reports.line(rest, line);
  reports.missingEnd(line);
  if (last !== undefined) yield { text: last, line };
}

class LineReports {
  readonly #context: ReaderContext;
  #carriageReturn = false;

  constructor(context: ReaderContext) {
    this.#context = context;
  }

  byteOrderMark(): void {
    this.#report('byte-order-mark', 1, 'a byte order mark was left out');
  }

  missingEnd(line: number): void {
    this.#report('missing-final-newline', line, 'the last line has no line end');
  }

  tooLong(line: number): never {
    const { what, source, maxLength } = this.#context;
    throw corpusError({ what, source, line, expected: `lines of at most ${maxLength} characters`, got: 'a longer one' });
  }

  /** The line without its carriage return; `undefined` if it is blank. */
  line(raw: string, line: number): string | undefined {
    if (raw.length > this.#context.maxLength) this.tooLong(line);
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (text.includes('\r')) {
      const { what, source } = this.#context;
      throw corpusError({ what, source, line, expected: 'lines that end with LF or CRLF', got: 'a carriage return inside a line' });
    }
    if (text !== raw && !this.#carriageReturn) {
      this.#carriageReturn = true;
      this.#report('carriage-return', line, 'lines end with CRLF');
    }
    if (text.trim() !== '') return text;
    this.#report('blank-line', line, 'a blank line was skipped');
    return undefined;
  }

  #report(kind: 'byte-order-mark' | 'missing-final-newline' | 'carriage-return' | 'blank-line', line: number, message: string): void {
    this.#context.onDefect?.({ kind, line, message, dropped: false });
  }
}
