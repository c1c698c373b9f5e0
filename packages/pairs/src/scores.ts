import type { Label } from './pair.ts';

/** How well predicted labels agree with the right ones. Precision, recall and F1 are of label 1. */
export interface Scores {
  readonly count: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** F1 of label 0. */
  readonly f1OfZero: number;
  /** Mean of both labels' F1. */
  readonly macroF1: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/**
 * Compares predictions with right labels. A ratio with nothing below its line counts as 0.
 *
 * @throws {RangeError} If the lengths differ.
 */
export function scoreLabels(right: readonly Label[], predicted: readonly Label[]): Scores {
  if (right.length !== predicted.length) {
    throw new RangeError(`scoreLabels: expected ${right.length} predictions, got ${predicted.length}`);
  }
  const count = (answer: Label, truth: Label): number =>
    right.filter((label, index) => label === truth && predicted[index] === answer).length;
  const [truePositives, falsePositives] = [count(1, 1), count(1, 0)];
  const [trueNegatives, falseNegatives] = [count(0, 0), count(0, 1)];
  const f1 = ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
  const f1OfZero = ratio(2 * trueNegatives, 2 * trueNegatives + falsePositives + falseNegatives);
  return {
    count: right.length,
    accuracy: ratio(truePositives + trueNegatives, right.length),
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, truePositives + falseNegatives),
    f1,
    f1OfZero,
    macroF1: (f1 + f1OfZero) / 2,
    truePositives,
    falsePositives,
    trueNegatives,
    falseNegatives,
  };
}

function ratio(above: number, below: number): number {
  return below === 0 ? 0 : above / below;
}
