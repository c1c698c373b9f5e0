import { type Recipe, createAugmenter, homophones, lookAlikeCharacters, recipes, weigh } from '@samequestion/augment';
import { hashIntegers } from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';

import { type Judge, type JudgeLabelledOptions, judgeLabelled } from './judge.ts';

/** How a model holds under attack: the same pairs, one of their questions edited. */
export interface Robustness {
  /** One character of each pair replaced by one that sounds or looks alike. */
  readonly typo: AttackScore;
  /** Edits of the kinds seen in the competition's final test that keep the meaning. */
  readonly edits: AttackScore;
  /** Pairs that ask the same, one question edited so that it asks something else. */
  readonly flips: FlipScore;
}

/** Scores on attacked pairs, whose labels are those of the pairs. */
export interface AttackScore {
  /** Pairs that could be edited; the rest were judged as they are. */
  readonly edited: number;
  readonly pairs: number;
  readonly macroF1: number;
  readonly accuracy: number;
}

/** How many flipping edits are recognised. */
export interface FlipScore {
  readonly pairs: number;
  /** Share judged different, 0 to 1; `NaN` without pairs. */
  readonly recognised: number;
}

/** How pairs are attacked and judged. */
export interface RobustnessOptions extends Omit<JudgeLabelledOptions, 'label'> {
  readonly seed: number;
}

/** One character that sounds or looks like the right one. */
export const oneTypo: Recipe = {
  name: 'one-typo',
  about: 'A homophone or a look-alike for one character.',
  rate: 0.01,
  variants: [
    {
      weight: 1,
      verdict: 'keeps',
      once: weigh([homophones('exact'), 4], [homophones('toneless'), 3], [homophones('confusable'), 1], [lookAlikeCharacters(), 4]),
    },
  ],
};

/** Judges pairs under each attack. What is edited depends on the pairs, the seed and the segmenter alone. */
export async function measureRobustness(judge: Judge, pairs: readonly Pair[], options: RobustnessOptions): Promise<Robustness> {
  const typo = await keepingScore(judge, pairs, oneTypo, { ...options, label: 'judging typos' });
  const edits = await keepingScore(judge, pairs, recipes['competition-attack'] ?? oneTypo, { ...options, label: 'judging edits' });
  const flipped = await attackPairs(
    pairs.filter(({ label }) => label === 1),
    { recipe: recipes['contrast'] ?? oneTypo, verdict: 'flips', seed: options.seed },
  );
  const different = flipped.flatMap((pair) => (pair === undefined ? [] : [{ ...pair, label: 0 as const }]));
  const recognised =
    different.length === 0 ? Number.NaN : (await judgeLabelled(judge, different, { ...options, label: 'judging flips' })).accuracy;
  return { typo, edits, flips: { pairs: different.length, recognised } };
}

async function keepingScore(
  judge: Judge,
  pairs: readonly Pair[],
  recipe: Recipe,
  options: RobustnessOptions & JudgeLabelledOptions,
): Promise<AttackScore> {
  const edited = await attackPairs(pairs, { recipe, verdict: 'keeps', seed: options.seed });
  const { macroF1, accuracy } = await judgeLabelled(
    judge,
    pairs.map((pair, index) => edited[index] ?? pair),
    options,
  );
  return { edited: edited.filter((pair) => pair !== undefined).length, pairs: pairs.length, macroF1, accuracy };
}

/** An attack on pairs. */
export interface Attack {
  readonly recipe: Recipe;
  readonly verdict: 'keeps' | 'flips';
  readonly seed: number;
}

/** Each pair with one question edited, either one by chance, its label as it was; `undefined` where neither can be edited. */
export async function attackPairs(pairs: readonly Pair[], { recipe, verdict, seed }: Attack): Promise<readonly (Pair | undefined)[]> {
  const augmenter = await createAugmenter({ recipe });
  return pairs.map((pair, index) => {
    const key = hashIntegers(seed, index);
    const edit = (text: string): string | undefined => augmenter.augment(text, { count: 1, seed: key, verdict }).results[0]?.text;
    for (const side of key % 2 === 0 ? (['question1', 'question2'] as const) : (['question2', 'question1'] as const)) {
      const text = edit(pair[side]);
      if (text !== undefined) return { ...pair, [side]: text };
    }
    return undefined;
  });
}

/** Scores under attack as lines for people. */
export function describeRobustness({ typo, edits, flips }: Robustness): string[] {
  const line = (name: string, { macroF1, accuracy }: AttackScore): string =>
    `  ${name.padEnd(20)} ${macroF1.toFixed(4)}   accuracy ${accuracy.toFixed(4)}`;
  const found =
    flips.pairs === 0 ? [] : [`  ${'flips recognised'.padEnd(20)} ${flips.recognised.toFixed(4)}   of ${flips.pairs.toLocaleString('en')}`];
  return [line('one typo in each', typo), line('edits that keep', edits), ...found];
}
