import type { Adversarial } from './adversarial.ts';
import type { LabelledPair } from './batch.ts';
import type { Engine, TensorValues } from './engine.ts';
import type { BertConfig } from './config.ts';
import type { LossOptions } from './losses.ts';
import type { LossScaling } from './loss-scale.ts';
import type { Evaluation, PredictOptions } from './predict.ts';
import type { RunCheckpoint } from './run-checkpoint.ts';
import type { Task } from './step.ts';
import type { OptimizerOptions } from './update.ts';

/** The pairs of one epoch: the same each time, or made anew from the epoch's number (augmentation), always alike for the same number. */
export type PairSource = readonly LabelledPair[] | ((epoch: number) => readonly LabelledPair[]);

/** How long a run is. Only runs limited by epochs or steps can be repeated and resumed bit for bit. */
export type RunLimit = { readonly epochs: number } | { readonly steps: number } | { readonly minutes: number };

/** Everything that decides a run. */
export interface TrainOptions {
  readonly engine: Engine;
  readonly config: BertConfig;
  /**
   * The first weights, as `parameterSpecs` lists them for the task's heads, or a function that makes them, after which nothing holds on to them.
   * Not read when `resume` is given.
   */
  readonly parameters: TensorValues | (() => TensorValues | Promise<TensorValues>);
  readonly pairs: PairSource;
  /** Pairs to evaluate on; without them the last weights are the result. */
  readonly evaluationPairs?: readonly LabelledPair[];
  readonly limit: RunLimit;
  readonly seed: number;
  /** Pairs in one update; 32 by default. */
  readonly batchSize?: number;
  /** Pairs in one pass; `batchSize` by default. Smaller parts need less memory and give the same gradient. */
  readonly partSize?: number;
  /** Tokens of the longest pair there will be; measured where `pairs` is a list, `max_position_embeddings` where it is a function. The buffer of random masks grows with it. */
  readonly maxLength?: number;
  /** Indices of each batch of an epoch; by length by default, see `batchesByLength`. */
  readonly batches?: (lengths: ArrayLike<number>, epoch: number) => readonly (readonly number[])[];
  /** Pad batches to a multiple of this many tokens: fewer different sizes, for which a GPU keeps memory each. */
  readonly padToMultipleOf?: number;
  /** Show each pair in a random order of its sides. */
  readonly symmetric?: boolean;
  /** The highest learning rate. */
  readonly learningRate: number;
  /** Steps of warm-up (from 1 up), or their share of all steps (below 1); 0.1 by default. */
  readonly warmup?: number;
  readonly decay?: 'linear' | 'cosine' | 'constant';
  readonly task?: Task;
  readonly optimizer?: Partial<OptimizerOptions>;
  readonly loss?: LossOptions & {
    /** What each label's loss is multiplied by; the mean is weighted accordingly. */
    readonly classWeights?: readonly number[];
  };
  readonly rDrop?: number;
  readonly adversarial?: Adversarial;
  /** Decay of the average of weights that is evaluated and returned, such as 0.999; the early steps use (1 + t) / (10 + t) while that is smaller. */
  readonly averageDecay?: number;
  /** Scale the loss dynamically, as an engine with products in float16 needs; `{}` for the usual scale and interval. */
  readonly lossScaling?: Partial<LossScaling>;
  readonly recompute?: boolean;
  /** Steps between evaluations; an epoch by default. There is one more at the end. */
  readonly evaluateEvery?: number;
  readonly evaluation?: PredictOptions;
  /** Stop after so many evaluations without a better macro-F1. */
  readonly patience?: number;
  /** Where and how often checkpoints are written (every epoch by default); the newest `keep` stay, 2 by default. */
  readonly checkpoints?: { readonly folder: string; readonly every?: number; readonly keep?: number };
  /** Go on from a checkpoint of a run with the same options. */
  readonly resume?: RunCheckpoint;
  /** Stops the run at the next step, after a checkpoint. */
  readonly signal?: AbortSignal;
}

/** One update was made. */
export interface StepEvent {
  readonly event: 'step';
  readonly step: number;
  readonly epoch: number;
  /** All steps of the run, as far as known. */
  readonly totalSteps: number;
  readonly loss: number;
  /** With the joint task: the loss's two parts, and the share of pairs judged right. */
  readonly pairLoss?: number;
  readonly maskedLoss?: number;
  readonly pairAccuracy?: number;
  /** With masked tokens: the share of them predicted right, 0 to 1. */
  readonly maskedAccuracy?: number;
  readonly gradientNorm: number;
  /** With loss scaling: what the loss was multiplied by, and whether the gradients overflowed, so that nothing was updated. */
  readonly lossScale?: number;
  readonly skipped?: boolean;
  readonly learningRate: number;
  /** Tokens of this step, padding not counted, and positions with it. */
  readonly tokens: number;
  readonly positions: number;
  readonly seconds: number;
}

/** The weights were evaluated. */
export interface EvaluationEvent extends Evaluation {
  readonly event: 'evaluation';
  readonly step: number;
  readonly epoch: number;
  /** Are these the best weights so far, by macro-F1? */
  readonly best: boolean;
}

/** A checkpoint was written. */
export interface CheckpointEvent {
  readonly event: 'checkpoint';
  readonly step: number;
  readonly folder: string;
}

/** The run is over. */
export interface DoneEvent {
  readonly event: 'done';
  readonly step: number;
  readonly epoch: number;
  readonly reason: 'limit' | 'early-stop' | 'stopped';
  readonly seconds: number;
  readonly best: { readonly step: number; readonly macroF1: number } | null;
  /** The best weights by macro-F1 on the evaluation pairs, or the last ones without such pairs. */
  readonly parameters: TensorValues;
}

/** What a run tells as it goes. */
export type TrainEvent = StepEvent | EvaluationEvent | CheckpointEvent | DoneEvent;
