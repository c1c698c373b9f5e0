export { readBytes, readPredictions, readSampleFormat, readSubmission, readTestFile, writePredictions, writeSubmission } from './files.ts';
export { formatPredictions, parsePredictions, parseTestResults, type Prediction } from './predictions.ts';
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
