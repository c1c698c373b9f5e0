import type { Prediction } from './predictions.ts';
import { quoted, submissionError } from './submission-error.ts';
import type { Answer, Label } from './submission-file.ts';

/** A threshold and how it was chosen, ready to be recorded: rows with a probability of label 1 of at least `threshold` get label 1. */
export type Threshold =
  | { readonly rule: 'fixed'; readonly threshold: number }
  | { readonly rule: 'macro-f1'; readonly threshold: number; readonly macroF1: number; readonly tunedOn: number }
  | { readonly rule: 'share'; readonly threshold: number; readonly wantedShare: number; readonly share: number };

/** A threshold that someone names. @throws {RangeError} If it is not between 0 and 1. */
export function fixedThreshold(threshold: number): Threshold {
  if (!(threshold >= 0 && threshold <= 1)) throw new RangeError(`fixedThreshold: expected a number from 0 to 1, got ${threshold}`);
  return { rule: 'fixed', threshold };
}

/**
 * The threshold of best macro-F1 on predictions whose labels are known: halfway between two neighbouring probabilities; of several equally
 * good ones the nearest to 0.5.
 *
 * @throws {SubmissionError} If a label is missing, or there is no prediction.
 */
export function tuneThreshold(predictions: readonly Prediction[], answers: readonly Answer[]): Threshold {
  const labels = labelsFor(predictions, answers);
  if (labels.length === 0) throw submissionError({ what: 'tuneThreshold', expected: 'at least one prediction', got: 'none' });
  const ordered = predictions.map(({ probability1 }, at) => ({ probability1, label: labels[at] ?? 0 }));
  ordered.sort((left, right) => left.probability1 - right.probability1);
  const positives = labels.filter((label) => label === 1).length;
  const counts = { positives, negatives: labels.length - positives };
  let best = { threshold: 0, macroF1: macroF1From(counts, 0, 0) };
  let [falseNegatives, trueNegatives] = [0, 0];
  ordered.forEach(({ probability1, label }, at) => {
    if (label === 1) falseNegatives += 1;
    else trueNegatives += 1;
    const next = ordered[at + 1]?.probability1 ?? 1 + (1 - probability1);
    if (next === probability1) return;
    const candidate = { threshold: (probability1 + next) / 2, macroF1: macroF1From(counts, falseNegatives, trueNegatives) };
    const closer = Math.abs(candidate.threshold - 0.5) < Math.abs(best.threshold - 0.5);
    if (candidate.macroF1 > best.macroF1 || (candidate.macroF1 === best.macroF1 && closer)) best = candidate;
  });
  return { rule: 'macro-f1', ...best, tunedOn: labels.length };
}

/**
 * The threshold under which the share of label 1 comes nearest to the wanted one.
 *
 * @throws {RangeError} If the share is not between 0 and 1.
 */
export function thresholdForShare(predictions: readonly Prediction[], wantedShare: number): Threshold {
  if (!(wantedShare >= 0 && wantedShare <= 1)) throw new RangeError(`thresholdForShare: expected a share from 0 to 1, got ${wantedShare}`);
  const ordered = predictions.map(({ probability1 }) => probability1).sort((left, right) => right - left);
  const wanted = wantedShare * ordered.length;
  let best = { threshold: 1 + Number.EPSILON, positives: 0 };
  ordered.forEach((probability, at) => {
    const next = ordered[at + 1] ?? -probability;
    if (next === probability && at + 1 < ordered.length) return;
    if (Math.abs(at + 1 - wanted) < Math.abs(best.positives - wanted))
      best = { threshold: Math.max(0, (probability + next) / 2), positives: at + 1 };
  });
  return { rule: 'share', threshold: best.threshold, wantedShare, share: ordered.length === 0 ? 0 : best.positives / ordered.length };
}

/** The predictions with labels by a threshold; probabilities stay. */
export function applyThreshold(predictions: readonly Prediction[], { threshold }: Pick<Threshold, 'threshold'>): readonly Prediction[] {
  return predictions.map((prediction) => ({ ...prediction, label: prediction.probability1 >= threshold ? 1 : 0 }));
}

/**
 * The known label of each prediction, in their order.
 *
 * @throws {SubmissionError} If a prediction has none.
 */
export function labelsFor(predictions: readonly { readonly qid: string }[], answers: readonly Answer[]): readonly Label[] {
  const labels = new Map(answers.map(({ qid, label }) => [qid, label]));
  return predictions.map(({ qid }) => {
    const label = labels.get(qid);
    if (label !== undefined) return label;
    const advice = 'Do the predictions and the labels belong together?';
    throw submissionError({ what: 'labelsFor', expected: 'a label for each prediction', got: `none for qid ${quoted(qid)}`, advice });
  });
}

/** Mean of both labels' F1; a label that neither side has counts as 0. @throws {RangeError} If the lengths differ. */
export function macroF1(right: readonly Label[], predicted: readonly Label[]): number {
  if (right.length !== predicted.length) throw new RangeError(`macroF1: expected ${right.length} predictions, got ${predicted.length}`);
  const count = (label: Label, answer: Label): number => right.filter((truth, at) => truth === label && predicted[at] === answer).length;
  const [falseNegatives, trueNegatives] = [count(1, 0), count(0, 0)];
  return macroF1From({ positives: count(1, 1) + falseNegatives, negatives: count(0, 1) + trueNegatives }, falseNegatives, trueNegatives);
}

interface Counts {
  readonly positives: number;
  readonly negatives: number;
}

function macroF1From({ positives, negatives }: Counts, falseNegatives: number, trueNegatives: number): number {
  const truePositives = positives - falseNegatives;
  const errors = negatives - trueNegatives + falseNegatives;
  const f1 = (hits: number): number => (hits === 0 ? 0 : (2 * hits) / (2 * hits + errors));
  return (f1(truePositives) + f1(trueNegatives)) / 2;
}
