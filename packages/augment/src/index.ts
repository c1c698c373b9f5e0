export type { AugmentOptions, AugmentResult, Augmenter } from './augmenter.ts';
export { allowedCandidates, augmenterOf } from './augmenter.ts';
export type { Constraint } from './constraint.ts';
export { atMost, keepWords, lengthBetween } from './constraint.ts';
export type { AugmenterOptions } from './create.ts';
export { createAugmenter } from './create.ts';
export type { Augmented, Candidate, Edit, Operation, Protected, Verdict } from './edit.ts';
export { applyEdits, combineVerdicts } from './edit.ts';
export type { EditRecord, Item, ItemResult } from './item.ts';
export { augmentItem, editRecords } from './item.ts';
export type { FillMask, FillMaskPipeline, Filling, MaskedWordOptions, Translate } from './models.ts';
export { fillMaskedWords, fillMaskFrom, maskedWords, translateBack, translateFrom } from './models.ts';
export type { NearCounts, NearPairOptions, NearPairs } from './near-pairs.ts';
export { balanceNearPairs, countNearPairs, isWithinDistance } from './near-pairs.ts';
export type { SubstitutionOptions } from './operations/characters.ts';
export { doubling, dropping, homophones, insertion, lookAlikeCharacters, stutter, swapping } from './operations/characters.ts';
export type { ContrastKind } from './operations/contrasts.ts';
export { contrast, negation } from './operations/contrasts.ts';
export { fillerAfter, fillerBefore, fillerInside, fillerRemoval, politeness } from './operations/fillers.ts';
export type { Convert } from './operations/forms-of-characters.ts';
export {
  fromChineseNumeral,
  numerals,
  openccConversion,
  toChineseNumeral,
  traditional,
  widthChange,
} from './operations/forms-of-characters.ts';
export { questionForm } from './operations/forms.ts';
export { questionSwap } from './operations/questions.ts';
export { punctuationChange, punctuationDoubling, punctuationDrop, quoting, trimming } from './operations/text.ts';
export type { SynonymOptions, UnsureOptions } from './operations/words.ts';
export { homophoneWords, synonymInsertion, synonyms, wordDrop, wordShuffle, wordSwap } from './operations/words.ts';
export type { AugmentedPair, AugmentPairOptions, AugmentPairResult, Label, Pair, PairChange } from './pair.ts';
export { augmentPair, labelAfter, sameEdits } from './pair.ts';
export type { StreamOptions } from './parallel.ts';
export { augmentStream } from './parallel.ts';
export { Draws } from './random.ts';
export type { Recipe, Variant, Weighted } from './recipe.ts';
export { weigh } from './recipe.ts';
export { recipes } from './recipes.ts';
export type { Segmenter } from './segmenters.ts';
export { bestSegmenter, intlSegmenter, jiebaSegmenter, segmenterFrom } from './segmenters.ts';
export type { Choices, SoundLevel } from './sounds.ts';
export { contextReader, readingsOf, soundClasses, soundsAlike } from './sounds.ts';
export type { ReadText, Tools, Word } from './source.ts';
export { Source } from './source.ts';
export type { Summary } from './summary.ts';
export { formatSummary, SummaryCounter } from './summary.ts';
export type { SynonymGroup, Thesaurus } from './thesaurus.ts';
export { builtInThesaurus, LexiconError, readCilin, readWordNet, thesaurusFrom } from './thesaurus.ts';
