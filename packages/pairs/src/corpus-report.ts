import { auditLeakage, type LeakageAudit } from './audit.ts';
import { majorityBaseline, overlapBaseline, scoreBaseline } from './baselines.ts';
import { countCorpus, type CorpusCounts } from './corpus-counts.ts';
import type { Pair, QuestionGroup } from './pair.ts';
import type { Scores } from './scores.ts';
import { describePairs, type PairStatistics } from './statistics.ts';

/** How a judge without a model does. */
export interface BaselineReport {
  readonly name: 'majority' | 'character-overlap';
  /** Pairs that score at least this get label 1. */
  readonly threshold: number;
  readonly trainMacroF1: number;
  readonly dev: Scores;
  /** The dev pairs without near duplicates of training questions; `undefined` if there is nothing to leave out. */
  readonly devWithoutNear: Scores | undefined;
}

/** Everything a report on a run says about its data, ready for JSON. */
export interface CorpusReport {
  /** `undefined` where pairs came without groups. */
  readonly counts: CorpusCounts | undefined;
  readonly train: PairStatistics;
  readonly dev: PairStatistics;
  readonly audit: LeakageAudit;
  readonly baselines: readonly BaselineReport[];
}

/** Counts, statistics of both parts, the leakage audit between them, and both baselines fitted to one and scored on the other. */
export function reportCorpus(train: readonly Pair[], dev: readonly Pair[], groups?: readonly QuestionGroup[]): CorpusReport {
  const audit = auditLeakage(train, dev, groups === undefined ? {} : { groups });
  const near = new Set(audit.nearDevPairs);
  const others = dev.filter((_pair, at) => !near.has(at));
  const baselines = [majorityBaseline(train), overlapBaseline(train)].map((baseline) => ({
    name: baseline.name,
    threshold: baseline.threshold,
    trainMacroF1: baseline.trainMacroF1,
    dev: scoreBaseline(baseline, dev),
    devWithoutNear: near.size === 0 ? undefined : scoreBaseline(baseline, others),
  }));
  return {
    counts: groups === undefined ? undefined : countCorpus(groups),
    train: describePairs(train),
    dev: describePairs(dev),
    audit,
    baselines,
  };
}
