import {
  type Prediction,
  competitionFormat,
  parsePredictions,
  parseTestResults,
  readBytes,
  readSampleFormat,
  readTestFile,
  writeSubmission,
} from '@samequestion/submission';

import type { Context } from '../context.ts';
import { requireFile } from '../run-folder.ts';
import { UsageError } from '../usage-error.ts';

/** `samequestion submit`: predictions to a submission. */
export async function submit(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { input, test, sampleSubmission, out, threshold } = options as {
    input: string;
    test: string;
    sampleSubmission?: string;
    out: string;
    threshold: number;
  };
  const rows = await readTestFile(await requireFile('--test', test));
  const qids = rows.map(({ qid }) => qid);
  const predictions = await readAnyPredictions(await requireFile('--input', input), qids);
  checkSameRows(predictions, qids, input);
  const format =
    sampleSubmission === undefined
      ? { ...competitionFormat, qids }
      : await readSampleFormat(await requireFile('--sample-submission', sampleSubmission));
  const answers = predictions.map(({ qid, probability1 }) => ({ qid, label: probability1 >= threshold ? (1 as const) : (0 as const) }));
  await writeSubmission(out, answers, format);
  const positives = answers.filter(({ label }) => label === 1).length;
  context.say(`${answers.length.toLocaleString('en')} answers, ${positives.toLocaleString('en')} of them 1 → ${out}`);
  return { rows: answers.length, positives, threshold, file: out };
}

/** Our `predictions.tsv`, or google's headerless `test_results.tsv` in the test file's order. */
async function readAnyPredictions(path: string, qids: readonly string[]): Promise<readonly Prediction[]> {
  const bytes = await readBytes('submit', path);
  const ours = Buffer.from(bytes.subarray(0, 32))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .startsWith('qid');
  return ours ? parsePredictions(bytes, { source: path }) : parseTestResults(bytes, qids, { source: path });
}

function checkSameRows(predictions: readonly Prediction[], qids: readonly string[], input: string): void {
  const known = new Set(predictions.map(({ qid }) => qid));
  const missing = qids.find((qid) => !known.has(qid));
  if (missing !== undefined || known.size !== qids.length) {
    const what = missing === undefined ? `${known.size} predictions for ${qids.length} test rows` : `no prediction for qid ${missing}`;
    throw new UsageError(`--input: expected one prediction for each row of --test, ${input} has ${what}. Do the files belong together?`);
  }
}
