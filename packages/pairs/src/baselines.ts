import type { Label, Pair } from './pair.ts';
import { scoreLabels, type Scores } from './scores.ts';

/** A judge that needs no model: what a model must beat. */
export interface Baseline {
  readonly name: 'majority' | 'character-overlap';
  /** Macro-F1 on the pairs that it was fitted to. */
  readonly trainMacroF1: number;
  /** Pairs that score at least this get label 1. */
  readonly threshold: number;
  /** Larger means more alike. */
  score(question1: string, question2: string): number;
  predict(question1: string, question2: string): Label;
}

/** Jaccard index of the two sets of characters: 0 (nothing shared) to 1 (the same characters). Two empty texts give 1. */
export function characterOverlap(question1: string, question2: string): number {
  const left = new Set(question1);
  const right = new Set(question2);
  let shared = 0;
  for (const character of left) if (right.has(character)) shared += 1;
  const all = left.size + right.size - shared;
  return all === 0 ? 1 : shared / all;
}

/** Judges by {@link characterOverlap}, with the threshold that gives the best macro-F1 on the training pairs. */
export function overlapBaseline(train: Iterable<Pair>): Baseline {
  const scored = Array.from(train, ({ question1, question2, label }) => ({ score: characterOverlap(question1, question2), label }));
  const { threshold, macroF1 } = bestThreshold(scored);
  return {
    name: 'character-overlap',
    trainMacroF1: macroF1,
    threshold,
    score: characterOverlap,
    predict: (question1, question2) => (characterOverlap(question1, question2) >= threshold ? 1 : 0),
  };
}

/** Always gives the label that is more frequent in the training pairs; 0 if both are equally frequent. */
export function majorityBaseline(train: Iterable<Pair>): Baseline {
  const labels = Array.from(train, ({ label }) => label);
  const positives = labels.filter((label) => label === 1).length;
  const answer: Label = positives * 2 > labels.length ? 1 : 0;
  return {
    name: 'majority',
    trainMacroF1: scoreLabels(
      labels,
      labels.map(() => answer),
    ).macroF1,
    threshold: answer === 1 ? 0 : 1,
    score: () => (answer === 1 ? 1 : 0),
    predict: () => answer,
  };
}

/** How a baseline does on labelled pairs. */
export function scoreBaseline(baseline: Baseline, pairs: Iterable<Pair>): Scores {
  const list = [...pairs];
  return scoreLabels(
    list.map(({ label }) => label),
    list.map(({ question1, question2 }) => baseline.predict(question1, question2)),
  );
}

interface Scored {
  readonly score: number;
  readonly label: Label;
}

/** The best of all thresholds that tell scores apart, halfway between two neighbours; the lowest among equals. */
function bestThreshold(scored: readonly Scored[]): { readonly threshold: number; readonly macroF1: number } {
  const ordered = [...scored].sort((left, right) => left.score - right.score);
  const positives = ordered.filter(({ label }) => label === 1).length;
  const counts = { positives, negatives: ordered.length - positives };
  let [falseNegatives, trueNegatives] = [0, 0];
  let best = { threshold: ordered[0]?.score ?? 0, macroF1: macroF1Of(counts, 0, 0) };
  ordered.forEach(({ score, label }, index) => {
    if (label === 1) falseNegatives += 1;
    else trueNegatives += 1;
    const next = ordered[index + 1]?.score ?? Number.POSITIVE_INFINITY;
    if (next === score) return;
    const macroF1 = macroF1Of(counts, falseNegatives, trueNegatives);
    if (macroF1 > best.macroF1) best = { threshold: Number.isFinite(next) ? (score + next) / 2 : score + 1, macroF1 };
  });
  return best;
}

interface Counts {
  readonly positives: number;
  readonly negatives: number;
}

function macroF1Of({ positives, negatives }: Counts, falseNegatives: number, trueNegatives: number): number {
  const truePositives = positives - falseNegatives;
  const errors = negatives - trueNegatives + falseNegatives;
  const one = truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + errors);
  const zero = trueNegatives === 0 ? 0 : (2 * trueNegatives) / (2 * trueNegatives + errors);
  return (one + zero) / 2;
}
