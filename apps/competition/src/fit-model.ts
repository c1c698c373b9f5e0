import { type Engine, type LoadedModel, saveModel } from '@samequestion/bert';
import { writePairsFile } from '@samequestion/pairs';
import { type Prediction, writePredictions, writeSubmission } from '@samequestion/submission';
import { tokenizerFiles } from '@samequestion/tokenizer';

import { judgeRows } from './commands/predict.ts';
import type { Context } from './context.ts';
import { judgeOn } from './judge.ts';
import { hashInputs, hashWeights, writeManifest } from './manifest.ts';
import { renderReport } from './report/page.ts';
import { runReport } from './report/run-report.ts';
import { type Robustness, measureRobustness } from './robustness.ts';
import { type RunFolder, prepareOutputFolder, writeAtomically } from './run-folder.ts';
import type { Inputs, TestSet } from './run-inputs.ts';
import { type DecidingScores, decidingPairs, scoreTest } from './score-test.ts';
import type { StartModel } from './start-model.ts';
import { type TrainedModel, type TrainingSettings, trainModel } from './train-model.ts';
import type { TrainingData } from './training-data.ts';
import { StoppedError } from './usage-error.ts';

export interface FitOptions {
  readonly folder: RunFolder;
  readonly inputs: Inputs;
  readonly data: TrainingData;
  readonly test: TestSet | undefined;
  readonly start: StartModel;
  readonly settings: TrainingSettings;
  readonly engine: Engine;
  /** One line: which engine, and why. */
  readonly reason: string;
  readonly context: Context;
  /** What the manifest says beside all else. */
  readonly notes?: Readonly<Record<string, unknown>>;
  /** Keep the last weights: the dev part decides nothing, so that its score is one on unseen pairs. */
  readonly keepLast?: boolean;
  /** Does training go on from the newest checkpoint in the folder? */
  readonly goesOn?: boolean;
}

/** Everything that is known at the end of a run. */
export interface RunSummary extends FitOptions {
  readonly trained: TrainedModel;
  readonly scores: DecidingScores;
  readonly predictions: readonly Prediction[] | undefined;
  readonly devPredictions: readonly Prediction[];
  /** The model under attack, on the pairs that decide. */
  readonly robustness: Robustness;
  readonly seconds: number;
  readonly trainingSeconds: number;
}

/** Trains one model and fills its run folder: parts, model, log, predictions, submission, report, and at last the manifest. @throws {StoppedError} */
export async function fitModel(options: FitOptions): Promise<RunSummary> {
  const { folder, data, test, start, settings, engine, context } = options;
  const started = performance.now();
  await saveParts(folder, data);
  const trained = await trainModel({
    start,
    train: data.train,
    dev: options.keepLast === true ? [] : data.dev,
    engine,
    settings,
    folder,
    goesOn: options.goesOn === true,
    command: 'run',
    signal: context.signal,
    say: context.say,
  });
  const trainingSeconds = (performance.now() - started) / 1000;
  await saveModel(
    folder.model,
    { config: start.config, parameters: trained.done.parameters },
    { ...tokenizerFiles(start.tokenizer, { maxLength: settings.maxLength }) },
  );
  const judged = await judgeAll(options, trained).catch((error: unknown) => {
    if (!(error instanceof StoppedError)) throw error;
    throw new StoppedError(`Stopped while predicting; ${folder.model} is kept. Go on with: samequestion run --resume ${folder.root}`);
  });
  await writePredictions(folder.devPredictions, judged.devPredictions);
  if (test !== undefined && judged.predictions !== undefined) await saveAnswers(folder, test, judged.predictions);
  const scores = scoreTest({ data, test, ...judged });
  const seconds = (performance.now() - started) / 1000;
  const summary: RunSummary = { ...options, trained, scores, ...judged, seconds, trainingSeconds };
  await writeAtomically(folder.report, renderReport(runReport(summary)));
  await writeRunManifest(summary);
  return summary;
}

type Judged = Pick<RunSummary, 'predictions' | 'devPredictions' | 'robustness'>;

/** Judges the test file, the dev part, whose rows count from 1, and the pairs that decide under attack. */
async function judgeAll({ engine, start, data, test, settings, context }: FitOptions, { done }: TrainedModel): Promise<Judged> {
  const model: LoadedModel = {
    config: start.config,
    parameters: done.parameters,
    heads: { classifier: true, maskedLanguageModel: false },
    file: 'model.safetensors',
    initialised: [],
    extra: [],
  };
  const judge = await judgeOn(engine, model, start.tokenizer);
  try {
    const how = { signal: context.signal, logits: false, symmetric: settings.symmetric === true };
    const devRows = data.dev.map(({ question1, question2 }, index) => ({ qid: String(index + 1), question1, question2 }));
    const predictions = test === undefined ? undefined : await judgeRows(judge, test.rows, how);
    const devPredictions = await judgeRows(judge, devRows, how);
    const robustness = await measureRobustness(judge, decidingPairs(data, test), { ...how, seed: settings.seed });
    return { predictions, devPredictions, robustness };
  } finally {
    await judge.dispose();
  }
}

async function saveParts(folder: RunFolder, { train, dev }: TrainingData): Promise<void> {
  await prepareOutputFolder(folder.data);
  await writePairsFile(folder.train, train);
  await writePairsFile(folder.dev, dev);
}

/** Writes predictions and submission. */
export async function saveAnswers(folder: RunFolder, test: TestSet, predictions: readonly Prediction[]): Promise<void> {
  await writePredictions(folder.predictions, predictions);
  await writeSubmission(folder.result, predictions, test.format);
}

async function writeRunManifest(summary: RunSummary): Promise<void> {
  const { inputs, data, settings, start, scores, reason, seconds, trainingSeconds, folder, trained } = summary;
  await writeManifest(folder.manifest, reason, {
    ...summary.notes,
    settings: { ...settings, origin: start.origin, rules: data.rules, config: start.config },
    start: { origin: start.origin, sha256: start.sha256 ?? hashWeights(start.parameters) },
    inputs: await hashInputs(inputs),
    pairs: { train: data.train.length, dev: data.dev.length },
    audit: data.corpus.audit,
    warning: data.warning,
    scores: scores.scores,
    scoredOn: scores.scoredOn,
    dev: { scores: scores.dev, near: scores.near },
    robustness: summary.robustness,
    threshold: { rule: 'fixed', threshold: 0.5 },
    steps: trained.done.step,
    durations: { seconds, trainingSeconds },
  });
}
