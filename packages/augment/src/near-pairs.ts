import type { Augmenter } from './augmenter.ts';
import type { AugmentedPair, Label, Pair } from './pair.ts';
import { hashText } from './random.ts';

/**
 * Whether two texts are within an edit distance (characters inserted, deleted or replaced); looks at a band around the diagonal only.
 */
export function isWithinDistance(a: string, b: string, most: number): boolean {
  const [from, to] = [Array.from(a), Array.from(b)];
  if (Math.abs(from.length - to.length) > most) return false;
  const far = most + 1;
  let row = new Map<number, number>();
  for (let column = 0; column <= Math.min(to.length, most); column++) row.set(column, column);
  for (let line = 1; line <= from.length; line++) {
    const next = new Map<number, number>();
    for (let column = Math.max(0, line - most); column <= Math.min(to.length, line + most); column++) {
      const replaced = column === 0 ? far : (row.get(column - 1) ?? far) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.set(column, Math.min(replaced, (row.get(column) ?? far) + 1, (next.get(column - 1) ?? far) + 1));
    }
    row = next;
  }
  return (row.get(to.length) ?? far) <= most;
}

/** How many pairs lie within the distance, by label. */
export interface NearCounts {
  readonly positives: number;
  readonly negatives: number;
}

/** What `balanceNearPairs` should reach. */
export interface NearPairOptions {
  readonly seed?: number;
  /** Edit distance up to which two questions are near; 2 by default. */
  readonly distance?: number;
  /** How many near pairs of each label to reach at least; by default as many as the larger of both has. */
  readonly least?: number;
}

/** Near pairs to add, and the counts before and after. */
export interface NearPairs {
  readonly added: readonly AugmentedPair[];
  readonly before: NearCounts;
  readonly after: NearCounts;
}

/** Counts the pairs within an edit distance, by label. */
export function countNearPairs(pairs: readonly Pair[], distance = 2): NearCounts {
  const near = pairs.filter(({ question1, question2 }) => isWithinDistance(question1, question2, distance));
  const positives = near.filter(({ label }) => label === 1).length;
  return { positives, negatives: near.length - positives };
}

/**
 * Builds the near pairs that a set lacks, until as many positives as negatives lie within an edit distance: a question beside
 * itself with a small edit that keeps (1) or flips (0). Without them a model learns that a tiny edit changes the meaning.
 */
export function balanceNearPairs(augmenter: Augmenter, pairs: readonly Pair[], options: NearPairOptions = {}): NearPairs {
  const { seed = 0, distance = 2 } = options;
  const before = countNearPairs(pairs, distance);
  const goal = Math.max(options.least ?? 0, before.positives, before.negatives);
  const questions = [...new Set(pairs.flatMap(({ question1, question2 }) => [question1, question2]))];
  const ranked = questions.map((question) => ({ question, rank: hashText(question, seed) >>> 0 }));
  ranked.sort((a, b) => a.rank - b.rank || (a.question < b.question ? -1 : 1));
  const ordered = ranked.map(({ question }) => question);
  const known = new Set(pairs.map(({ question1, question2 }) => `${question1}\n${question2}`));
  const build = (label: Label, missing: number): AugmentedPair[] => {
    const built: AugmentedPair[] = [];
    for (let round = 0; round < 4 && built.length < missing; round++) {
      for (const question of ordered) {
        if (built.length >= missing) break;
        const near = nearPair(augmenter, question, label, { seed: seed + round, distance });
        const key = near === undefined ? '' : `${question}\n${near.question2}`;
        if (near === undefined || known.has(key)) continue;
        known.add(key);
        built.push(near);
      }
    }
    return built;
  };
  const positives = build(1, goal - before.positives);
  const negatives = build(0, goal - before.negatives);
  const after = { positives: before.positives + positives.length, negatives: before.negatives + negatives.length };
  return { added: [...positives, ...negatives], before, after };
}

function nearPair(
  augmenter: Augmenter,
  question: string,
  label: Label,
  options: { seed: number; distance: number },
): AugmentedPair | undefined {
  const verdict = label === 1 ? 'keeps' : 'flips';
  const { results } = augmenter.augment(question, { count: 2, rate: 0, seed: options.seed, verdict });
  const made = results.find((result) => result.verdict === verdict && isWithinDistance(question, result.text, options.distance));
  if (made === undefined) return undefined;
  return { question1: question, question2: made.text, label, change: 'question2', edits1: [], edits2: made.edits };
}
