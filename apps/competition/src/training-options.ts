import type { PairTokenTypes } from '@samequestion/bert';

import type { EngineOptions } from './choose-engine.ts';

/** What the command line says about training. */
export interface TrainingOptions extends EngineOptions, FineTuningOptions {
  readonly seed: number;
  readonly epochs?: number;
  readonly steps?: number;
  readonly minutes?: number;
  readonly batchSize: number;
  readonly learningRate?: number;
  readonly maxLength: number;
  readonly init?: string;
  readonly vocab?: string;
  readonly layers?: number;
  readonly hidden?: number;
  readonly heads?: number;
  readonly tokenTypes?: PairTokenTypes;
  readonly devShare: number;
  /** Steps between evaluations; an epoch by default. */
  readonly evaluateEvery?: number;
  readonly patience?: number;
  /** Steps between checkpoints; an epoch by default, 0 for none. */
  readonly checkpointEvery?: number;
  readonly keepCheckpoints?: number;
  /** The folder of a run to go on with. */
  readonly resume?: string;
  /** Show each pair in its given order alone. */
  readonly fixedOrder?: boolean;
  /** Judge both orders of each pair and take the mean. */
  readonly symmetric?: boolean;
  /** An augmentation recipe for the training pairs. */
  readonly augment?: string;
  /** The share of the training pairs that is shown edited, drawn anew each epoch. */
  readonly augmentShare?: number;
  readonly augmentRate?: number;
}

/** What the command line says about loss, optimizer and memory. */
export interface FineTuningOptions {
  readonly labelSmoothing?: number;
  readonly focal?: number;
  readonly rDrop?: number;
  readonly classWeights?: readonly number[];
  readonly adversarial?: 'fgm' | 'pgd' | 'freelb';
  readonly epsilon?: number;
  readonly adversarialSteps?: number;
  readonly adversarialRate?: number;
  readonly adversarialNorm?: 'example' | 'matrix';
  readonly layerDecay?: number;
  readonly freeze?: number;
  readonly weightDecay?: number;
  readonly biasCorrection?: boolean;
  readonly clipNorm?: number;
  readonly warmup?: number;
  readonly decay?: 'linear' | 'cosine' | 'constant';
  /** Parts that a batch is computed in. */
  readonly accumulate?: number;
  readonly ema?: number;
  readonly recompute?: boolean;
  readonly dropout?: number;
}
