import type { Prediction } from './predictions.ts';
import { quoted, submissionError } from './submission-error.ts';
import { applyThreshold, thresholdForShare } from './threshold.ts';

/** How predictions of several models become one. */
export type EnsembleMethod = 'weighted-mean' | 'mean' | 'geometric-mean' | 'rank-mean' | 'majority-vote';

/** One model's predictions. */
export interface EnsembleMember {
  /** A name for messages, usually the file's path. */
  readonly name: string;
  readonly predictions: readonly Prediction[];
  /** For `weighted-mean`: the model's accuracy or macro-F1 on labelled pairs. */
  readonly weight?: number;
}

/** The same test row as every member judges it. */
type Row = readonly Prediction[];

/** The smallest probability whose logarithm is taken. */
const TINY = 1e-15;

/**
 * Combines predictions; rows come in the first member's order, other members may have another.
 *
 * - `weighted-mean`: Σ weight · probability / Σ weight, the rule of the 2019 entry with accuracies as weights.
 * - `mean`: the same with equal weights. `geometric-mean`: of each label's probabilities, made to add up to 1.
 * - `rank-mean`: mean over members of the row's rank by probability of label 1, from 0 to 1, equal ones sharing a rank. Ranks are no probabilities, so
 *   labels are set to give the members' mean share of label 1.
 * - `majority-vote`: by labels; the share of votes is given as probability, and the mean probability decides a draw.
 *
 * @throws {SubmissionError} If the members' qids differ.
 * @throws {RangeError} If there is no member, or weights are not positive where they are used, or given where they are not.
 */
export function combinePredictions(members: readonly EnsembleMember[], method: EnsembleMethod): readonly Prediction[] {
  const rows = alignedRows(members);
  const weights = weightsOf(members, method);
  if (method === 'mean' || method === 'weighted-mean') return rows.map((row) => judged(row, meanOf(row, weights)));
  if (method === 'geometric-mean') return rows.map((row) => judged(row, geometricMeanOf(row)));
  if (method === 'majority-vote') return rows.map((row) => voted(row, weights));
  if (method === 'rank-mean') return rankMean(members, rows);
  throw new RangeError(`combinePredictions: expected a known method, got "${String(method)}"`);
}

function alignedRows(members: readonly EnsembleMember[]): readonly Row[] {
  const [first, ...others] = members;
  if (first === undefined) throw new RangeError('combinePredictions: expected at least one member, got none');
  const byQid = others.map(({ predictions }) => new Map(predictions.map((prediction) => [prediction.qid, prediction])));
  others.forEach((other, at) => checkQids(first, other, byQid[at] ?? new Map()));
  return first.predictions.map((prediction) => [prediction, ...byQid.flatMap((rows) => rows.get(prediction.qid) ?? [])]);
}

function checkQids(first: EnsembleMember, other: EnsembleMember, rows: ReadonlyMap<string, Prediction>): void {
  const known = new Set(first.predictions.map(({ qid }) => qid));
  const missing = first.predictions.find(({ qid }) => !rows.has(qid));
  const extra = other.predictions.find(({ qid }) => !known.has(qid));
  const difference = missing ?? extra;
  if (difference === undefined && known.size === first.predictions.length && rows.size === other.predictions.length) return;
  const holder = missing === undefined ? other : first;
  const got = difference === undefined ? 'a qid that comes twice' : `qid ${quoted(difference.qid)} in ${quoted(holder.name)} alone`;
  const expected = `the same qids in ${quoted(first.name)} and ${quoted(other.name)}`;
  throw submissionError({ what: 'combinePredictions', expected, got, advice: 'Combine predictions for one test file.' });
}

function weightsOf(members: readonly EnsembleMember[], method: EnsembleMethod): readonly number[] {
  if (method === 'weighted-mean') {
    for (const { name, weight } of members) {
      if (weight !== undefined && weight > 0 && Number.isFinite(weight)) continue;
      throw new RangeError(`combinePredictions: weight: expected a positive number for "${name}", got ${weight}`);
    }
    return members.map(({ weight = 1 }) => weight);
  }
  const weighted = members.find(({ weight }) => weight !== undefined);
  if (weighted === undefined) return members.map(() => 1);
  throw new RangeError(`combinePredictions: weight: expected none for ${method}, got ${weighted.weight} for "${weighted.name}"`);
}

interface Probabilities {
  readonly probability0: number;
  readonly probability1: number;
}

function judged(row: Row, probabilities: Probabilities): Prediction {
  const { probability0, probability1 } = probabilities;
  return { qid: row[0]?.qid ?? '', probability0, probability1, label: probability1 > probability0 ? 1 : 0 };
}

function meanOf(row: Row, weights: readonly number[]): Probabilities {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (probability: (prediction: Prediction) => number): number =>
    row.reduce((sum, prediction, at) => sum + probability(prediction) * (weights[at] ?? 0), 0) / total;
  return { probability0: mean(({ probability0 }) => probability0), probability1: mean(({ probability1 }) => probability1) };
}

function geometricMeanOf(row: Row): Probabilities {
  const logarithm = (probability: (prediction: Prediction) => number): number =>
    row.reduce((sum, prediction) => sum + Math.log(Math.max(TINY, probability(prediction))), 0) / row.length;
  const odds = Math.exp(logarithm(({ probability1 }) => probability1) - logarithm(({ probability0 }) => probability0));
  return { probability0: 1 / (1 + odds), probability1: odds / (1 + odds) };
}

function voted(row: Row, weights: readonly number[]): Prediction {
  const probability1 = row.filter(({ label }) => label === 1).length / row.length;
  const shares = { probability0: 1 - probability1, probability1 };
  return probability1 === 0.5 ? { ...judged(row, shares), label: judged(row, meanOf(row, weights)).label } : judged(row, shares);
}

function rankMean(members: readonly EnsembleMember[], rows: readonly Row[]): readonly Prediction[] {
  const ranks = members.map((_member, at) => ranksOf(rows.map((row) => row[at]?.probability1 ?? 0)));
  const combined = rows.map((row, at) => {
    const probability1 = ranks.reduce((sum, rank) => sum + (rank[at] ?? 0), 0) / ranks.length;
    return judged(row, { probability0: 1 - probability1, probability1 });
  });
  const positives = members.flatMap(({ predictions }) => predictions).filter(({ label }) => label === 1).length;
  return applyThreshold(combined, thresholdForShare(combined, rows.length === 0 ? 0 : positives / (rows.length * members.length)));
}

/** Ranks from 0 to 1; equal values share the middle of theirs. */
function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((_value, index) => index).sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  const ranks = values.map(() => 0.5);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (const index of order.slice(start, end)) ranks[index] = values.length < 2 ? 0.5 : (start + end - 1) / 2 / (values.length - 1);
    start = end;
  }
  return ranks;
}

/** How two sets of answers agree. */
export interface Agreement {
  readonly rows: number;
  /** Share of rows with the same label. */
  readonly share: number;
  /** Agreement beyond chance: 1 is perfect, 0 is chance (Cohen 1960). 1 where both give one and the same label throughout. */
  readonly kappa: number;
}

/** Compares the labels of two models. @throws {SubmissionError} If their qids differ. */
export function agreementOf(left: EnsembleMember, right: EnsembleMember): Agreement {
  const rows = alignedRows([left, right]);
  const count = rows.length;
  if (count === 0) return { rows: 0, share: 0, kappa: 0 };
  const share = rows.filter(([one, two]) => one?.label === two?.label).length / count;
  const positiveShare = (at: number): number => rows.filter((row) => row[at]?.label === 1).length / count;
  const [one, two] = [positiveShare(0), positiveShare(1)];
  const chance = one * two + (1 - one) * (1 - two);
  return { rows: count, share, kappa: chance === 1 ? 1 : (share - chance) / (1 - chance) };
}
