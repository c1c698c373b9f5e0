import { type AugmentPairOptions, augmentPair, createAugmenter, recipes } from '@samequestion/augment';
import { type LabelledPair, hashIntegers, uniformAt } from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import type { Tokenizer } from '@samequestion/tokenizer';

import { encodeLabelled, encodePair } from './encode-pairs.ts';
import { UsageError } from './usage-error.ts';

/** How training pairs are edited. */
export interface AugmentationSettings {
  readonly recipe: string;
  /** Share of the pairs that is shown edited in an epoch. */
  readonly share: number;
  /** Share of a question's characters that changes; the recipe's own by default. */
  readonly rate?: number;
}

export interface TrainingPairsOptions {
  readonly tokenizer: Tokenizer;
  readonly maxLength: number;
  readonly seed: number;
  readonly augmentation?: AugmentationSettings | undefined;
}

/** The pairs that a run trains on. */
export interface TrainingPairs {
  readonly pairs: readonly LabelledPair[] | ((epoch: number) => readonly LabelledPair[]);
  /** One line: what is edited, by what; undefined where nothing is. */
  readonly description?: string;
}

/** Either side, both apart, or both alike. Sides are exchanged by symmetric training already. */
const changes = { question1: 4, question2: 4, both: 1, alike: 1 } as const;
const chosen = 0x6175;
const edited = 0x676d;

/** Checks a recipe's name. @throws {UsageError} */
export function requireRecipe(option: string, name: string): string {
  if (recipes[name] === undefined) throw new UsageError(`${option}: expected one of ${Object.keys(recipes).join(', ')}, got ${name}.`);
  return name;
}

/**
 * Encoded training pairs. With augmentation, each epoch shows a share of them edited instead, drawn anew from seed, epoch and place; the
 * label of an edited pair follows from what its edits do to the meaning, and a pair for which that cannot be said stays as it is.
 */
export async function trainingPairs(pairs: readonly Pair[], options: TrainingPairsOptions): Promise<TrainingPairs> {
  const { tokenizer, maxLength, seed, augmentation } = options;
  const plain = encodeLabelled(tokenizer, pairs, maxLength);
  if (augmentation === undefined) return { pairs: plain };
  const { recipe, share, rate } = augmentation;
  const augmenter = await createAugmenter({ recipe });
  const edit = (pair: Pair, key: number): LabelledPair | undefined => {
    const wanted: AugmentPairOptions = { count: 1, seed: key, changes, ...(rate === undefined ? {} : { rate }) };
    const [made] = augmentPair(augmenter, pair, wanted).results;
    if (made?.label === undefined) return undefined;
    return { ...encodePair(tokenizer, made.question1, made.question2, maxLength), label: made.label };
  };
  return {
    pairs: (epoch) =>
      plain.map((encoded, index) => {
        const pair = pairs[index];
        if (pair === undefined || uniformAt(hashIntegers(seed, chosen, epoch), index) >= share) return encoded;
        return edit(pair, hashIntegers(seed, edited, epoch, index)) ?? encoded;
      }),
    description: `${Math.round(100 * share)} % of the training pairs edited by recipe ${recipe}, anew each epoch (words by ${augmenter.segmenter})`,
  };
}
