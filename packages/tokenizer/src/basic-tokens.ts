import { CharacterTable, CODE_POINT_LIMIT, codePointNumbers } from './characters.ts';
import { Scanner, type WordMatcher } from './scanner.ts';
import { TokenList } from './token-list.ts';
import { tokenizerRules, type TokenizerOptions } from './tokenizer-options.ts';

/** Set on every character of a word but the first. */
const CONTINUES = 0x200000;

/** Each character of a word becomes a token: what is left of WordPiece without a vocabulary. */
const CHARACTERS: WordMatcher = {
  match(symbols, count, into, at) {
    for (let k = 0; k < count; k++) into[at + k] = k === 0 ? (symbols[k] ?? 0) : (symbols[k] ?? 0) | CONTINUES;
    return at + count;
  },
  characters: () => 1,
};

/** What {@link BasicTokenizer} calls for each character of each word. */
export type OnCharacter = (codePoint: number, continues: boolean) => void;

/** The first half of BERT's tokenization: text to normalised words, without a vocabulary. */
export class BasicTokenizer {
  readonly #scanner: Scanner;
  readonly #list = new TokenList();

  /** @param options As for a tokenizer; `maxWordCharacters` does not limit anything here. */
  constructor(options: TokenizerOptions = {}) {
    const table = new CharacterTable(tokenizerRules(options), codePointNumbers());
    this.#scanner = new Scanner({ table, matcher: CHARACTERS, unknown: CODE_POINT_LIMIT, maxWordCharacters: Number.POSITIVE_INFINITY });
  }

  /** The normalised words of a text, punctuation and CJK characters each for themselves. */
  words(text: string): string[] {
    const words: string[] = [];
    let word = '';
    this.forEachCharacter(text, (codePoint, continues) => {
      if (!continues && word !== '') words.push(word);
      word = continues ? word + String.fromCodePoint(codePoint) : String.fromCodePoint(codePoint);
    });
    if (word !== '') words.push(word);
    return words;
  }

  /** Calls back for each normalised character, with whether it goes on a word. */
  forEachCharacter(text: string, onCharacter: OnCharacter): void {
    const list = this.#list;
    list.count = 0;
    this.#scanner.scan(text, 0, text.length, list);
    for (let i = 0; i < list.count; i++) {
      const token = list.ids[i] ?? 0;
      onCharacter(token & ~CONTINUES, (token & CONTINUES) !== 0);
    }
  }
}

/**
 * The reference's `BasicTokenizer.tokenize`: clean-up, CJK splitting, lower case, accents, punctuation.
 *
 * For many texts keep a {@link BasicTokenizer}: making one fills a table.
 */
export function basicTokens(text: string, options: TokenizerOptions = {}): string[] {
  return new BasicTokenizer(options).words(text);
}
