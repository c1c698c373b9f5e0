import { doubling, dropping, homophones, insertion, lookAlikeCharacters, stutter, swapping } from './operations/characters.ts';
import { contrast, negation } from './operations/contrasts.ts';
import { fillerAfter, fillerBefore, fillerInside, fillerRemoval, politeness } from './operations/fillers.ts';
import type { Recipe, Weighted } from './recipe.ts';
import { weigh } from './recipe.ts';

const exact = homophones('exact');
const same = homophones('toneless');
const near = homophones('confusable');
const shapes = lookAlikeCharacters();

const typing: readonly Weighted[] = weigh(
  [exact, 4],
  [same, 3],
  [near, 1],
  [shapes, 2],
  [doubling(), 1],
  [insertion(), 1],
  [dropping(), 1],
  [swapping(), 1],
);

const flipping: readonly Weighted[] = weigh(
  [negation(), 4],
  [contrast('antonym'), 2],
  [contrast('party'), 2],
  [contrast('condition'), 2],
  [contrast('act'), 1],
  [contrast('object'), 1],
);

const chatting: readonly Weighted[] = weigh(
  [fillerBefore(), 2],
  [fillerAfter(), 2],
  [fillerInside(), 1],
  [politeness(), 1],
  [fillerRemoval(), 1],
  [stutter(), 2],
);

/** Typing errors: characters that sound or look alike, doubled, dropped, swapped, inserted. All keep. */
export const typos: Recipe = {
  name: 'typos',
  about: 'Typing errors of input methods and of haste.',
  rate: 0.1,
  variants: [{ weight: 1, verdict: 'keeps', spread: typing }],
};

/** One edit that turns the question into another, half of the time beside a typing error. All flip. */
export const contrastRecipe: Recipe = {
  name: 'contrast',
  about: 'Small edits that change what is asked: negation, opposite, party, act, object, condition.',
  rate: 0.1,
  variants: [{ weight: 1, verdict: 'flips', once: flipping }],
};

/** Tiny edits of both kinds, so that a model can't learn that a tiny edit changes the meaning. */
export const balanced: Recipe = {
  name: 'balanced',
  about: 'The default for training: edits that keep and edits that flip, both small.',
  rate: 0.1,
  variants: [
    { weight: 4, verdict: 'keeps', spread: typing },
    { weight: 2, verdict: 'keeps', once: chatting },
    { weight: 3, verdict: 'flips', once: flipping },
  ],
};
