import { BasicTokenizer } from './basic-tokens.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';

/** A count for each code point. */
export class CharacterCounts {
  readonly #bmp = new Float64Array(0x10000);
  readonly #astral = new Map<number, number>();

  add(codePoint: number): void {
    if (codePoint < 0x10000) this.#bmp[codePoint] = (this.#bmp[codePoint] ?? 0) + 1;
    else this.#astral.set(codePoint, (this.#astral.get(codePoint) ?? 0) + 1);
  }

  get(codePoint: number): number {
    return (codePoint < 0x10000 ? this.#bmp[codePoint] : this.#astral.get(codePoint)) ?? 0;
  }

  /** The code points that were counted, in no order. */
  codePoints(): number[] {
    const found = [...this.#astral.keys()];
    for (let codePoint = 0; codePoint < 0x10000; codePoint++) if (this.#bmp[codePoint] !== 0) found.push(codePoint);
    return found;
  }
}

/** Counts the characters and words of a stream of texts in bounded memory. */
export class CorpusCounter {
  /** How often each character begins a word, or is one; by code point. */
  readonly initial: CharacterCounts = new CharacterCounts();
  /** How often each character goes on a word; by code point. */
  readonly continuing: CharacterCounts = new CharacterCounts();
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
      this.continuing.add(codePoint);
      this.#length++;
      if (this.#length <= this.#maxWordCharacters) this.#word += String.fromCodePoint(codePoint);
      return;
    }
    this.#endWord();
    this.initial.add(codePoint);
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
