import { createAugmenter } from '@samequestion/augment';

import type { Editors } from './pair-examples.ts';

/** Share of a text's characters that one call may change; one edit always fits. */
const oneEdit = 0.01;

/** Edits of known verdict from `@samequestion/augment`, by a recipe's name. */
export async function createEditors(recipe: string): Promise<Editors> {
  const augmenter = await createAugmenter({ recipe, segmenter: 'intl', readings: 'main' });
  const edit = (text: string, verdict: 'keeps' | 'flips', seed: number): string | undefined =>
    augmenter.augment(text, { count: 1, rate: oneEdit, seed, verdict }).results[0]?.text;
  return {
    keep(text, count, key) {
      let edited: string | undefined;
      for (let round = 0; round < count; round++) edited = edit(edited ?? text, 'keeps', (key + round) >>> 0) ?? edited;
      return edited;
    },
    flip: (text, key) => edit(text, 'flips', key),
  };
}
