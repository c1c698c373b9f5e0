import { appendFile } from 'node:fs/promises';

import {
  type DoneEvent,
  type Engine,
  type EvaluationEvent,
  type RunLimit,
  type StepEvent,
  type TrainEvent,
  train,
} from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import { lengthSortedBatches } from '@samequestion/tokenizer';

import { type AugmentationSettings, requireRecipe, trainingPairs } from './augment-training.ts';
import { encodeLabelled } from './encode-pairs.ts';
import { type FineTuning, defined, describeFineTuning, fineTuning } from './fine-tuning.ts';
import { miniRecipe } from './mini-recipe.ts';
import { type Progress, showProgress } from './progress.ts';
import type { RunFolder } from './run-folder.ts';
import { keepStart, newest } from './run-start.ts';
import { type StartModel, startName } from './start-model.ts';
import type { TrainingOptions } from './training-options.ts';
import { type Logged, logged, startLog } from './training-log.ts';
import { StoppedError, UsageError } from './usage-error.ts';

export interface TrainModelOptions {
  readonly start: StartModel;
  readonly train: readonly Pair[];
  /** Without pairs nothing is evaluated, and the last weights are kept. */
  readonly dev: readonly Pair[];
  readonly engine: Engine;
  readonly settings: TrainingSettings;
  /** Where events go, one JSON line each, and checkpoints. */
  readonly folder: RunFolder;
  /** Does the run go on from its newest checkpoint? */
  readonly goesOn?: boolean;
  /** The command that began the run, for the message that says how to go on. */
  readonly command?: string;
  readonly signal: AbortSignal;
  /** Prints a line for people. */
  readonly say?: (line: string) => void;
}

/** The settings of a run, defaults filled in. */
export interface TrainingSettings {
  readonly seed: number;
  readonly limit: RunLimit;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly maxLength: number;
  readonly fineTuning?: FineTuning;
  readonly augmentation?: AugmentationSettings | undefined;
  readonly evaluateEvery?: number | undefined;
  readonly patience?: number | undefined;
  /** Steps between checkpoints; an epoch by default, 0 for none. */
  readonly checkpointEvery?: number | undefined;
  readonly keepCheckpoints?: number | undefined;
  readonly fixedOrder?: boolean | undefined;
  /** Both orders of each pair are judged. */
  readonly symmetric?: boolean | undefined;
}

/** What a finished run leaves. */
export interface TrainedModel {
  readonly done: DoneEvent;
  readonly steps: readonly StepEvent[];
  readonly evaluations: readonly EvaluationEvent[];
}

/** Steps below which a run repeats its pairs until it has learned something. */
const leastSteps = 420;
const mostEpochs = 8;

/** Fills in what the user left open: few pairs are shown more often than many; random weights need a higher rate than trained ones. @throws {UsageError} */
export function trainingSettings(options: TrainingOptions, pairs: number): TrainingSettings {
  const stepsPerEpoch = Math.max(1, Math.ceil(pairs / options.batchSize));
  const start = startName(options);
  const mini = start === 'mini';
  const usualEpochs = Math.min(mostEpochs, Math.max(mini ? miniRecipe.leastEpochs : 1, Math.round(leastSteps / stepsPerEpoch)));
  const usualRate = mini ? miniRecipe.learningRate : start === 'random' ? 5e-4 : 1e-4;
  return {
    seed: options.seed,
    limit: limitOf(options) ?? { epochs: usualEpochs },
    batchSize: options.batchSize,
    learningRate: options.learningRate ?? usualRate,
    maxLength: options.maxLength,
    fineTuning: {
      ...fineTuning({ ...(mini ? { classWeights: miniRecipe.classWeights } : {}), ...defined(options) }, options.batchSize),
      ...(options.precision === 'float16' ? { lossScaling: {} } : {}),
    },
    augmentation: augmentationOf({ augment: mini ? miniRecipe.augment : 'none', ...defined(options) }),
    evaluateEvery: options.evaluateEvery,
    patience: options.patience,
    checkpointEvery: options.checkpointEvery,
    keepCheckpoints: options.keepCheckpoints,
    fixedOrder: options.fixedOrder,
    symmetric: options.symmetric ?? mini,
  };
}

function limitOf({ epochs, steps, minutes }: TrainingOptions): RunLimit | undefined {
  const limits = [
    ...(epochs === undefined ? [] : [{ epochs }]),
    ...(steps === undefined ? [] : [{ steps }]),
    ...(minutes === undefined ? [] : [{ minutes }]),
  ];
  if (limits.length > 1) throw new UsageError('--epochs, --steps, --minutes: expected one of them, got more.');
  return limits[0];
}

function augmentationOf({
  augment = 'none',
  augmentShare: share = miniRecipe.augmentShare,
  augmentRate: rate,
}: Pick<TrainingOptions, 'augment' | 'augmentShare' | 'augmentRate'>): AugmentationSettings | undefined {
  if (augment === 'none') return undefined;
  return { recipe: requireRecipe('--augment', augment), share, ...defined({ rate }) };
}

/** `3 epochs`, `1,000 steps`. */
export function describeLimit(limit: RunLimit): string {
  const [[unit, value] = ['steps', 0]] = Object.entries(limit) as [string, number][];
  return `${value.toLocaleString('en')} ${value === 1 ? unit.slice(0, -1) : unit}`;
}

/** How a run trains, in one line. */
export function describeSettings({ limit, batchSize, learningRate, fineTuning: craft = {} }: TrainingSettings): string {
  return [describeLimit(limit), `batch ${batchSize}`, `rate ${learningRate}`, ...describeFineTuning(craft)].join(' · ');
}

/** Trains, logs every event and shows progress. A run that goes on takes up its newest checkpoint, if it wrote one. @throws {StoppedError} If the user stopped the run. */
export async function trainModel(options: TrainModelOptions): Promise<TrainedModel> {
  const { start, settings, engine, folder, say } = options;
  const maxLength = Math.min(settings.maxLength, start.config.max_position_embeddings);
  const resume = options.goesOn === true ? await newest(folder) : undefined;
  const { pairs, description } = await trainingPairs(options.train, { ...settings, tokenizer: start.tokenizer, maxLength });
  if (description !== undefined) say?.(`augment  ${description}`);
  if (resume === undefined && settings.checkpointEvery !== 0) await keepStart(folder, start);
  if (resume !== undefined) say?.(`goes on  after step ${resume.trainer.step.toLocaleString('en')}`);
  const events = train({
    engine,
    config: start.config,
    parameters: start.parameters,
    pairs,
    ...(options.dev.length === 0 ? {} : { evaluationPairs: encodeLabelled(start.tokenizer, options.dev, maxLength) }),
    evaluation: { batchSize: 64, symmetric: settings.symmetric === true },
    limit: settings.limit,
    seed: settings.seed,
    batchSize: settings.batchSize,
    batches: (lengths, epoch) => lengthSortedBatches(lengths, { batchSize: settings.batchSize, seed: settings.seed, epoch }),
    symmetric: settings.fixedOrder !== true,
    learningRate: settings.learningRate,
    maxLength,
    // A GPU keeps memory for every size that it has seen.
    ...(engine.name === 'onnx-webgpu' ? { padToMultipleOf: 16 } : {}),
    ...settings.fineTuning,
    ...defined({ evaluateEvery: settings.evaluateEvery, patience: settings.patience, resume }),
    ...(settings.checkpointEvery === 0 ? {} : { checkpoints: checkpointsOf(folder, settings) }),
    signal: options.signal,
  });
  const before = await startLog(folder.log, resume?.trainer.step);
  return follow(events, options, before);
}

function checkpointsOf(
  { checkpoints: folder }: RunFolder,
  { checkpointEvery: every, keepCheckpoints: keep }: TrainingSettings,
): { readonly folder: string; readonly every?: number; readonly keep?: number } {
  return { folder, ...defined({ every, keep }) };
}

async function follow(
  events: AsyncIterable<TrainEvent>,
  { folder: { log, root }, settings, command = 'train' }: TrainModelOptions,
  { steps, evaluations }: Logged,
): Promise<TrainedModel> {
  let progress: Progress | undefined;
  let tokens = 0;
  let seconds = 0;
  try {
    for await (const event of events) {
      const again = event.event === 'evaluation' && evaluations.some(({ step }) => step === event.step);
      if (!again) await appendFile(log, `${JSON.stringify(logged(event))}\n`);
      if (event.event === 'step') {
        steps.push(event);
        tokens += event.tokens;
        seconds += event.seconds;
        progress ??= showProgress({ label: 'training', total: event.totalSteps, unit: 'steps' });
        progress.update(event.step, stepNote(event, evaluations.at(-1), tokens / seconds));
      } else if (event.event === 'evaluation' && !again) evaluations.push(event);
      else if (event.event === 'done') {
        if (event.reason === 'stopped') {
          const how = settings.checkpointEvery === 0 ? 'there is no checkpoint' : `go on with: samequestion ${command} --resume ${root}`;
          throw new StoppedError(`Stopped after ${event.step} steps; ${how}`);
        }
        return { done: event, steps, evaluations };
      }
    }
  } finally {
    progress?.stop();
  }
  throw new Error('train: expected a last event, got none.');
}

function stepNote({ loss, lossScale }: StepEvent, evaluation: EvaluationEvent | undefined, tokensPerSecond: number): string {
  const score = evaluation === undefined ? '' : ` · dev macro-F1 ${evaluation.macroF1.toFixed(4)}`;
  const scale = lossScale === undefined ? '' : ` (scaled by ${lossScale.toLocaleString('en')})`;
  return `loss ${loss.toFixed(3)}${scale} · ${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s${score}`;
}
