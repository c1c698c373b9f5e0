import { doubling, dropping, homophones, insertion, lookAlikeCharacters, stutter, swapping } from './operations/characters.ts';
import { contrast, negation } from './operations/contrasts.ts';
import { fillerAfter, fillerBefore, fillerInside, fillerRemoval, politeness } from './operations/fillers.ts';
import { numerals, widthChange } from './operations/forms-of-characters.ts';
import { questionForm } from './operations/forms.ts';
import { questionSwap } from './operations/questions.ts';
import { punctuationChange, punctuationDoubling, punctuationDrop, quoting } from './operations/text.ts';
import { homophoneWords, synonymInsertion, synonyms, wordDrop, wordSwap } from './operations/words.ts';
import type { Recipe, Variant, Weighted } from './recipe.ts';
import { weigh } from './recipe.ts';

const soundAlikes = weigh([homophones('exact'), 4], [homophones('toneless'), 3], [homophones('confusable'), 1]);
const shapeAlikes = weigh([lookAlikeCharacters(), 2]);
const slips = weigh([doubling(), 1], [insertion(), 1], [dropping(), 1], [swapping(), 1]);
const typing: readonly Weighted[] = [...soundAlikes, ...shapeAlikes, ...slips];

const paraphrasing = weigh([synonyms(), 4], [questionForm(), 3], [wordSwap(), 1], [wordDrop(), 1]);
const chatting = weigh(
  [fillerBefore(), 2],
  [fillerAfter(), 2],
  [fillerInside(), 1],
  [politeness(), 1],
  [fillerRemoval(), 1],
  [stutter(), 2],
);
const marking = weigh(
  [quoting(), 2],
  [punctuationDrop(), 2],
  [punctuationChange(), 1],
  [punctuationDoubling(), 1],
  [widthChange(), 1],
  [numerals(), 1],
);
const flipping = weigh(
  [questionSwap(), 2],
  [negation(), 3],
  [contrast('antonym'), 2],
  [contrast('party'), 2],
  [contrast('condition'), 2],
  [contrast('act'), 2],
  [contrast('object'), 3],
);

function keeps(weight: number, parts: Pick<Variant, 'once' | 'spread'>): Variant {
  return { weight, verdict: 'keeps', ...parts };
}

/** Easy data augmentation for Chinese: a quarter each synonym, insertion, swap and deletion, here only where the rules know that the meaning stays. */
export const eda: Recipe = {
  name: 'eda',
  about: 'Wei & Zou 2019, "EDA: Easy Data Augmentation Techniques for Boosting Performance on Text Classification Tasks", for Chinese.',
  rate: 0.1,
  variants: [
    keeps(1, { spread: weigh([synonyms(), 1]) }),
    keeps(1, { spread: weigh([synonymInsertion(), 1]) }),
    keeps(1, { spread: weigh([wordSwap(), 1]) }),
    keeps(1, { spread: weigh([wordDrop(), 1]) }),
  ],
};

/** What the 2019 entry did: any word swapped or deleted as well, so its swaps and deletions are `unknown` where no rule knows better. */
export const original: Recipe = {
  name: 'original',
  about: 'The 2019 entry: synonym, insertion beside a word, swap, deletion, five of each question at a rate of 0.1.',
  rate: 0.1,
  variants: [
    keeps(1, { spread: weigh([synonyms(), 1]) }),
    keeps(1, { spread: weigh([synonymInsertion(), 1]) }),
    { weight: 1, verdict: 'unknown', spread: weigh([wordSwap({ unsure: true }), 1]) },
    { weight: 1, verdict: 'unknown', spread: weigh([wordDrop({ unsure: true }), 1]) },
  ],
};

/** Typing errors: characters that sound or look alike, doubled, dropped, swapped, inserted. All keep. */
export const typos: Recipe = {
  name: 'typos',
  about: 'Errors of input methods and of haste, by character.',
  rate: 0.1,
  variants: [keeps(1, { spread: typing })],
};

/** The kinds of attack seen in the 2019 final test: mostly edits that keep, and the small ones that flip. */
export const competitionAttack: Recipe = {
  name: 'competition-attack',
  about: 'The kinds of edit in the adversarial half of the CCF BDCI 2019 final test.',
  rate: 0.1,
  variants: [
    keeps(3, { spread: [...soundAlikes, ...shapeAlikes] }),
    keeps(2, { once: chatting }),
    keeps(1, { once: marking }),
    keeps(1, { once: slips }),
    keeps(2, { once: weigh([synonyms(), 2], [questionForm(), 2], [homophoneWords(), 1]) }),
    { weight: 3, verdict: 'flips', once: flipping },
  ],
};

/** One edit that turns the question into another. All flip. */
export const contrastRecipe: Recipe = {
  name: 'contrast',
  about: 'Small edits that change what is asked (Gardner et al. 2020): negation, opposite, party, act, object, condition.',
  rate: 0.1,
  variants: [{ weight: 1, verdict: 'flips', once: flipping }],
};

/** Tiny edits of both kinds, so that a model can't learn that a tiny edit changes the meaning. */
export const balanced: Recipe = {
  name: 'balanced',
  about: 'The default for training: small edits that keep and small edits that flip.',
  rate: 0.1,
  variants: [
    keeps(4, { spread: typing }),
    keeps(2, { once: chatting, spread: soundAlikes }),
    keeps(3, { spread: paraphrasing }),
    keeps(1, { once: marking }),
    { weight: 4, verdict: 'flips', once: flipping },
    { weight: 1, verdict: 'flips', once: flipping, spread: soundAlikes },
  ],
};

/** The recipes by name. */
export const recipes: Readonly<Record<string, Recipe>> = Object.fromEntries(
  [eda, original, typos, competitionAttack, contrastRecipe, balanced].map((recipe) => [recipe.name, recipe]),
);
