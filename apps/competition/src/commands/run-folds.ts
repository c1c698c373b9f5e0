import { appendFile, rm, writeFile } from 'node:fs/promises';

import { type Pair, type Scores, writePairsFile } from '@samequestion/pairs';
import { type Prediction, writePredictions } from '@samequestion/submission';

import { type EngineChoice, chooseEngine } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { fitModel, saveAnswers } from '../fit-model.ts';
import { type FoldResult, combineFolds, foldFolder, foldWeight, isFinished, outOfFold, outOfFoldScores, readFold } from '../folds.ts';
import { hashInputs, writeManifest } from '../manifest.ts';
import { pairRules } from '../pair-rules.ts';
import { foldsReport } from '../report/folds-report.ts';
import { renderReport } from '../report/page.ts';
import type { Mistake, ReportScore } from '../report/report-data.ts';
import { prepareOutputFolder, writeAtomically } from '../run-folder.ts';
import type { StartModel } from '../start-model.ts';
import { beginRun, startOrGoOn } from '../run-start.ts';
import { describeTest, mistakesOf, scoreModel, scoresOn } from '../score-test.ts';
import { type TrainingSettings, trainingSettings } from '../train-model.ts';
import { type Corpus, type TrainingData, foldCorpus, readCorpus } from '../training-data.ts';
import { StoppedError, UsageError } from '../usage-error.ts';
import { type RunPlan, runFiles, sayFiles, sayModel, withEngine } from './run.ts';

/** Everything that is known at the end of a run with folds. */
export interface FoldsSummary {
  readonly plan: RunPlan;
  readonly corpus: Corpus;
  readonly folds: readonly FoldResult[];
  readonly settings: TrainingSettings;
  /** What every fold began with. */
  readonly start: StartModel | undefined;
  readonly reason: string;
  /** Models and baselines, out of fold. */
  readonly outOfFold: readonly ReportScore[];
  /** What decides: the ensemble on the labelled test file, or else the out-of-fold scores. */
  readonly scores: readonly ReportScore[];
  readonly scoredOn: string;
  readonly deciding: Scores;
  readonly mistakes: readonly Mistake[];
  readonly seconds: number;
}

/** `samequestion run --folds K`: K models, each judged on the part it has not seen, and one submission from all. */
export async function runFolds(plan: RunPlan): Promise<unknown> {
  const started = performance.now();
  const { options, inputs, folder, test, context } = plan;
  if (inputs.dev !== undefined) throw new UsageError('--folds: expected no --dev beside it: each fold is evaluated on its own part.');
  const rules = pairRules(options);
  const corpus = await readCorpus('--train', inputs.train, rules);
  const parts = foldCorpus(corpus, options.folds ?? 0, rules);
  sayParts(context, corpus, parts);
  const settings = trainingSettings(options, parts[0]?.train.length ?? 0);
  const choice = await chooseEngine(options);
  context.say(`engine   ${choice.reason}`);
  await beginRun(plan, { command: 'run', files: runFiles });
  const { folds, start } = await withEngine(choice.engine, () => fitFolds(plan, parts, { settings, choice }));
  const scores = outOfFoldScores(folds);
  const combined = test === undefined ? undefined : combineFolds(folds);
  const decided = decide({ folds, test: test?.labelled, combined, outOfFoldScores: scores });
  const seconds = (performance.now() - started) / 1000;
  const summary: FoldsSummary = { plan, corpus, folds, settings, start, reason: choice.reason, outOfFold: scores, ...decided, seconds };
  await saveFolds(summary, combined);
  saySummary(context, summary);
  return {
    folder: folder.root,
    scoredOn: summary.scoredOn,
    scores: summary.scores,
    outOfFold: scores,
    folds: folds.map(factsOf),
    rules,
    settings,
    seconds,
  };
}

interface FitFoldsOptions {
  readonly settings: TrainingSettings;
  readonly choice: EngineChoice;
}

async function fitFolds(
  plan: RunPlan,
  parts: readonly TrainingData[],
  { settings, choice: { engine, reason } }: FitFoldsOptions,
): Promise<{ readonly folds: readonly FoldResult[]; readonly start: StartModel | undefined }> {
  const { options, inputs, folder, goesOn, test, context } = plan;
  const keepLast = options.evaluateEvery === undefined && options.patience === undefined;
  const folds: FoldResult[] = [];
  const [first] = parts;
  // All folds begin with the same weights, so the vocabulary is that of all pairs.
  const everything: readonly Pair[] = first === undefined ? [] : [...first.train, ...first.dev];
  let begin: StartModel | undefined;
  for (const [index, data] of parts.entries()) {
    const fold = index + 1;
    const own = foldFolder(folder, fold);
    await prepareOutputFolder(own.root);
    if (!goesOn) await forget(own.manifest, own.checkpoints);
    const start = await startOrGoOn({ options, folder: own, goesOn }, everything);
    begin = start;
    if (fold === 1) sayModel(context, start, settings);
    if (await isFinished(own)) {
      context.say(`fold ${fold}   finished before, kept`);
    } else {
      context.say(
        `fold ${fold}   of ${parts.length}: ${data.train.length.toLocaleString('en')} pairs train, ${data.dev.length.toLocaleString('en')} its own`,
      );
      const notes = { fold, folds: parts.length };
      await fitModel({ folder: own, inputs, data, test, start, settings, engine, reason, context, notes, goesOn, keepLast }).catch(
        (error: unknown) => {
          if (!(error instanceof StoppedError)) throw error;
          const kept = fold === 1 ? 'no fold is finished yet' : fold === 2 ? 'fold 1 is kept' : `folds 1 to ${fold - 1} are kept`;
          throw new StoppedError(
            `Stopped in fold ${fold} of ${parts.length}; ${kept}. Go on with: samequestion run --resume ${folder.root}`,
          );
        },
      );
    }
    const result = await readFold(fold, own, { data, test });
    folds.push(result);
    context.say(
      `fold ${fold}   macro-F1 ${result.own.macroF1.toFixed(4)} on its own part (character overlap ${result.overlap.macroF1.toFixed(4)})`,
    );
  }
  return { folds, start: begin };
}

async function forget(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}

interface DecideOptions {
  readonly folds: readonly FoldResult[];
  readonly test: readonly Pair[] | undefined;
  readonly combined: readonly Prediction[] | undefined;
  readonly outOfFoldScores: readonly ReportScore[];
}

function decide({
  folds,
  test,
  combined,
  outOfFoldScores: scores,
}: DecideOptions): Pick<FoldsSummary, 'scores' | 'scoredOn' | 'deciding' | 'mistakes'> {
  const { pairs, predictions } = outOfFold(folds);
  if (test === undefined || combined === undefined) {
    const scoredOn = `all ${pairs.length.toLocaleString('en')} pairs out of fold, each judged by the model that has not seen its questions`;
    return { scores, scoredOn, deciding: scoreModel(pairs, predictions), mistakes: mistakesOf(pairs, predictions) };
  }
  const [ensemble, ...baselines] = scoresOn(test, combined, pairs);
  const singles = folds.map(({ fold, test: own }) => ({
    name: `fold ${fold} alone`,
    macroF1: own?.macroF1 ?? 0,
    accuracy: own?.accuracy ?? 0,
  }));
  return {
    scores: [...(ensemble === undefined ? [] : [{ ...ensemble, name: 'the ensemble' }]), ...singles, ...baselines],
    scoredOn: describeTest(test.length),
    deciding: scoreModel(test, combined),
    mistakes: mistakesOf(test, combined),
  };
}

async function saveFolds(summary: FoldsSummary, combined: readonly Prediction[] | undefined): Promise<void> {
  const { plan, folds, corpus, settings, start, reason } = summary;
  const { folder, test, inputs, options } = plan;
  const { pairs, predictions } = outOfFold(folds);
  await prepareOutputFolder(folder.data);
  await writePairsFile(folder.dev, pairs);
  await writePredictions(folder.devPredictions, predictions);
  if (test !== undefined && combined !== undefined) await saveAnswers(folder, test, combined);
  await writeFile(folder.log, '');
  for (const fold of folds) await appendFile(folder.log, `${JSON.stringify({ event: 'fold', ...factsOf(fold) })}\n`);
  await writeAtomically(folder.report, renderReport(foldsReport(summary)));
  await writeManifest(folder.manifest, reason, {
    ...(options.preset === undefined ? {} : { preset: options.preset }),
    settings: {
      ...settings,
      origin: start?.origin,
      folds: folds.length,
      rules: pairRules(options),
      config: start?.config,
    },
    inputs: await hashInputs(inputs),
    counts: corpus.counts,
    pairs: { all: pairs.length },
    scores: summary.scores,
    scoredOn: summary.scoredOn,
    dev: { scores: summary.outOfFold },
    ensemble: { method: 'weighted-mean', weights: 'out-of-fold macro-F1' },
    folds: folds.map(factsOf),
    threshold: { rule: 'fixed', threshold: 0.5 },
    durations: { seconds: summary.seconds },
  });
}

/** What a log line, the manifest and `--json` say about a fold. */
function factsOf(result: FoldResult): Readonly<Record<string, unknown>> {
  const { fold, folder, data, own, overlap, near, test, steps, seconds, startSha256 } = result;
  return {
    fold,
    folder: folder.root,
    trainPairs: data.train.length,
    pairs: data.dev.length,
    macroF1: own.macroF1,
    accuracy: own.accuracy,
    overlapMacroF1: overlap.macroF1,
    near,
    weight: foldWeight(result),
    testMacroF1: test?.macroF1,
    steps,
    seconds,
    startSha256,
  };
}

function sayParts(context: Context, { counts }: Corpus, parts: readonly TrainingData[]): void {
  const sizes = parts.map(({ dev }) => dev.length.toLocaleString('en')).join(', ');
  const groups =
    counts === undefined ? '' : ` from ${counts.groups.toLocaleString('en')} groups (${counts.components.toLocaleString('en')} components)`;
  context.say(`pairs    ${parts.length} folds of ${sizes}${groups}`);
  const shared = parts.reduce((sum, { corpus }) => sum + corpus.audit.sharedQuestions.count, 0);
  const near = parts.reduce((sum, { corpus }) => sum + corpus.audit.nearDevPairs.length, 0);
  context.say(`audit    ${shared} questions shared between any fold and the others, ${near} pairs with a near duplicate in another fold`);
}

function saySummary(context: Context, { plan, scores, scoredOn, outOfFold: own, seconds }: FoldsSummary): void {
  const lines = (list: readonly ReportScore[]): void => {
    for (const { name, macroF1, accuracy } of list)
      context.say(`  ${name.padEnd(20)} ${macroF1.toFixed(4)}   accuracy ${accuracy.toFixed(4)}`);
  };
  context.say('');
  if (scores !== own) {
    context.say('macro-F1 out of fold:');
    lines(own);
  }
  context.say(`macro-F1 on ${scoredOn}:`);
  lines(scores);
  context.say('');
  sayFiles(context, plan.folder, { seconds, model: false, submission: plan.test !== undefined });
}
