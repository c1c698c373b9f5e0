import { editDistance } from './edit-distance.ts';
import { unorderedKey } from './pair-key.ts';
import type { Pair } from './pair.ts';

/** How numbers are spread. Percentiles are values that occur (nearest rank). */
export interface Distribution {
  readonly minimum: number;
  readonly mean: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly maximum: number;
}

/** Pairs of both labels. */
export interface LabelCounts {
  readonly positives: number;
  readonly negatives: number;
  /** Positives among all of them; 0 where there are none. */
  readonly positiveShare: number;
}

/** What {@link describePairs} gives. Lengths and edits are in characters (code points). */
export interface PairStatistics extends LabelCounts {
  readonly pairs: number;
  readonly uniqueQuestions: number;
  readonly uniqueUnorderedPairs: number;
  /** Length of each different question. */
  readonly questionLength: Distribution;
  /** Length of both questions of each pair together. */
  readonly pairLength: Distribution;
  /** Pairs by the edit distance of their questions. Each line but the last holds the ones before it. */
  readonly editDistance: {
    readonly atMost1: LabelCounts;
    readonly atMost2: LabelCounts;
    readonly atMost3: LabelCounts;
    readonly more: LabelCounts;
  };
}

/** Lengths, label shares, and the labels by edit distance: the near pairs decide how robust a model becomes. */
export function describePairs(pairs: Iterable<Pair>): PairStatistics {
  const list = [...pairs];
  const lengths = new Map<string, number>();
  const keys = new Set<string>();
  const lengthOf = (question: string): number => {
    const length = lengths.get(question) ?? Array.from(question).length;
    lengths.set(question, length);
    return length;
  };
  const pairLengths = list.map(({ question1, question2 }) => lengthOf(question1) + lengthOf(question2));
  const strata = [0, 0, 0, 0, 0].map(() => ({ positives: 0, negatives: 0 }));
  for (const { question1, question2, label } of list) {
    keys.add(unorderedKey(question1, question2));
    const stratum = strata[editDistance(question1, question2, 3)];
    if (stratum !== undefined) stratum[label === 1 ? 'positives' : 'negatives'] += 1;
  }
  const between = (from: number, to: number): LabelCounts => {
    const part = strata.slice(from, to + 1);
    return labelCounts(
      part.reduce((sum, { positives }) => sum + positives, 0),
      part.reduce((sum, { negatives }) => sum + negatives, 0),
    );
  };
  return {
    pairs: list.length,
    ...between(0, 4),
    uniqueQuestions: lengths.size,
    uniqueUnorderedPairs: keys.size,
    questionLength: distribution([...lengths.values()]),
    pairLength: distribution(pairLengths),
    editDistance: { atMost1: between(0, 1), atMost2: between(0, 2), atMost3: between(0, 3), more: between(4, 4) },
  };
}

function labelCounts(positives: number, negatives: number): LabelCounts {
  return { positives, negatives, positiveShare: positives === 0 ? 0 : positives / (positives + negatives) };
}

function distribution(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    minimum: sorted[0] ?? 0,
    mean: sorted.length === 0 ? 0 : sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    median: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
    maximum: sorted.at(-1) ?? 0,
  };
}
