import { appendFile, writeFile } from 'node:fs/promises';

import { type DoneEvent, type Engine, type EvaluationEvent, type StepEvent, type TrainEvent, train } from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import { lengthSortedBatches } from '@samequestion/tokenizer';

import { encodeLabelled } from './encode-pairs.ts';
import { type Progress, showProgress } from './progress.ts';
import type { StartModel } from './start-model.ts';
import type { TrainingOptions } from './training-options.ts';
import { StoppedError } from './usage-error.ts';

export interface TrainModelOptions {
  readonly start: StartModel;
  readonly train: readonly Pair[];
  readonly dev: readonly Pair[];
  readonly engine: Engine;
  readonly settings: TrainingSettings;
  /** Where events go, one JSON line each. */
  readonly log: string;
  readonly signal: AbortSignal;
}

/** The settings of a run, defaults filled in. */
export interface TrainingSettings {
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly maxLength: number;
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

/** Fills in what the user left open: few pairs are shown more often than many; random weights need a higher rate than trained ones. */
export function trainingSettings(options: TrainingOptions, pairs: number): TrainingSettings {
  const stepsPerEpoch = Math.max(1, Math.ceil(pairs / options.batchSize));
  return {
    seed: options.seed,
    epochs: options.epochs ?? Math.min(mostEpochs, Math.max(1, Math.round(leastSteps / stepsPerEpoch))),
    batchSize: options.batchSize,
    learningRate: options.learningRate ?? (options.init === undefined ? 5e-4 : 1e-4),
    maxLength: options.maxLength,
  };
}

/** Trains, logs every event and shows progress. @throws {StoppedError} If the user stopped the run. */
export async function trainModel(options: TrainModelOptions): Promise<TrainedModel> {
  const { start, settings, engine, signal } = options;
  const maxLength = Math.min(settings.maxLength, start.config.max_position_embeddings);
  const events = train({
    engine,
    config: start.config,
    parameters: start.parameters,
    pairs: encodeLabelled(start.tokenizer, options.train, maxLength),
    evaluationPairs: encodeLabelled(start.tokenizer, options.dev, maxLength),
    evaluation: { batchSize: 64 },
    limit: { epochs: settings.epochs },
    seed: settings.seed,
    batchSize: settings.batchSize,
    batches: (lengths, epoch) => lengthSortedBatches(lengths, { batchSize: settings.batchSize, seed: settings.seed, epoch }),
    symmetric: true,
    learningRate: settings.learningRate,
    maxLength,
    signal,
  });
  await writeFile(options.log, '');
  return follow(events, options.log);
}

async function follow(events: AsyncIterable<TrainEvent>, log: string): Promise<TrainedModel> {
  const steps: StepEvent[] = [];
  const evaluations: EvaluationEvent[] = [];
  let progress: Progress | undefined;
  let tokens = 0;
  let seconds = 0;
  try {
    for await (const event of events) {
      await appendFile(log, `${JSON.stringify(logged(event))}\n`);
      if (event.event === 'step') {
        steps.push(event);
        tokens += event.tokens;
        seconds += event.seconds;
        progress ??= showProgress({ label: 'training', total: event.totalSteps, unit: 'steps' });
        progress.update(event.step, stepNote(event, evaluations.at(-1), tokens / seconds));
      } else if (event.event === 'evaluation') evaluations.push(event);
      else if (event.event === 'done') {
        if (event.reason === 'stopped')
          throw new StoppedError(`Stopped after ${event.step} steps. ${log} has what was logged; the model was not written.`);
        return { done: event, steps, evaluations };
      }
    }
  } finally {
    progress?.stop();
  }
  throw new Error('train: expected a last event, got none.');
}

function stepNote({ loss }: StepEvent, evaluation: EvaluationEvent | undefined, tokensPerSecond: number): string {
  const score = evaluation === undefined ? '' : ` · dev macro-F1 ${evaluation.macroF1.toFixed(4)}`;
  return `loss ${loss.toFixed(3)} · ${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s${score}`;
}

/** An event as it is logged: without weights, with the rate. */
function logged(event: TrainEvent): Record<string, unknown> {
  if (event.event === 'done') return { ...event, parameters: undefined };
  if (event.event === 'step') return { ...event, tokensPerSecond: Math.round(event.tokens / event.seconds) };
  return { ...event };
}
