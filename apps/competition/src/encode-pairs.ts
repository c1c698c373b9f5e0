import type { EncodedPair, LabelledPair } from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import type { Tokenizer } from '@samequestion/tokenizer';

/** Two questions as a model reads them, the longer one cut if they do not fit. */
export function encodePair(tokenizer: Tokenizer, question1: string, question2: string, maxLength: number): EncodedPair {
  const batch = tokenizer.encodeBatch([[question1, question2]], { maxLength });
  return { ids: batch.ids, types: batch.types };
}

/** Labelled pairs as training reads them. */
export function encodeLabelled(tokenizer: Tokenizer, pairs: readonly Pair[], maxLength: number): LabelledPair[] {
  return pairs.map(({ question1, question2, label }) => ({ ...encodePair(tokenizer, question1, question2, maxLength), label }));
}
