import type { Scanner } from './scanner.ts';
import type { TokenList } from './token-list.ts';

/** Finds pieces that are recognised in the text as they are written, the longest first, and hands what lies between to the scanner. */
export class Literals {
  /** By first UTF-16 unit, the longest first. */
  readonly #byFirstUnit = new Map<number, { readonly text: string; readonly id: number }[]>();

  constructor(pieces: Iterable<readonly [text: string, id: number]>) {
    for (const [text, id] of pieces) {
      const first = text.charCodeAt(0);
      const known = this.#byFirstUnit.get(first) ?? [];
      known.push({ text, id });
      this.#byFirstUnit.set(first, known);
    }
    for (const known of this.#byFirstUnit.values()) known.sort((a, b) => b.text.length - a.text.length);
  }

  /** Whether there is nothing to find. */
  get empty(): boolean {
    return this.#byFirstUnit.size === 0;
  }

  /** Appends the tokens of a text. */
  scan(text: string, scanner: Scanner, into: TokenList): void {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const found = this.#byFirstUnit.get(text.charCodeAt(i))?.find((literal) => text.startsWith(literal.text, i));
      if (found === undefined) continue;
      scanner.scan(text, from, i, into);
      into.push(found.id, i, i + found.text.length);
      from = i + found.text.length;
      i = from - 1;
    }
    scanner.scan(text, from, text.length, into);
  }
}
