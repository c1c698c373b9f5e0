export { overlapBaseline, majorityBaseline, scoreBaseline, characterOverlap, type Baseline } from './baselines.ts';
export { buildPairs, buildPairsFromStream, type BuildPairsOptions, type ConflictPolicy } from './build-pairs.ts';
export type { PairColumns } from './columns.ts';
export { readCompetitionXml, type CompetitionXmlOptions } from './competition-xml.ts';
export { findConflicts, repeatedPairs, type Conflicts, type RepeatedPair, type RepeatedQuestion } from './conflicts.ts';
export { countCorpus, type CorpusCounts } from './corpus-counts.ts';
export { CorpusError, type CorpusPlace } from './corpus-error.ts';
export { countDefects, type Defect, type DefectKind, type DefectListener } from './defect.ts';
export { editDistance } from './edit-distance.ts';
export { fileChunks, readGroupsFile, readPairsFile, writeGroupsFile, writePairsFile } from './files.ts';
export { formatCompetitionXml, formatPairs, type FormatPairsOptions } from './format-pairs.ts';
export { NearDuplicateIndex, nearDuplicateSets, type NearQuestion } from './near-duplicates.ts';
export { normalForm } from './normal-form.ts';
export type { Label, Pair, QuestionGroup, TextSource } from './pair.ts';
export { pairsOfGroup, type GroupPairOptions } from './pairs-of-group.ts';
export { readPairs, type PairFormat, type ReadPairsOptions } from './read-pairs.ts';
export { scoreLabels, type Scores } from './scores.ts';
export {
  foldGroups,
  foldPairs,
  planSplit,
  splitGroups,
  splitPairs,
  type DevSplitOptions,
  type Split,
  type SplitBy,
  type SplitOptions,
} from './split.ts';
