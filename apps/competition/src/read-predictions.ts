import { type Prediction, parsePredictions, parseTestResults, readBytes } from '@samequestion/submission';

import { requireFile } from './run-folder.ts';
import { UsageError } from './usage-error.ts';

/**
 * Our `predictions.tsv`, or google's headerless `test_results.tsv` in the test file's order.
 *
 * @param qids The test file's, where there is one: the second format needs them, and both must have exactly them.
 * @throws {UsageError | SubmissionError}
 */
export async function readAnyPredictions(
  option: string,
  file: string,
  qids: readonly string[] | undefined,
): Promise<readonly Prediction[]> {
  const path = await requireFile(option, file);
  const bytes = await readBytes('readPredictions', path);
  const start = Buffer.from(bytes.subarray(0, 32))
    .toString('utf8')
    .replace(/^\uFEFF/u, '');
  if (start.startsWith('qid') || qids === undefined) return checked(parsePredictions(bytes, { source: path }), option, file, qids);
  return checked(parseTestResults(bytes, qids, { source: path }), option, file, qids);
}

function checked(
  predictions: readonly Prediction[],
  option: string,
  file: string,
  qids: readonly string[] | undefined,
): readonly Prediction[] {
  if (qids === undefined) return predictions;
  const known = new Set(predictions.map(({ qid }) => qid));
  const missing = qids.find((qid) => !known.has(qid));
  if (missing === undefined && known.size === qids.length) return predictions;
  const what = missing === undefined ? `${known.size} predictions for ${qids.length} test rows` : `no prediction for qid ${missing}`;
  throw new UsageError(`${option}: expected one prediction for each row of --test, ${file} has ${what}. Do the files belong together?`);
}
