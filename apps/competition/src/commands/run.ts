import { type Engine } from '@samequestion/bert';

import { chooseEngine } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { type RunSummary, fitModel } from '../fit-model.ts';
import { type PairRuleOptions, pairRules } from '../pair-rules.ts';
import { formatDuration } from '../progress.ts';
import { describeRobustness } from '../robustness.ts';
import type { RunFolder } from '../run-folder.ts';
import { type InputOptions, type Inputs, type TestSet, inputFiles, readTestSet } from '../run-inputs.ts';
import { type RunStart, beginRun, openRun, startOrGoOn } from '../run-start.ts';
import type { StartModel } from '../start-model.ts';
import { type TrainingSettings, describeSettings, trainingSettings } from '../train-model.ts';
import { readTrainingData, sayData } from '../training-data.ts';
import type { TrainingOptions } from '../training-options.ts';

export interface RunOptions extends TrainingOptions, InputOptions, Omit<PairRuleOptions, 'seed' | 'devShare'> {
  readonly out?: string;
  readonly folds?: number;
  readonly preset?: string;
}

/** What `run` needs, with or without folds. */
export interface RunPlan extends RunStart<RunOptions> {
  readonly inputs: Inputs;
  readonly test: TestSet | undefined;
  readonly context: Context;
}

const command = 'run';
/** Options of `run` that name files which must not change between sessions. */
export const runFiles: readonly string[] = ['train', 'dev', 'test', 'testLabels', 'sampleSubmission', 'vocab'];

/** `samequestion run`: everything, into one folder. */
export async function run(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const asked = given as unknown as RunOptions;
  const out = asked.out ?? `runs/${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
  const beginning = await openRun(asked, { command, out });
  const { options } = beginning;
  const inputs = inputFiles(options);
  pairRules(options);
  const test = inputs.test === undefined ? undefined : await readTestSet(inputs, inputs.test);
  const plan: RunPlan = { ...beginning, inputs, test, context };
  return options.folds === undefined ? runOnce(plan) : (await import('./run-folds.ts')).runFolds(plan);
}

async function runOnce(plan: RunPlan): Promise<unknown> {
  const { options, inputs, folder, goesOn, test, context } = plan;
  const started = performance.now();
  const data = await readTrainingData({ train: inputs.train, dev: inputs.dev, rules: pairRules(options) });
  sayData(context, data);
  const start = await startOrGoOn(plan, data.train);
  const settings = trainingSettings(options, data.train.length);
  const { engine, reason } = await chooseEngine(options);
  context.say(`engine   ${reason}`);
  sayModel(context, start, settings);
  await beginRun(plan, { command, files: runFiles });
  const notes = options.preset === undefined ? {} : { preset: options.preset };
  const summary = await withEngine(engine, () =>
    fitModel({ folder, inputs, data, test, start, settings, engine, reason, context, notes, goesOn }),
  );
  sayResult(context, summary, (performance.now() - started) / 1000);
  return resultOf(summary);
}

/** Says what is trained, and how. */
export function sayModel(context: Context, { origin }: StartModel, settings: TrainingSettings): void {
  context.say(`model    ${origin}; ${describeSettings(settings)}`);
}

/** Uses an engine and disposes of it, whatever happens. */
export async function withEngine<Result>(engine: Engine, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } finally {
    await engine.dispose();
  }
}

function sayResult(context: Context, { folder, scores, robustness, data, test }: RunSummary, seconds: number): void {
  context.say('');
  context.say(`macro-F1 on ${scores.scoredOn}:`);
  for (const { name, macroF1, accuracy } of scores.scores)
    context.say(`  ${name.padEnd(20)} ${macroF1.toFixed(4)}   accuracy ${accuracy.toFixed(4)}`);
  context.say('the same pairs under attack:');
  for (const line of describeRobustness(robustness)) context.say(line);
  if (scores.near !== undefined) {
    const { pairs, macroF1, others } = scores.near;
    context.say(
      `dev pairs with a near duplicate in train (${pairs.toLocaleString('en')}): ${macroF1.toFixed(4)}; all other dev pairs: ${others.macroF1.toFixed(4)}`,
    );
  }
  if (data.warning !== undefined) context.say(`!!!!  ${data.warning}`);
  context.say('');
  sayFiles(context, folder, { seconds, model: true, submission: test !== undefined });
}

export interface FilesToSay {
  readonly seconds: number;
  readonly model: boolean;
  readonly submission: boolean;
}

/** The last lines of a run: where everything is. */
export function sayFiles(context: Context, folder: RunFolder, { seconds, model, submission }: FilesToSay): void {
  context.say(`done in ${formatDuration(seconds)}`);
  if (model) context.say(`  model       ${folder.model}`);
  if (submission) context.say(`  submission  ${folder.result}`);
  context.say(`  report      ${folder.report}`);
}

function resultOf({ folder, scores, robustness, settings, trained, seconds, data }: RunSummary): unknown {
  return {
    folder: folder.root,
    scoredOn: scores.scoredOn,
    scores: scores.scores,
    dev: trained.evaluations.find(({ step }) => step === trained.done.best?.step),
    near: scores.near,
    robustness,
    audit: data.corpus.audit,
    warning: data.warning,
    settings,
    rules: data.rules,
    steps: trained.done.step,
    seconds,
  };
}
