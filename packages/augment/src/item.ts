import type { AugmentResult, Augmenter } from './augmenter.ts';
import type { Edit, Verdict } from './edit.ts';
import type { AugmentPairOptions, AugmentPairResult, AugmentedPair, Pair } from './pair.ts';
import { augmentPair } from './pair.ts';

/** What can be augmented in a stream: a text, or a pair of questions. */
export type Item = string | Pair;

/** An item and what was made of it. */
export type ItemResult =
  | { readonly kind: 'text'; readonly item: string; readonly result: AugmentResult }
  | { readonly kind: 'pair'; readonly item: Pair; readonly result: AugmentPairResult };

/** Augments a text or a pair. */
export function augmentItem(augmenter: Augmenter, item: Item, options: AugmentPairOptions & { readonly verdict?: Verdict }): ItemResult {
  if (typeof item !== 'string') return { kind: 'pair', item, result: augmentPair(augmenter, item, options) };
  const { results, asked, rejected } = augmenter.augment(item, options);
  return { kind: 'text', item, result: { results, asked, rejected } };
}

/** An augmented question for a file of edits: one JSON object a line. */
export interface EditRecord {
  readonly source: string;
  readonly side: 'text' | 'question1' | 'question2';
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** The augmented questions of an item, each with its edits; sides that were only exchanged have none. */
export function editRecords(made: ItemResult): readonly EditRecord[] {
  if (made.kind === 'text') return made.result.results.map(({ text, edits }) => ({ source: made.item, side: 'text', text, edits }));
  return made.result.results.flatMap((result) => pairRecords(made.item, result));
}

function pairRecords(pair: Pair, { question1, question2, edits1, edits2 }: AugmentedPair): EditRecord[] {
  const records: EditRecord[] = [];
  if (edits1.length > 0) records.push({ source: pair.question1, side: 'question1', text: question1, edits: edits1 });
  if (edits2.length > 0) records.push({ source: pair.question2, side: 'question2', text: question2, edits: edits2 });
  return records;
}
