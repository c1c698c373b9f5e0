import { dirname } from 'node:path';

import {
  type Answer,
  type Prediction,
  type Threshold,
  applyThreshold,
  fixedThreshold,
  readPredictions,
  readSubmission,
  readTestFile,
  thresholdForShare,
  tuneThreshold,
  writeSubmission,
} from '@samequestion/submission';
import { readPairsFile } from '@samequestion/pairs';

import type { Context } from '../context.ts';
import { readAnyPredictions } from '../read-predictions.ts';
import { hashFile, prepareOutputFolder, requireFile, writeAtomically } from '../run-folder.ts';
import { submissionFormat } from '../run-inputs.ts';
import { UsageError, stopIfAsked } from '../usage-error.ts';

interface SubmitOptions extends ThresholdOptions {
  readonly input: string;
  readonly test: string;
  readonly sampleSubmission?: string;
  readonly out: string;
}

interface ThresholdOptions {
  readonly threshold?: number;
  readonly positiveShare?: number;
  readonly tunePredictions?: string;
  readonly tuneLabels?: string;
}

/** `samequestion submit`: predictions to a submission. What decided is recorded beside it. */
export async function submit(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const options = given as unknown as SubmitOptions;
  const { input, test, sampleSubmission, out } = options;
  const rows = await readTestFile(await requireFile('--test', test));
  const qids = rows.map(({ qid }) => qid);
  const predictions = await readAnyPredictions('--input', input, qids);
  const format = await submissionFormat(qids, sampleSubmission);
  const threshold = await chooseThreshold(options, predictions);
  const answers = applyThreshold(predictions, threshold);
  stopIfAsked(context, 'nothing was written');
  await prepareOutputFolder(dirname(out));
  await writeSubmission(out, answers, format);
  const positives = answers.filter(({ label }) => label === 1).length;
  const result = {
    rows: answers.length,
    positives,
    threshold,
    file: out,
    sha256: await hashFile(out),
    input: { file: input, sha256: await hashFile(input) },
  };
  await writeAtomically(`${out}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
  context.say(`threshold ${threshold.threshold.toFixed(6)} (${describeThreshold(threshold)})`);
  context.say(`${answers.length.toLocaleString('en')} answers, ${positives.toLocaleString('en')} of them 1 → ${out}`);
  return result;
}

/** Fixed, tuned on labelled predictions, or set to reach a share of positives. @throws {UsageError} If more than one is asked for. */
async function chooseThreshold(options: ThresholdOptions, predictions: readonly Prediction[]): Promise<Threshold> {
  const { threshold, positiveShare, tunePredictions, tuneLabels } = options;
  const asked = Object.entries({ '--threshold': threshold, '--positive-share': positiveShare, '--tune-predictions': tunePredictions })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (asked.length > 1) throw new UsageError(`${asked.join(', ')}: expected one of them, got ${asked.length}.`);
  if ((tunePredictions === undefined) !== (tuneLabels === undefined))
    throw new UsageError('--tune-predictions, --tune-labels: expected both or none, got one of them.');
  if (positiveShare !== undefined) return thresholdForShare(predictions, positiveShare);
  if (tunePredictions === undefined || tuneLabels === undefined) return fixedThreshold(threshold ?? 0.5);
  const labelled = await readPredictions(await requireFile('--tune-predictions', tunePredictions));
  return tuneThreshold(labelled, await readTuningLabels(await requireFile('--tune-labels', tuneLabels)));
}

/** `qid label`, or labelled pairs whose rows count from 1, such as a run's `data/dev.tsv`. */
async function readTuningLabels(path: string): Promise<readonly Answer[]> {
  try {
    return await readSubmission(path);
  } catch (error) {
    const pairs = await readPairsFile(path).catch(() => undefined);
    if (pairs === undefined) throw error;
    return pairs.map(({ label }, index) => ({ qid: String(index + 1), label }));
  }
}

function describeThreshold(threshold: Threshold): string {
  if (threshold.rule === 'fixed') return 'fixed';
  if (threshold.rule === 'share')
    return `for ${(100 * threshold.wantedShare).toFixed(1)} % answers 1, reached ${(100 * threshold.share).toFixed(1)} %`;
  return `best macro-F1, ${threshold.macroF1.toFixed(4)} on ${threshold.tunedOn.toLocaleString('en')} labelled predictions`;
}
