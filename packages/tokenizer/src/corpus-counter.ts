import { BasicTokenizer } from './basic-tokens.ts';
import { CODE_POINT_LIMIT } from './characters.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';

/** Counts the characters and words of a stream of texts in bounded memory. */
export class CorpusCounter {
  /** How often each character begins a word, or is one; by code point. */
  readonly initial: Float64Array = new Float64Array(CODE_POINT_LIMIT);
  /** How often each character goes on a word; by code point. */
  readonly continuing: Float64Array = new Float64Array(CODE_POINT_LIMIT);
  /** Words of two characters and more. Where there are too many, the rarest have been dropped (`dropped`). */
  readonly words: Map<string, number> = new Map();
  /** Words of two characters and more that were forgotten, each occurrence counted. */
  dropped = 0;
  texts = 0;
  /** UTF-16 units read. */
  units = 0;
  readonly #basic: BasicTokenizer;
  readonly #maxWords: number;
  readonly #maxWordCharacters: number;
  #floor = 0;
  #word = '';
  #length = 0;

  /** @param maxWords How many different words are remembered at most. */
  constructor(options: TokenizerOptions, maxWords: number, maxWordCharacters: number) {
    this.#basic = new BasicTokenizer(options);
    this.#maxWords = maxWords;
    this.#maxWordCharacters = maxWordCharacters;
  }

  add(text: string): void {
    this.texts++;
    this.units += text.length;
    this.#basic.forEachCharacter(text, this.#read);
    this.#endWord();
  }

  readonly #read = (codePoint: number, continues: boolean): void => {
    if (continues) {
      this.continuing[codePoint] = (this.continuing[codePoint] ?? 0) + 1;
      this.#length++;
      if (this.#length <= this.#maxWordCharacters) this.#word += String.fromCodePoint(codePoint);
      return;
    }
    this.#endWord();
    this.initial[codePoint] = (this.initial[codePoint] ?? 0) + 1;
    this.#word = codePoint < 0x80 ? (ASCII[codePoint] ?? '') : String.fromCodePoint(codePoint);
    this.#length = 1;
  };

  #endWord(): void {
    if (this.#length > 1 && this.#length <= this.#maxWordCharacters) {
      this.words.set(this.#word, (this.words.get(this.#word) ?? 0) + 1);
      if (this.words.size > this.#maxWords) this.#prune();
    }
    this.#length = 0;
  }

  /** Lossy counting (Manku and Motwani 2002): forgets what is rarer than a floor that rises until half the room is free. */
  #prune(): void {
    while (this.words.size > this.#maxWords / 2) {
      this.#floor++;
      for (const [word, count] of this.words) {
        if (count > this.#floor) continue;
        this.words.delete(word);
        this.dropped += count;
      }
    }
  }
}

const ASCII: readonly string[] = Array.from({ length: 0x80 }, (_, codePoint) => String.fromCodePoint(codePoint));
