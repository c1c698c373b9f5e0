import { hashText, uniform } from './hash.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** How one group becomes pairs. */
export interface GroupPairOptions {
  /** Whether each positive pair is followed by itself with its sides swapped. Default `once`. */
  readonly positives?: 'once' | 'mirrored';
  /** The same for negative pairs. Default `once`. */
  readonly negatives?: 'once' | 'mirrored';
  /**
   * Most pairs from one group, mirrors not counted; the kept ones are drawn at random, in the label proportion of the group. Default: all.
   */
  readonly maxPairsPerGroup?: number;
  /** Seed of that draw. Default 0. */
  readonly seed?: number;
}

/**
 * The pairs of one group, lazily: first every two equivalents, then each equivalent with each non-equivalent, in the order of the lists.
 * `[1, 2, 3]` and `[4, 5, 6]` give 12 and 13 and 23, then 14, 15, 16, 24, … 36: 3 positives and 9 negatives.
 *
 * A question repeated within its list counts once, and a question is never paired with itself.
 *
 * @throws {RangeError} If `maxPairsPerGroup` is not a positive integer, or a side is neither once nor mirrored.
 */
export function* pairsOfGroup(group: QuestionGroup, options: GroupPairOptions = {}): Generator<Pair> {
  checkOptions(options);
  const equivalents = [...new Set(group.equivalents)];
  const nonEquivalents = [...new Set(group.nonEquivalents)];
  const cap = options.maxPairsPerGroup;
  const count = equivalents.length;
  const positives = (count * (count - 1)) / 2;
  const negatives = count * nonEquivalents.length;
  const positiveCap = cap === undefined ? positives : positiveShare(cap, positives, negatives);
  const negativeCap = cap === undefined ? negatives : Math.min(negatives, cap - positiveCap);
  const seed = cap === undefined ? 0 : (options.seed ?? 0) ^ hashText(group.id).high;
  const build = (question1: string, question2: string, label: 0 | 1): Pair => ({ question1, question2, label, group: group.id });

  for (const [left, right] of drawnPositives(count, positives, positiveCap, seed)) {
    const [question1, question2] = [equivalents[left] ?? '', equivalents[right] ?? ''];
    yield build(question1, question2, 1);
    if (options.positives === 'mirrored') yield build(question2, question1, 1);
  }
  for (const index of drawn(negatives, negativeCap, seed + 1)) {
    const question1 = equivalents[Math.floor(index / nonEquivalents.length)] ?? '';
    const question2 = nonEquivalents[index % nonEquivalents.length] ?? '';
    if (question1 === question2) continue;
    yield build(question1, question2, 0);
    if (options.negatives === 'mirrored') yield build(question2, question1, 0);
  }
}

function checkOptions(options: GroupPairOptions): void {
  const { maxPairsPerGroup: cap } = options;
  if (cap !== undefined && (!Number.isInteger(cap) || cap < 1)) {
    throw new RangeError(`pairsOfGroup: maxPairsPerGroup: expected a positive integer, got ${cap}`);
  }
  for (const side of ['positives', 'negatives'] as const) {
    const chosen = options[side] ?? 'once';
    if (chosen !== 'once' && chosen !== 'mirrored')
      throw new RangeError(`pairsOfGroup: ${side}: expected "once" or "mirrored", got "${String(chosen)}"`);
  }
}

/** Positives among `cap` pairs: in proportion, and at least one of each kind where there is room. */
function positiveShare(cap: number, positives: number, negatives: number): number {
  if (positives + negatives <= cap) return positives;
  const share = Math.round((cap * positives) / (positives + negatives));
  const least = positives > 0 && cap > 1 ? 1 : 0;
  const most = negatives > 0 && cap > 1 ? cap - 1 : cap;
  return Math.min(positives, Math.max(least, Math.min(most, share)), cap);
}

/** The drawn pairs of equivalents as positions, in order. */
function* drawnPositives(count: number, positives: number, cap: number, seed: number): Generator<readonly [number, number]> {
  if (cap >= positives) {
    for (let left = 0; left < count; left += 1) for (let right = left + 1; right < count; right += 1) yield [left, right];
    return;
  }
  let left = 0;
  let before = 0;
  for (const index of drawn(positives, cap, seed)) {
    while (index >= before + count - 1 - left) {
      before += count - 1 - left;
      left += 1;
    }
    yield [left, left + 1 + index - before];
  }
}

/** `count` different numbers below `total`, ascending, by Floyd's method; all of them, without a list, if `count` reaches `total`. */
function* drawn(total: number, count: number, seed: number): Generator<number> {
  if (count >= total) {
    for (let index = 0; index < total; index += 1) yield index;
    return;
  }
  const chosen = new Set<number>();
  for (let top = total - count; top < total; top += 1) {
    const pick = Math.floor(uniform(seed, top) * (top + 1));
    chosen.add(chosen.has(pick) ? top : pick);
  }
  yield* [...chosen].sort((left, right) => left - right);
}
