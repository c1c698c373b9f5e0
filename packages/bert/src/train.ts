import { createPredictor } from './predict.ts';
import { writeRunCheckpoint } from './run-checkpoint.ts';
import { type Run, currentParameters, startRun, stateToKeep } from './run.ts';
import { epochData } from './train-data.ts';
import type { TrainEvent, TrainOptions } from './train-options.ts';
import { isOver } from './train-settings.ts';
import { updateFromBatch } from './train-update.ts';

/**
 * Fine-tunes a model: an iterator of events, the last of which (`done`) brings the weights.
 *
 * The numbers depend on options and seed alone; with `checkpoints`, a run that was stopped anywhere goes on (`resume`) to the same weights,
 * bit for bit, on the same machine and engine. Stop reading the iterator to stop the run.
 *
 * @throws {ModelError} If parameters, pairs or checkpoint do not fit, or the loss is no longer a number.
 * @throws {RangeError} If an adversarial perturbation is lost in rounding.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, undefined> {
  const run = await startRun(options);
  try {
    yield* trainingLoop(run);
  } finally {
    await run.program.dispose();
    await run.predictor?.dispose();
  }
}

async function* trainingLoop(run: Run): AsyncGenerator<TrainEvent, void, undefined> {
  const { options, trainer } = run;
  const { limit, checkpoints, patience = Number.POSITIVE_INFINITY } = options;
  let data = epochData(options, trainer.epoch);
  run.stepsPerEpoch = data.batches.length;
  if (checkpoints !== undefined && options.resume === undefined) yield await writeCheckpoint(run);
  let reason: 'limit' | 'early-stop' | 'stopped' = 'limit';
  while (!isOver(limit, trainer, run.stepsPerEpoch)) {
    if (options.signal?.aborted === true) reason = 'stopped';
    else if (trainer.evaluationsWithoutGain >= patience) reason = 'early-stop';
    if (reason !== 'limit') break;
    if (trainer.batchOfEpoch >= data.batches.length) {
      trainer.epoch++;
      trainer.batchOfEpoch = 0;
      data = epochData(options, trainer.epoch);
    }
    yield await updateFromBatch(run, data.batches[trainer.batchOfEpoch] ?? []);
    if (trainer.step % (options.evaluateEvery ?? run.stepsPerEpoch) === 0) yield* evaluateRun(run);
    if (checkpoints !== undefined && trainer.step % (checkpoints.every ?? run.stepsPerEpoch) === 0) yield await writeCheckpoint(run);
  }
  if (reason !== 'stopped' && run.evaluated !== trainer.step) yield* evaluateRun(run);
  if (checkpoints !== undefined) yield await writeCheckpoint(run);
  const { step, epoch, seconds, best } = trainer;
  yield { event: 'done', step, epoch, reason, seconds, best, parameters: run.best ?? (await currentParameters(run)) };
}

async function* evaluateRun(run: Run): AsyncGenerator<TrainEvent, void, undefined> {
  const { options, trainer } = run;
  run.evaluated = trainer.step;
  if (options.evaluationPairs === undefined || options.evaluationPairs.length === 0 || run.step.task === 'masked-language-model') return;
  const parameters = await currentParameters(run);
  if (run.predictor === undefined) run.predictor = await createPredictor(options.engine, options.config, parameters);
  else await run.predictor.load(parameters);
  const metrics = await run.predictor.evaluate(options.evaluationPairs, options.evaluation);
  const best = trainer.best === null || metrics.macroF1 > trainer.best.macroF1;
  if (best) {
    trainer.best = { step: trainer.step, macroF1: metrics.macroF1 };
    run.best = parameters;
  }
  trainer.evaluationsWithoutGain = best ? 0 : trainer.evaluationsWithoutGain + 1;
  yield { event: 'evaluation', step: trainer.step, epoch: trainer.epoch, best, ...metrics };
}

async function writeCheckpoint(run: Run): Promise<TrainEvent> {
  const { options, trainer } = run;
  const { folder, keep = 2 } = options.checkpoints as { folder: string; keep?: number };
  const best = Object.entries(run.best ?? {}).map(([name, value]) => [`best.${name}`, value]);
  const state = { ...(await stateToKeep(run)), ...Object.fromEntries(best) };
  return { event: 'checkpoint', step: trainer.step, folder: await writeRunCheckpoint(folder, { trainer, state }, keep) };
}
