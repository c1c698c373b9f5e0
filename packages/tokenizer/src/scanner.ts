import { ACTION, type CharacterTable } from './characters.ts';
import { type TokenList, grown } from './token-list.ts';

const SIGMA = 0x3a3;

/** Turns the characters of one word into numbers. */
export interface WordMatcher {
  /**
   * @param symbols The word's first `count` numbers.
   * @param into Where to write the tokens' numbers, from `at` on; there is room for `count` of them.
   * @returns The place after the last token, or −1 if the word is unknown.
   */
  match(symbols: Int32Array, count: number, into: Int32Array, at: number): number;
  /** How many characters a token stands for. */
  characters(token: number): number;
}

/** What a {@link Scanner} needs. */
export interface ScannerParts {
  readonly table: CharacterTable;
  readonly matcher: WordMatcher;
  /** The token of a word that the matcher does not know, or that is too long. */
  readonly unknown: number;
  /** Longer words are unknown. In normalised characters. */
  readonly maxWordCharacters: number;
}

/** Reads text into tokens in one pass: the reference's clean-up, CJK splitting, lower case, accents, punctuation and WordPiece together. */
export class Scanner {
  readonly #table: CharacterTable;
  readonly #units: Int32Array;
  readonly #matcher: WordMatcher;
  readonly #unknown: number;
  readonly #max: number;
  /** The word being read: numbers, and where each character begins and ends. One more than the maximum is kept apart. */
  #symbols: Int32Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #classes: Int32Array;
  #count = 0;
  #wordStart = 0;
  #wordEnd = 0;
  /** Bounds of the text being read, for the context of sigma. */
  #bounds = { start: 0, end: 0 };
  /** Tokens before this one are not of the text being read. */
  #first = 0;

  constructor({ table, matcher, unknown, maxWordCharacters }: ScannerParts) {
    this.#table = table;
    this.#units = table.units;
    this.#matcher = matcher;
    this.#unknown = unknown;
    this.#max = maxWordCharacters;
    const capacity = Math.min(maxWordCharacters, 256) + 4;
    this.#symbols = new Int32Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#classes = new Int32Array(capacity);
  }

  /** Appends the tokens of `text` from unit `start` to unit `end`. */
  scan(text: string, start: number, end: number, into: TokenList): void {
    const units = this.#units;
    this.#bounds = { start, end };
    this.#first = into.count;
    into.reserve(end - start + 8);
    let { ids, starts, ends, count } = into;
    let i = start;
    while (i < end) {
      const action = units[text.charCodeAt(i)] ?? 0;
      if (action >= 0) {
        ids[count] = action;
        starts[count] = i;
        i++;
        ends[count] = i;
        count++;
      } else if (action >= ACTION.removed) {
        i++;
      } else {
        into.count = count;
        i = this.#other(text, i, end, into);
        ({ ids, starts, ends, count } = into);
      }
    }
    into.count = count;
  }

  /** Whatever is no plain word of its own: a longer word, an accent without a word, a character beyond the BMP. */
  #other(text: string, i: number, end: number, into: TokenList): number {
    const next = this.#readWord(text, i, end);
    if (this.#count > 0) {
      into.reserve(end - next + Math.min(this.#count, this.#max) + 8);
      this.#emitWord(into);
      return next;
    }
    if (next > i) {
      if (into.count > this.#first && into.ends[into.count - 1] === i) into.ends[into.count - 1] = next;
      return next;
    }
    const codePoint = codePointBefore(text, i, end);
    const action = this.#table.action(codePoint);
    const width = codePoint > 0xffff ? 2 : 1;
    if (action >= 0) into.push(action, i, i + width);
    return i + width;
  }

  /** Reads characters of one word into the buffers; stops before what ends it. */
  #readWord(text: string, start: number, end: number): number {
    const units = this.#units;
    const room = this.#max;
    let i = start;
    this.#count = 0;
    this.#wordStart = start;
    this.#wordEnd = -1;
    while (i < end) {
      const action = units[text.charCodeAt(i)] ?? 0;
      if (action <= ACTION.word) {
        const count = this.#count++;
        if (count < room) {
          if (count >= this.#symbols.length) this.#growWord();
          this.#symbols[count] = ACTION.word - action;
          this.#starts[count] = i;
          this.#ends[count] = i + 1;
        }
        i++;
        this.#wordEnd = i;
      } else if (action >= ACTION.space) {
        break;
      } else {
        const next = this.#readRare(text, i, end, action);
        if (next === i) break;
        i = next;
      }
    }
    return i;
  }

  #readRare(text: string, i: number, end: number, action: number): number {
    if (action === ACTION.removed) return i + 1;
    if (action === ACTION.mark || action === ACTION.starterMark) return this.#mark(i, i + 1);
    const codePoint = codePointBefore(text, i, end);
    const width = codePoint > 0xffff ? 2 : 1;
    const own = this.#table.action(codePoint);
    if (own <= ACTION.word) {
      this.#push(ACTION.word - own, i, i + width);
      return i + width;
    }
    if (own >= ACTION.space) return i;
    if (own === ACTION.removed) return i + width;
    if (own !== ACTION.rare) return this.#mark(i, i + width);
    if (codePoint === SIGMA) {
      this.#push(this.#table.symbol(this.#table.smallSigma(text, i, this.#bounds)), i, i + width);
      return i + width;
    }
    return this.#expand(text, i, i + width, end);
  }

  /** An accent: part of the character right before it. */
  #mark(start: number, end: number): number {
    if (this.#count > 0 && this.#wordEnd === start) {
      this.#wordEnd = end;
      if (this.#count <= this.#max) this.#ends[this.#count - 1] = end;
    }
    return end;
  }

  #push(symbol: number, start: number, end: number): void {
    const count = this.#count++;
    this.#wordEnd = end;
    if (count >= this.#max) return;
    if (count >= this.#symbols.length) this.#growWord();
    this.#symbols[count] = symbol;
    this.#starts[count] = start;
    this.#ends[count] = end;
  }

  #growWord(): void {
    const capacity = this.#symbols.length * 2;
    this.#symbols = grown(this.#symbols, capacity);
    this.#starts = grown(this.#starts, capacity);
    this.#ends = grown(this.#ends, capacity);
    this.#classes = grown(this.#classes, capacity);
  }

  /** A character that becomes several, and the run of marks that is put in canonical order after it. */
  #expand(text: string, start: number, end: number, limit: number): number {
    let runStart = this.#count;
    let i = end;
    for (const target of this.#table.expand(codePointBefore(text, start, end))) runStart = this.#pushOrdered(target, start, end, runStart);
    if (runStart === this.#count) return i;
    while (i < limit) {
      const codePoint = codePointBefore(text, i, limit);
      const next = codePoint > 0xffff ? i + 2 : i + 1;
      const action = this.#table.action(codePoint);
      if (action === ACTION.mark) this.#mark(i, next);
      else if (action === ACTION.rare && this.#table.combiningClass(codePoint) > 0) this.#pushOrdered(codePoint, i, next, runStart);
      else if (action !== ACTION.removed) break;
      i = next;
    }
    this.#order(runStart);
    return i;
  }

  /** @returns Where the run of marks with a combining class begins. */
  #pushOrdered(codePoint: number, start: number, end: number, runStart: number): number {
    const combiningClass = this.#table.combiningClass(codePoint);
    this.#push(this.#table.symbol(codePoint), start, end);
    if (this.#count <= this.#max) this.#classes[this.#count - 1] = combiningClass;
    return combiningClass === 0 ? this.#count : runStart;
  }

  /** Sorts a run of marks by combining class, stably. Marks that move share one slice of the text. */
  #order(from: number): void {
    const to = Math.min(this.#count, this.#max);
    const classes = this.#classes;
    let sorted = true;
    for (let k = from + 1; k < to; k++) if ((classes[k] ?? 0) < (classes[k - 1] ?? 0)) sorted = false;
    if (sorted) return;
    const symbols = this.#symbols.slice(from, to);
    const places = Array.from(symbols, (_, k) => k).sort((a, b) => (classes[from + a] ?? 0) - (classes[from + b] ?? 0));
    const start = this.#starts[from] ?? 0;
    const end = this.#ends[to - 1] ?? 0;
    for (const [k, place] of places.entries()) {
      this.#symbols[from + k] = symbols[place] ?? 0;
      this.#starts[from + k] = start;
      this.#ends[from + k] = end;
    }
  }

  #emitWord(into: TokenList): void {
    const count = this.#count;
    const before = into.count;
    const after = count > this.#max ? -1 : this.#matcher.match(this.#symbols, count, into.ids, before);
    if (after < 0) {
      into.push(this.#unknown, this.#starts[0] ?? this.#wordStart, this.#wordEnd);
      return;
    }
    let character = 0;
    for (let token = before; token < after; token++) {
      into.starts[token] = this.#starts[character] ?? 0;
      character += this.#matcher.characters(into.ids[token] ?? 0);
      into.ends[token] = this.#ends[character - 1] ?? 0;
    }
    into.count = after;
    joinOverlaps(into, before);
  }
}

/** The code point at unit `i`; the first half of a pair that `limit` cuts stands alone. */
function codePointBefore(text: string, i: number, limit: number): number {
  const codePoint = text.codePointAt(i) ?? 0;
  return codePoint > 0xffff && i + 1 >= limit ? text.charCodeAt(i) : codePoint;
}

/** Pieces that split one character of the text share the slice of all of them. */
function joinOverlaps(into: TokenList, from: number): void {
  const { starts, ends, count } = into;
  for (let token = from + 1; token < count; token++) {
    if ((starts[token] ?? 0) >= (ends[token - 1] ?? 0)) continue;
    starts[token] = starts[token - 1] ?? 0;
    for (let other = token - 1; other >= from && (ends[other] ?? 0) > (starts[token] ?? 0); other--) ends[other] = ends[token] ?? 0;
  }
}
