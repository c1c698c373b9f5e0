import type { CharacterRules } from './characters.ts';

/** How a tokenizer reads text. The defaults are those of an uncased BERT, as google-research/bert has them. */
export interface TokenizerOptions {
  /** Whether capital letters become small; `true` by default. `false` for a cased vocabulary. */
  readonly lowercase?: boolean;
  /** Whether accents are dropped; as `lowercase` by default. */
  readonly stripAccents?: boolean;
  /** Whether each CJK character is a word of its own; `true` by default. */
  readonly splitCjk?: boolean;
  /** Words of more characters (after lower case and accents) are unknown; 200 by default. */
  readonly maxWordCharacters?: number;
}

/** {@link TokenizerOptions} with nothing left open. */
export interface TokenizerRules extends CharacterRules {
  readonly maxWordCharacters: number;
}

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} If `maxWordCharacters` is no whole number from 1 up.
 */
export function tokenizerRules(options: TokenizerOptions = {}): TokenizerRules {
  const { lowercase = true, splitCjk = true, maxWordCharacters = 200 } = options;
  if (!Number.isInteger(maxWordCharacters) || maxWordCharacters < 1) {
    throw new RangeError(`maxWordCharacters: expected a whole number from 1 up, got ${maxWordCharacters}. BERT uses 200.`);
  }
  return { lowercase, stripAccents: options.stripAccents ?? lowercase, splitCjk, maxWordCharacters };
}
