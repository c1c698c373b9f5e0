import type { Tokenizer } from './tokenizer.ts';

/** Something counted. */
export interface Counted {
  readonly text: string;
  readonly count: number;
}

/** What a vocabulary does not know of some texts. */
export interface UnknownReport {
  readonly texts: number;
  /** Tokens, special tokens not counted. */
  readonly tokens: number;
  /** How many of them are `[UNK]`. */
  readonly unknown: number;
  /** `unknown / tokens`, 0 if there are no tokens. */
  readonly share: number;
  /** Texts with at least one `[UNK]`. */
  readonly textsWithUnknown: number;
  /** The words as written, the most frequent first. */
  readonly words: readonly Counted[];
}

/**
 * Finds what a tokenizer turns into `[UNK]`.
 *
 * @param limit How many different words are listed at most; 100 by default.
 */
export function unknownReport(tokenizer: Tokenizer, texts: Iterable<string>, limit = 100): UnknownReport {
  const unknownId = tokenizer.vocabulary.specialIds.unknown;
  const counts = new Map<string, number>();
  let [count, tokens, unknown, textsWithUnknown] = [0, 0, 0, 0];
  for (const text of texts) {
    const before = unknown;
    tokenizer.forEachToken(text, (id, start, end) => {
      tokens++;
      if (id !== unknownId) return;
      unknown++;
      const word = text.slice(start, end);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    });
    count++;
    if (unknown > before) textsWithUnknown++;
  }
  const words = [...counts]
    .map(([text, times]): Counted => ({ text, count: times }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .slice(0, limit);
  return { texts: count, tokens, unknown, share: tokens === 0 ? 0 : unknown / tokens, textsWithUnknown, words };
}
