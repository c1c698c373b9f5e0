import { BasicTokenizer } from './basic-tokens.ts';
import { CONTINUATION } from './piece-trie.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';
import { SPECIAL_TOKENS, Vocabulary } from './vocabulary.ts';

/**
 * A vocabulary that needs no training: the five special tokens, then every character of the texts, as a tokenizer with the same options
 * leaves it, plain and with `##`, in code-point order.
 */
export function characterVocabulary(texts: Iterable<string>, options: TokenizerOptions = {}): Vocabulary {
  const basic = new BasicTokenizer(options);
  const codePoints = new Set<number>();
  for (const text of texts) basic.forEachCharacter(text, (codePoint) => codePoints.add(codePoint));
  for (let surrogate = 0xd800; surrogate <= 0xdfff; surrogate++) codePoints.delete(surrogate);
  const characters = [...codePoints].sort((a, b) => a - b).map((codePoint) => String.fromCodePoint(codePoint));
  return new Vocabulary([...Object.values(SPECIAL_TOKENS), ...characters.flatMap((character) => [character, CONTINUATION + character])]);
}
