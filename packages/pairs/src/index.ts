export {
  auditLeakage,
  refuseLeaks,
  type AuditOptions,
  type Finding,
  type LeakageAudit,
  type NearDuplicate,
  type SharedComponent,
  type SharedPair,
} from './audit.ts';
export { overlapBaseline, majorityBaseline, scoreBaseline, characterOverlap, type Baseline } from './baselines.ts';
export { buildPairs, buildPairsFromStream, type BuildPairsOptions, type ConflictPolicy } from './build-pairs.ts';
export { closePairs, impliedPairs, type Closure, type ClosureOptions, type Contradiction } from './closure.ts';
export type { PairColumns } from './columns.ts';
export { readCompetitionXml, type CompetitionXmlOptions } from './competition-xml.ts';
export { findConflicts, repeatedPairs, type Conflicts, type RepeatedPair, type RepeatedQuestion } from './conflicts.ts';
export { countCorpus, type CorpusCounts } from './corpus-counts.ts';
export { CorpusError, type CorpusPlace } from './corpus-error.ts';
export { reportCorpus, type BaselineReport, type CorpusReport } from './corpus-report.ts';
export { countDefects, type Defect, type DefectKind, type DefectListener } from './defect.ts';
export { editDistance } from './edit-distance.ts';
export { extraNegatives, type ExtraNegativesOptions } from './extra-negatives.ts';
export { fileChunks, readGroupsFile, readPairsFile, writeGroupsFile, writePairsFile } from './files.ts';
export { formatCompetitionXml, formatPairs, formatPairStream, type FormatPairsOptions } from './format-pairs.ts';
export type { JudgedPair } from './judgement-graph.ts';
export { NearDuplicateIndex, nearDuplicateSets, type NearQuestion } from './near-duplicates.ts';
export { normalForm } from './normal-form.ts';
export type { Label, Pair, QuestionGroup, TextSource } from './pair.ts';
export { pairsOfGroup, type GroupPairOptions } from './pairs-of-group.ts';
export { readPairs, type PairFormat, type ReadPairsOptions } from './read-pairs.ts';
export { repairPairs, type Change, type Repair, type RepairOptions } from './repair.ts';
export { scoreLabels, type Scores } from './scores.ts';
export {
  foldGroups,
  foldPairs,
  planSplit,
  splitGroups,
  splitPairs,
  splitWarning,
  type DevSplitOptions,
  type Split,
  type SplitBy,
  type SplitOptions,
} from './split.ts';
export { describePairs, type Distribution, type LabelCounts, type PairStatistics } from './statistics.ts';
