/** How long texts are, in tokens or whatever was counted. */
export interface LengthStatistics {
  readonly count: number;
  readonly total: number;
  readonly mean: number;
  readonly min: number;
  readonly median: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Mean and percentiles (nearest rank) of lengths; all 0 for none. */
export function lengthStatistics(lengths: Iterable<number>): LengthStatistics {
  const sorted = Float64Array.from(lengths).sort();
  const count = sorted.length;
  const total = sorted.reduce((sum, length) => sum + length, 0);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
  return {
    count,
    total,
    mean: count === 0 ? 0 : total / count,
    min: sorted[0] ?? 0,
    median: rank(0.5),
    p90: rank(0.9),
    p95: rank(0.95),
    p99: rank(0.99),
    max: sorted.at(-1) ?? 0,
  };
}
