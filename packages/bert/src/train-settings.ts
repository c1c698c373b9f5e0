import { dropoutRates, largestWindow } from './dropout.ts';
import type { TrainerState } from './run-checkpoint.ts';
import type { Schedule } from './schedule.ts';
import type { StepOptions } from './step.ts';
import { LOSS_SCALING } from './loss-scale.ts';
import type { TrainOptions } from './train-options.ts';
import { BERT_OPTIMIZER } from './update.ts';

/** What a run's steps compute. */
export function stepOptionsOf(options: TrainOptions): StepOptions {
  const { config, loss, batchSize = 32 } = options;
  const size = Math.min(options.partSize ?? batchSize, batchSize);
  const pairs = typeof options.pairs === 'function' ? undefined : options.pairs;
  const longest =
    options.maxLength ?? pairs?.reduce((length, { ids }) => Math.max(length, ids.length), 1) ?? config.max_position_embeddings;
  const multiple = options.padToMultipleOf ?? 1;
  const padded = Math.max(longest, Math.min(Math.ceil(longest / multiple) * multiple, config.max_position_embeddings));
  return {
    config,
    task: options.task ?? 'classification',
    optimizer: { ...BERT_OPTIMIZER, ...options.optimizer },
    ...(loss === undefined ? {} : { loss }),
    rDrop: options.rDrop ?? 0,
    adversarial: options.adversarial,
    accumulate: size < batchSize,
    average: options.averageDecay !== undefined,
    ...(options.lossScaling === undefined ? {} : { lossScaling: { ...LOSS_SCALING, ...options.lossScaling } }),
    recompute: options.recompute === true,
    window: dropoutRates(config).length > 0 ? largestWindow(config, size, padded) : 0,
  };
}

/** Everything that decides the numbers, as plain data: what a resumed run must share with the one it continues. */
export function settingsOf(options: TrainOptions, step: StepOptions): Record<string, unknown> {
  const { limit, seed, batchSize = 32, partSize = batchSize, symmetric = false, learningRate, warmup = 0.1, decay = 'linear' } = options;
  const { averageDecay = null, evaluateEvery = null, patience = null } = options;
  const pairs = typeof options.pairs === 'function' ? 'by epoch' : options.pairs.length;
  const settings = {
    ...step,
    limit,
    seed,
    batchSize,
    partSize,
    symmetric,
    learningRate,
    warmup,
    decay,
    averageDecay,
    evaluateEvery,
    patience,
    pairs,
  };
  return JSON.parse(JSON.stringify(settings)) as Record<string, unknown>;
}

/** One line that names the settings that differ, before and now. */
export function differingSettings(before: unknown, now: Record<string, unknown>): string {
  const old = (before ?? {}) as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
  return keys.map((key) => `${key} ${JSON.stringify(old[key])?.slice(0, 60)} → ${JSON.stringify(now[key])?.slice(0, 60)}`).join(', ');
}

/** The learning rates of a run, as far as its length is known. */
export function scheduleOf(options: TrainOptions, trainer: TrainerState, stepsPerEpoch: number): Schedule {
  const { limit, warmup = 0.1, decay = 'linear', learningRate } = options;
  const totalSteps = totalStepsOf(limit, trainer, stepsPerEpoch);
  return { learningRate, warmupSteps: warmup >= 1 ? warmup : Math.round(warmup * totalSteps), totalSteps, decay };
}

/** The steps of a whole run; for one limited by time, as its pace so far has it. */
function totalStepsOf(limit: TrainOptions['limit'], trainer: TrainerState, stepsPerEpoch: number): number {
  if ('epochs' in limit) return Math.ceil(limit.epochs * stepsPerEpoch);
  if ('steps' in limit) return limit.steps;
  return trainer.step === 0 ? 1000 : Math.max(trainer.step + 1, Math.round((trainer.step * limit.minutes * 60) / trainer.seconds));
}

/** Has a run reached its limit? */
export function isOver(limit: TrainOptions['limit'], trainer: TrainerState, stepsPerEpoch: number): boolean {
  return 'minutes' in limit ? trainer.seconds >= limit.minutes * 60 : trainer.step >= totalStepsOf(limit, trainer, stepsPerEpoch);
}
