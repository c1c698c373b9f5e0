import { saveModel } from '@samequestion/bert';
import { tokenizerFiles } from '@samequestion/tokenizer';

import { chooseEngine } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { hashWeights, writeManifest } from '../manifest.ts';
import { pairRules } from '../pair-rules.ts';
import { beginRun, openRun, startOrGoOn } from '../run-start.ts';
import { describeSettings, trainModel, trainingSettings } from '../train-model.ts';
import { readTrainingData, sayData } from '../training-data.ts';
import type { TrainingOptions } from '../training-options.ts';
import { UsageError } from '../usage-error.ts';
import { sayFlips } from './predict.ts';

interface TrainCommandOptions extends TrainingOptions {
  readonly train?: string;
  readonly dev?: string;
  readonly out?: string;
}

const command = 'train';
const files = ['train', 'dev', 'vocab'];

/** `samequestion train`: labelled pairs to a model folder. */
export async function train(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const run = await openRun(given as unknown as TrainCommandOptions, { command, out: outOf(given) });
  const { options, folder, goesOn } = run;
  const data = await readTrainingData({ train: options.train ?? '', dev: options.dev, rules: pairRules(options) });
  sayData(context, data);
  const settings = trainingSettings(options, data.train.length);
  const start = await startOrGoOn(run, data.train);
  const { engine, reason } = await chooseEngine(options);
  context.say(`engine   ${reason}`);
  context.say(`model    ${start.origin}`);
  context.say(`training ${data.train.length.toLocaleString('en')} pairs · ${describeSettings(settings)}`);
  try {
    await beginRun(run, { command, files });
    const { signal, say } = context;
    const { done, evaluations } = await trainModel({ start, ...data, engine, settings, folder, goesOn, command, signal, say });
    await saveModel(
      folder.model,
      { config: start.config, parameters: done.parameters },
      { ...tokenizerFiles(start.tokenizer, { maxLength: settings.maxLength }) },
    );
    await writeManifest(folder.manifest, reason, {
      settings: { ...settings, origin: start.origin, config: start.config },
      start: { origin: start.origin, sha256: start.sha256 ?? hashWeights(start.parameters) },
      steps: done.step,
      durations: { seconds: done.seconds },
    });
    const best = evaluations.find(({ step }) => step === done.best?.step);
    const flips = best?.orderFlipRate === undefined ? '' : `, ${sayFlips(best.orderFlipRate)}`;
    context.say(
      `dev macro-F1 ${done.best?.macroF1.toFixed(4) ?? '–'} after step ${done.best?.step ?? done.step}${flips} → ${folder.model}`,
    );
    return { steps: done.step, seconds: done.seconds, dev: best, settings, model: folder.model, log: folder.log };
  } finally {
    await engine.dispose();
  }
}

function outOf(given: Record<string, unknown>): string {
  const { train: pairs, out, resume } = given;
  if (typeof resume === 'string') return resume;
  if (typeof pairs !== 'string')
    throw new UsageError('--train: expected labelled pairs, got no file. Name one, or a run to go on with (--resume).');
  if (typeof out !== 'string') throw new UsageError('--out: expected a folder for the model, got none. Name one.');
  return out;
}
