import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

import { type EvaluationEvent, type LoadedModel, saveModel } from '@samequestion/bert';
import { type CorpusReport, type Pair, refuseLeaks, reportCorpus, writePairsFile } from '@samequestion/pairs';
import {
  type Prediction,
  type SubmissionFormat,
  type TestRow,
  competitionFormat,
  readSampleFormat,
  readSubmission,
  readTestFile,
  writePredictions,
  writeSubmission,
} from '@samequestion/submission';
import { tokenizerFiles } from '@samequestion/tokenizer';

import { chooseEngine } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { judgeOn } from '../judge.ts';
import { formatDuration } from '../progress.ts';
import { renderReport } from '../report/page.ts';
import { runReport } from '../report/run-report.ts';
import { type RunFolder, hashFile, prepareOutputFolder, requireFile, runFolder, writeAtomically } from '../run-folder.ts';
import { type DecidingScores, scoreTest } from '../score-test.ts';
import { type StartModel, startModel } from '../start-model.ts';
import { type TrainedModel, type TrainingSettings, trainModel, trainingSettings } from '../train-model.ts';
import { type TrainingData, readTrainingData } from '../training-data.ts';
import type { TrainingOptions } from '../training-options.ts';
import { UsageError } from '../usage-error.ts';
import { judgeRows } from './predict.ts';

interface RunOptions extends TrainingOptions {
  readonly train?: string;
  readonly dev?: string;
  readonly test?: string;
  readonly testLabels?: string;
  readonly sampleSubmission?: string;
  readonly out?: string;
}

/** The files a run reads. */
interface Inputs {
  readonly train: string;
  readonly dev: string | undefined;
  readonly test: string | undefined;
  readonly testLabels: string | undefined;
  readonly sampleSubmission: string | undefined;
}

/** What stands in the test file and how its answers are to be written. */
export interface TestSet {
  readonly rows: readonly TestRow[];
  /** With the test file's labels, where they are known. */
  readonly labelled: readonly Pair[] | undefined;
  readonly format: SubmissionFormat;
}

/** `samequestion run`: everything, into one folder. */
export async function run(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const started = performance.now();
  const runOptions = options as unknown as RunOptions;
  const inputs = inputFiles(runOptions);
  const folder = runFolder(
    await prepareOutputFolder(runOptions.out ?? `runs/${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`),
  );
  const test = inputs.test === undefined ? undefined : await readTestSet(inputs, inputs.test);
  const data = await readTrainingData({ train: inputs.train, dev: inputs.dev, devShare: runOptions.devShare, seed: runOptions.seed });
  const corpus = reportCorpus(data.train, data.dev);
  refuseLeaks(corpus.audit);
  await saveParts(folder, data);
  sayData(context, data, corpus);
  const start = await startModel(runOptions, data.train);
  const settings = trainingSettings(runOptions, data.train.length);
  const { engine, reason } = await chooseEngine(runOptions);
  context.say(`engine   ${reason}`);
  context.say(`model    ${start.origin}; ${settings.epochs} epochs, batch ${settings.batchSize}, rate ${settings.learningRate}`);
  try {
    const trained = await trainModel({ start, ...data, engine, settings, log: folder.log, signal: context.signal });
    const trainingSeconds = (performance.now() - started) / 1000;
    await saveModel(
      folder.model,
      { config: start.config, parameters: trained.done.parameters },
      { ...tokenizerFiles(start.tokenizer, { maxLength: settings.maxLength }) },
    );
    const model: LoadedModel = {
      config: start.config,
      parameters: trained.done.parameters,
      heads: { classifier: true, maskedLanguageModel: false },
      file: 'model.safetensors',
      initialised: [],
      extra: [],
    };
    const judge = await judgeOn(engine, model, start.tokenizer);
    const predictions = test === undefined ? undefined : await judgeRows(judge, test.rows, { signal: context.signal, logits: false });
    const devPredictions = await judgeRows(
      judge,
      data.dev.map(({ question1, question2 }, index) => ({ qid: String(index), question1, question2 })),
      { signal: context.signal, logits: false },
    );
    if (test !== undefined && predictions !== undefined) await saveAnswers(folder, test, predictions);
    const scores = scoreTest({ data, test, predictions, devPredictions });
    const seconds = (performance.now() - started) / 1000;
    const summary: RunSummary = { inputs, folder, data, corpus, start, settings, trained, scores, reason, seconds, trainingSeconds };
    await writeManifest(summary);
    await writeAtomically(folder.report, renderReport(runReport(summary)));
    sayResult(context, summary, test);
    return resultOf(summary);
  } finally {
    await engine.dispose();
  }
}

/** Everything that is known at the end of a run. */
export interface RunSummary {
  readonly inputs: Inputs;
  readonly folder: RunFolder;
  readonly data: TrainingData;
  readonly corpus: CorpusReport;
  readonly start: StartModel;
  readonly settings: TrainingSettings;
  readonly trained: TrainedModel;
  readonly scores: DecidingScores;
  readonly reason: string;
  readonly seconds: number;
  readonly trainingSeconds: number;
}

function inputFiles(options: RunOptions): Inputs {
  const { train, dev, test, testLabels, sampleSubmission } = options;
  if (train === undefined && test === undefined) {
    const sample = (name: string): string => fileURLToPath(new URL(`../../../../data/sample/${name}`, import.meta.url));
    return {
      train: sample('train_set.xml'),
      dev,
      test: sample('test_set.csv'),
      testLabels: testLabels ?? sample('test_labels.tsv'),
      sampleSubmission: sampleSubmission ?? sample('sample_submission.csv'),
    };
  }
  if (train === undefined)
    throw new UsageError('--train: expected a training file beside --test, got none. Name both, or neither for the sample data.');
  if (test === undefined && (testLabels ?? sampleSubmission) !== undefined)
    throw new UsageError('--test: expected a test file beside --test-labels or --sample-submission, got none.');
  return { train, dev, test, testLabels, sampleSubmission };
}

async function readTestSet({ testLabels, sampleSubmission }: Inputs, path: string): Promise<TestSet> {
  const rows = await readTestFile(await requireFile('--test', path));
  if (rows.length === 0) throw new UsageError(`--test: expected rows of qid, question1, question2, ${path} has none.`);
  const qids = rows.map(({ qid }) => qid);
  const format =
    sampleSubmission === undefined
      ? { ...competitionFormat, qids }
      : await readSampleFormat(await requireFile('--sample-submission', sampleSubmission));
  const known = new Set(qids);
  const strange = format.qids?.find((qid) => !known.has(qid));
  if (strange !== undefined || format.qids?.length !== rows.length) {
    const what =
      strange === undefined ? `${format.qids?.length ?? 0} rows for ${rows.length}` : `qid ${strange}, which the test file lacks`;
    throw new UsageError(`--sample-submission: expected the test file's qids, got ${what}. Do the files belong together?`);
  }
  const labelled = testLabels === undefined ? undefined : await readLabels(await requireFile('--test-labels', testLabels), rows);
  return { rows, labelled, format };
}

async function readLabels(path: string, rows: readonly TestRow[]): Promise<readonly Pair[]> {
  const labels = new Map((await readSubmission(path)).map(({ qid, label }) => [qid, label]));
  return rows.map(({ qid, question1, question2 }) => {
    const label = labels.get(qid);
    if (label === undefined)
      throw new UsageError(`--test-labels: expected a label for every row of the test file, got none for qid ${qid}.`);
    return { question1, question2, label };
  });
}

async function saveParts(folder: RunFolder, { train, dev }: TrainingData): Promise<void> {
  await prepareOutputFolder(`${folder.root}/data`);
  await writePairsFile(folder.train, train);
  await writePairsFile(folder.dev, dev);
}

async function saveAnswers(folder: RunFolder, test: TestSet, predictions: readonly Prediction[]): Promise<void> {
  await writePredictions(folder.predictions, predictions);
  await writeSubmission(folder.result, predictions, test.format);
}

async function writeManifest(summary: RunSummary): Promise<void> {
  const { inputs, settings, start, scores, reason, seconds, trainingSeconds, folder } = summary;
  const files = Object.entries(inputs).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const hashed = await Promise.all(files.map(async ([name, path]) => [name, { path, sha256: await hashFile(path) }] as const));
  const manifest = {
    created: new Date().toISOString(),
    settings: { ...settings, origin: start.origin, config: start.config },
    inputs: Object.fromEntries(hashed),
    scores: scores.scores,
    scoredOn: scores.scoredOn,
    versions: { node: process.version, ...packageVersions },
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      engine: reason,
    },
    durations: { seconds, trainingSeconds },
  };
  await writeFile(folder.manifest, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

const packageVersions = { samequestion: '0.1.0' };

function sayData(context: Context, { train, dev, counts }: TrainingData, { audit }: CorpusReport): void {
  const groups =
    counts === undefined ? '' : ` from ${counts.groups.toLocaleString('en')} groups (${counts.components.toLocaleString('en')} components)`;
  context.say(`pairs    ${train.length.toLocaleString('en')} train, ${dev.length.toLocaleString('en')} dev${groups}`);
  context.say(
    `audit    ${audit.sharedQuestions.count} shared questions, ${audit.sharedPairs.count} shared pairs, ${audit.nearDevPairs.length} dev pairs with a near duplicate in train`,
  );
}

function sayResult(context: Context, { folder, scores, seconds }: RunSummary, test: TestSet | undefined): void {
  context.say('');
  context.say(`macro-F1 on ${scores.scoredOn}:`);
  for (const { name, macroF1, accuracy } of scores.scores)
    context.say(`  ${name.padEnd(20)} ${macroF1.toFixed(4)}   accuracy ${accuracy.toFixed(4)}`);
  context.say('');
  context.say(`done in ${formatDuration(seconds)}`);
  context.say(`  model       ${folder.model}`);
  if (test !== undefined) context.say(`  submission  ${folder.result}`);
  context.say(`  report      ${folder.report}`);
}

function resultOf({ folder, scores, settings, trained, seconds, corpus }: RunSummary): unknown {
  const best = trained.evaluations.find(({ step }: EvaluationEvent) => step === trained.done.best?.step);
  return {
    folder: folder.root,
    scoredOn: scores.scoredOn,
    scores: scores.scores,
    dev: best,
    audit: corpus.audit,
    settings,
    steps: trained.done.step,
    seconds,
  };
}
