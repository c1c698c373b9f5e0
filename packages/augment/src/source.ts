import type { Candidate } from './edit.ts';
import { protect, protectionBits } from './protect.ts';
import { knownReading, mainReading } from './sounds.ts';
import type { Segmenter } from './segmenters.ts';
import { matchTerms, matchWords } from './word-lists.ts';

/** A word of a text and its place. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Readings in context: one syllable with tone (`zhong4`) for each character of a text, the character itself where it has none. */
export type ReadText = (text: string) => readonly string[];

/** What turns a text into words and readings. Without them words are not known, and each character has its main reading. */
export interface Tools {
  readonly segmenter?: Segmenter | undefined;
  readonly readText?: ReadText | undefined;
}

/** A text with what operations want to know of it, each found when first asked for and then kept. */
export class Source {
  readonly text: string;
  readonly #tools: Tools;
  #protection: Uint8Array | undefined;
  #protectionWithTerms: Uint8Array | undefined;
  #readings: readonly string[] | undefined;
  #words: readonly Word[] | undefined;
  #terms: readonly Word[] | undefined;
  #knownWords: readonly Word[] | undefined;
  #length: number | undefined;
  readonly #remembered = new Map<object, unknown>();

  constructor(text: string, tools: Tools = {}) {
    this.text = text;
    this.#tools = tools;
  }

  /** Number of characters (code points). */
  get length(): number {
    this.#length ??= countCharacters(this.text);
    return this.#length;
  }

  /** Bits of `protectionBits` for each UTF-16 unit, legal terms aside. */
  get protection(): Uint8Array {
    this.#protection ??= protect(this.text);
    return this.#protection;
  }

  /** `protection` with legal terms. */
  get protectionWithTerms(): Uint8Array {
    if (this.#protectionWithTerms === undefined) {
      const marks = this.protection.slice();
      for (const { start, end } of this.terms) for (let at = start; at < end; at++) marks[at] = (marks[at] ?? 0) | protectionBits.term;
      this.#protectionWithTerms = marks;
    }
    return this.#protectionWithTerms;
  }

  /** Legal terms of two or more characters in the text, longest first from the left. */
  get terms(): readonly Word[] {
    this.#terms ??= matchTerms(this.text);
    return this.#terms;
  }

  /** Common words and legal terms of two or more characters in the text, longest first from the left; needs no segmenter. */
  get knownWords(): readonly Word[] {
    this.#knownWords ??= matchWords(this.text);
    return this.#knownWords;
  }

  /** The reading of each UTF-16 unit, in context where a reader was given; empty where there is none. */
  get readings(): readonly string[] {
    this.#readings ??= this.#read();
    return this.#readings;
  }

  /** The segmenter's words, spaces and punctuation included. */
  get words(): readonly Word[] {
    this.#words ??= this.#segment();
    return this.#words;
  }

  /** What `make` gives, made once for each key and then kept. */
  remember<Value>(key: object, make: () => Value): Value {
    const known = this.#remembered.get(key);
    if (known !== undefined) return known as Value;
    const made = make();
    this.#remembered.set(key, made);
    return made;
  }

  /** Keeps candidates that were found outside, by a model, for an operation to propose. */
  supply(key: object, candidates: readonly Candidate[]): void {
    this.#remembered.set(key, candidates);
  }

  /** The candidates supplied under a key; none where none were. */
  supplied(key: object): readonly Candidate[] {
    return (this.#remembered.get(key) as readonly Candidate[] | undefined) ?? [];
  }

  #read(): readonly string[] {
    const read = this.#tools.readText?.(this.text);
    // A reader that joins or splits characters can't be aligned: main readings then.
    const inContext = read?.length === this.length ? read : undefined;
    const readings: string[] = [];
    let index = 0;
    for (const character of this.text) {
      const syllable = inContext?.[index++];
      readings.push((syllable === undefined ? undefined : knownReading(syllable)) ?? mainReading(character));
      if (character.length === 2) readings.push('');
    }
    return readings;
  }

  #segment(): readonly Word[] {
    const { segmenter } = this.#tools;
    if (segmenter === undefined) {
      throw new TypeError('Source: expected a segmenter for operations on words, got none. Pass one to createAugmenter or Source.');
    }
    const words: Word[] = [];
    let start = 0;
    for (const text of segmenter.segment(this.text)) {
      words.push({ text, start, end: start + text.length });
      start += text.length;
    }
    if (start !== this.text.length) {
      throw new TypeError(
        `Source: expected words of ${segmenter.name} that make up the text (${this.text.length} units), got ${start}. Return every character, spaces too.`,
      );
    }
    return words;
  }
}

/** Number of code points. */
export function countCharacters(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code <= 0xdbff && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) length--;
  }
  return length;
}
