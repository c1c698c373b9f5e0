import { corpusError, quoted, type Fault } from './corpus-error.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import type { ReaderContext } from './lines.ts';
import type { TextSource } from './pair.ts';
import type { Row } from './table-pairs.ts';

/**
 * The rows of a CSV file as RFC 4180 has it: cells separated by commas, quoted cells may hold commas, line breaks and doubled quotes.
 * Rows end with LF or CRLF. Blank lines are skipped and reported.
 *
 * @throws {CorpusError} With the line, at a quote that is never closed, or text beside a quoted cell.
 */
export async function* readCsvRows(text: TextSource, context: ReaderContext): AsyncGenerator<Row> {
  const scanner = new CsvScanner(context);
  const onByteOrderMark = (): void => {
    context.onDefect?.({ kind: 'byte-order-mark', line: 1, message: 'a byte order mark was left out', dropped: false });
  };
  for await (const piece of decodeUtf8(text, { ...context, onByteOrderMark })) {
    scanner.scan(piece);
    yield* scanner.takeRows();
  }
  scanner.end();
  yield* scanner.takeRows();
}

/** `open`: at the start of a cell; `plain`: inside an unquoted one; `quoted`: inside quotes; `quote`: after a quote inside quotes; `return`: after a carriage return. */
type State = 'open' | 'plain' | 'quoted' | 'quote' | 'return';

class CsvScanner {
  readonly #context: ReaderContext;
  #state: State = 'open';
  #cells: string[] = [];
  #cell = '';
  #wasQuoted = false;
  #line = 1;
  #rowLine = 1;
  #quoteLine = 1;
  #rowLength = 0;
  #carriageReturn = false;
  #rows: Row[] = [];

  constructor(context: ReaderContext) {
    this.#context = context;
  }

  takeRows(): readonly Row[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  scan(piece: string): void {
    for (const character of piece) {
      this.#rowLength += character.length;
      if (this.#rowLength > this.#context.maxLength) this.#tooLong();
      this.#step(character);
      if (character === '\n') this.#line += 1;
      if (character === '\n' && this.#state === 'open' && this.#cells.length === 0) this.#rowLine = this.#line;
    }
  }

  end(): void {
    if (this.#state === 'quoted') throw this.#error(this.#quoteLine, { expected: 'a closing quote', got: 'the end of the file' });
    if (this.#state === 'return')
      throw this.#error(this.#line, { expected: 'lines that end with LF or CRLF', got: 'a carriage return at the end' });
    if (this.#state === 'open' && this.#cells.length === 0) return;
    this.#endRow();
    this.#report('missing-final-newline', 'the last line has no line end');
  }

  #step(character: string): void {
    if (this.#state === 'quoted') {
      if (character === '"') this.#state = 'quote';
      else this.#cell += character;
    } else if (this.#state === 'quote' && character === '"') {
      this.#cell += '"';
      this.#state = 'quoted';
    } else if (this.#state === 'return' && character !== '\n') {
      throw this.#error(this.#line, { expected: 'lines that end with LF or CRLF', got: 'a carriage return inside a line' });
    } else if (character === '"' && this.#state === 'open') {
      this.#state = 'quoted';
      this.#wasQuoted = true;
      this.#quoteLine = this.#line;
    } else {
      this.#outsideQuotes(character);
    }
  }

  #outsideQuotes(character: string): void {
    if (character === ',') this.#endCell();
    else if (character === '\n') this.#endRow();
    else if (character === '\r') {
      this.#state = 'return';
      if (!this.#carriageReturn) this.#report('carriage-return', 'lines end with CRLF');
      this.#carriageReturn = true;
    } else if (this.#state === 'quote') {
      throw this.#error(this.#line, {
        expected: 'a comma or a line end after a quoted cell',
        got: quoted(character),
        advice: 'Write a quote inside quotes twice.',
      });
    } else if (character === '"') {
      throw this.#error(this.#line, {
        expected: 'quotes only around a whole cell',
        got: `one after ${quoted(this.#cell)}`,
        advice: 'Quote the cell and double the quote.',
      });
    } else {
      this.#cell += character;
      this.#state = 'plain';
    }
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'open';
  }

  #endRow(): void {
    this.#endCell();
    const blank = this.#cells.length === 1 && !this.#wasQuoted && (this.#cells[0] ?? '').trim() === '';
    if (blank) this.#report('blank-line', 'a blank line was skipped');
    else this.#rows.push({ cells: this.#cells, line: this.#rowLine });
    this.#cells = [];
    this.#wasQuoted = false;
    this.#rowLength = 0;
  }

  #report(kind: 'blank-line' | 'carriage-return' | 'missing-final-newline', message: string): void {
    this.#context.onDefect?.({ kind, line: this.#line, message, dropped: false });
  }

  #tooLong(): never {
    throw this.#error(this.#rowLine, {
      expected: `rows of at most ${this.#context.maxLength} characters`,
      got: 'a longer one',
      advice: 'Is a quote left open?',
    });
  }

  #error(line: number, fault: Pick<Fault, 'expected' | 'got' | 'advice'>): Error {
    const { what, source } = this.#context;
    return corpusError({ what, source, line, ...fault });
  }
}
