import { mkdir } from 'node:fs/promises';

import { saveModel } from '@samequestion/bert';
import { tokenizerFiles } from '@samequestion/tokenizer';

import { chooseEngine } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { prepareOutputFolder, runFolder } from '../run-folder.ts';
import { startModel } from '../start-model.ts';
import { trainModel, trainingSettings } from '../train-model.ts';
import { readTrainingData } from '../training-data.ts';
import type { TrainingOptions } from '../training-options.ts';

/** `samequestion train`: labelled pairs to a model folder. */
export async function train(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { train: trainFile, dev, out } = options as { train: string; dev?: string; out: string };
  const training = options as unknown as TrainingOptions;
  const data = await readTrainingData({ train: trainFile, dev, devShare: training.devShare, seed: training.seed });
  const start = await startModel(training, data.train);
  const folder = runFolder(await prepareOutputFolder(out));
  const settings = trainingSettings(training, data.train.length);
  const { engine, reason } = await chooseEngine(training);
  context.say(`engine: ${reason}`);
  context.say(
    `${start.origin} · ${data.train.length.toLocaleString('en')} pairs · ${settings.epochs} epochs · batch ${settings.batchSize} · rate ${settings.learningRate}`,
  );
  try {
    await mkdir(folder.root, { recursive: true });
    const { done, evaluations } = await trainModel({ start, ...data, engine, settings, log: folder.log, signal: context.signal });
    await saveModel(
      folder.model,
      { config: start.config, parameters: done.parameters },
      { ...tokenizerFiles(start.tokenizer, { maxLength: settings.maxLength }) },
    );
    const best = evaluations.find(({ step }) => step === done.best?.step);
    context.say(`dev macro-F1 ${done.best?.macroF1.toFixed(4) ?? '–'} after step ${done.best?.step ?? done.step} → ${folder.model}`);
    return { steps: done.step, seconds: done.seconds, dev: best, settings, model: folder.model, log: folder.log };
  } finally {
    await engine.dispose();
  }
}
