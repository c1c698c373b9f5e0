/** How well pairs are judged. `precision`, `recall` and `f1` are of label 1; `macroF1` is the mean of both classes' F1. */
export interface Metrics {
  readonly pairs: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** F1 of label 0. */
  readonly f1OfDifferent: number;
  readonly macroF1: number;
  /** Mean cross-entropy. */
  readonly loss: number;
  /** `confusion[label][judged]`. */
  readonly confusion: readonly [readonly [number, number], readonly [number, number]];
}

/**
 * Scores judgements against labels. A class that neither occurs nor is judged has an F1 of 0.
 *
 * @param logits Two scores per pair; the larger one judges, 0 when equal.
 * @throws {RangeError} If the lists differ in length or are empty.
 */
export function scoreJudgements(logits: readonly ArrayLike<number>[], labels: ArrayLike<number>): Metrics {
  if (logits.length === 0 || logits.length !== labels.length) {
    throw new RangeError(
      `scoreJudgements: expected as many labels as judgements and at least one, got ${labels.length} and ${logits.length}.`,
    );
  }
  const counts: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  let loss = 0;
  logits.forEach((scores, index) => {
    const label = labels[index] === 1 ? 1 : 0;
    counts[label][(scores[1] ?? 0) > (scores[0] ?? 0) ? 1 : 0]++;
    loss += -logProbability(scores, label);
  });
  const [[trueDifferent, falseSame], [falseDifferent, trueSame]] = counts;
  const f1 = harmonic(trueSame, falseSame, falseDifferent);
  const f1OfDifferent = harmonic(trueDifferent, falseDifferent, falseSame);
  return {
    pairs: logits.length,
    accuracy: (trueSame + trueDifferent) / logits.length,
    precision: ratio(trueSame, trueSame + falseSame),
    recall: ratio(trueSame, trueSame + falseDifferent),
    f1,
    f1OfDifferent,
    macroF1: (f1 + f1OfDifferent) / 2,
    loss: loss / logits.length,
    confusion: counts,
  };
}

/** Probabilities of a list of scores. */
export function softmax(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, label) => Math.exp(logProbability(scores, label)));
}

function logProbability(scores: ArrayLike<number>, label: number): number {
  const values = Array.from(scores);
  const highest = Math.max(...values);
  const sum = values.reduce((total, score) => total + Math.exp(score - highest), 0);
  return (values[label] ?? Number.NaN) - highest - Math.log(sum);
}

function harmonic(right: number, wrongly: number, missed: number): number {
  return ratio(2 * right, 2 * right + wrongly + missed);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
