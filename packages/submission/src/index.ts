export { agreementOf, combinePredictions, type Agreement, type EnsembleMember, type EnsembleMethod } from './ensemble.ts';
export { readBytes, readPredictions, readSampleFormat, readSubmission, readTestFile, writePredictions, writeSubmission } from './files.ts';
export { formatPredictions, parsePredictions, parseTestResults, type Prediction } from './predictions.ts';
export { checkTestFile, openPredictions, streamTestFile, type PredictionsWriter } from './stream.ts';
export { SubmissionError, type SubmissionPlace } from './submission-error.ts';
export {
  competitionFormat,
  formatOfSample,
  formatSubmission,
  parseSubmission,
  type Answer,
  type Label,
  type SubmissionFormat,
} from './submission-file.ts';
export type { FileContent } from './table.ts';
export { parseTestFile, type TestRow } from './test-file.ts';
export { applyThreshold, fixedThreshold, labelsFor, macroF1, thresholdForShare, tuneThreshold, type Threshold } from './threshold.ts';
export { validateSubmission, type Deviation, type DeviationKind, type Validation, type ValidationReference } from './validate.ts';
