import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Label, type Pair, type Scores, majorityBaseline, overlapBaseline, scoreBaseline, scoreLabels } from '@samequestion/pairs';
import { type EnsembleMember, type Prediction, combinePredictions, readPredictions } from '@samequestion/submission';

import { readManifest } from './manifest.ts';
import type { LossPoint, ReportScore } from './report/report-data.ts';
import { type RunFolder, runFolder } from './run-folder.ts';
import type { TestSet } from './run-inputs.ts';
import { type NearScores, scoreModel } from './score-test.ts';
import type { TrainingData } from './training-data.ts';
import { UsageError } from './usage-error.ts';

/** A finished fold, as its run folder tells. */
export interface FoldResult {
  /** From 1. */
  readonly fold: number;
  readonly folder: RunFolder;
  readonly data: TrainingData;
  readonly devPredictions: readonly Prediction[];
  /** On its own part, which it has not seen. */
  readonly own: Scores;
  /** Both baselines on the same part. */
  readonly overlap: Scores;
  readonly near: NearScores | undefined;
  /** What it says about the test file. */
  readonly predictions: readonly Prediction[] | undefined;
  /** On the test file, where labels are known. */
  readonly test: Scores | undefined;
  readonly losses: readonly LossPoint[];
  readonly steps: number;
  readonly seconds: number;
  /** SHA-256 of the weights that it began with. */
  readonly startSha256: string;
}

/** The run folder of a fold, which counts from 1. */
export function foldFolder({ root }: RunFolder, fold: number): RunFolder {
  return runFolder(join(root, `fold-${fold}`));
}

/** Whether a fold is complete. */
export async function isFinished(folder: RunFolder): Promise<boolean> {
  return (await readManifest(folder.manifest))?.['finished'] !== undefined;
}

/** Reads a finished fold back; a fold of this session and one of an earlier session take the same way. @throws {UsageError | SubmissionError} */
export async function readFold(
  fold: number,
  folder: RunFolder,
  { data, test }: { readonly data: TrainingData; readonly test: TestSet | undefined },
): Promise<FoldResult> {
  const manifest = (await readManifest(folder.manifest)) ?? {};
  const devPredictions = await readPredictions(folder.devPredictions);
  if (devPredictions.length !== data.dev.length)
    throw new UsageError(
      `${folder.devPredictions}: expected ${data.dev.length} predictions, got ${devPredictions.length}. Remove ${folder.root}, and the fold is trained again.`,
    );
  const predictions = test === undefined ? undefined : await readPredictions(folder.predictions);
  const labelled = test?.labelled;
  const durations = manifest['durations'] as { readonly seconds?: number } | undefined;
  return {
    fold,
    folder,
    data,
    devPredictions,
    own: scoreModel(data.dev, devPredictions),
    overlap: scoreBaseline(overlapBaseline(data.train), data.dev),
    near: (manifest['dev'] as { readonly near?: NearScores } | undefined)?.near,
    predictions,
    test: labelled === undefined || predictions === undefined ? undefined : scoreModel(labelled, predictions),
    losses: await readLosses(folder.log),
    steps: Number(manifest['steps'] ?? 0),
    seconds: durations?.seconds ?? 0,
    startSha256: String((manifest['start'] as { readonly sha256?: string } | undefined)?.sha256 ?? ''),
  };
}

async function readLosses(log: string): Promise<LossPoint[]> {
  const events = (await readFile(log, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map(
      (line) => JSON.parse(line) as { readonly event: string; readonly step: number; readonly loss: number; readonly learningRate: number },
    );
  return events.filter(({ event }) => event === 'step').map(({ step, loss, learningRate }) => ({ step, loss, learningRate }));
}

/** The weight of a fold in the ensemble: its out-of-fold macro-F1. Weights must be positive. */
export function foldWeight({ own }: FoldResult): number {
  return Math.max(own.macroF1, Number.EPSILON);
}

/** The folds' test predictions as one. */
export function combineFolds(folds: readonly FoldResult[]): readonly Prediction[] {
  const members: readonly EnsembleMember[] = folds.map((fold) => ({
    name: fold.folder.predictions,
    predictions: fold.predictions ?? [],
    weight: foldWeight(fold),
  }));
  return combinePredictions(members, 'weighted-mean');
}

/** All pairs, each with the prediction of the model that has not seen it; rows count from 1 through all folds. */
export function outOfFold(folds: readonly FoldResult[]): { readonly pairs: readonly Pair[]; readonly predictions: readonly Prediction[] } {
  const pairs = folds.flatMap(({ data }) => data.dev);
  const predictions = folds.flatMap(({ devPredictions }) => devPredictions);
  return { pairs, predictions: predictions.map((prediction, index) => ({ ...prediction, qid: String(index + 1) })) };
}

/** Out-of-fold scores of the models and of both baselines, all pairs together. */
export function outOfFoldScores(folds: readonly FoldResult[]): ReportScore[] {
  const { pairs, predictions } = outOfFold(folds);
  const labels = pairs.map(({ label }) => label);
  const baseline = (judge: (data: TrainingData) => { predict(question1: string, question2: string): Label }): Scores => {
    const answers = folds.flatMap(({ data }) => {
      const fitted = judge(data);
      return data.dev.map(({ question1, question2 }) => fitted.predict(question1, question2));
    });
    return scoreLabels(labels, answers);
  };
  const named = (name: string, { macroF1, accuracy }: Scores): ReportScore => ({ name, macroF1, accuracy });
  return [
    named('these models', scoreModel(pairs, predictions)),
    named(
      'character overlap',
      baseline(({ train }) => overlapBaseline(train)),
    ),
    named(
      'majority',
      baseline(({ train }) => majorityBaseline(train)),
    ),
  ];
}
