import type { PairTokenTypes } from '@samequestion/bert';

import type { EngineOptions } from './choose-engine.ts';

/** What the command line says about training. */
export interface TrainingOptions extends EngineOptions {
  readonly seed: number;
  readonly epochs?: number;
  readonly batchSize: number;
  readonly learningRate?: number;
  readonly maxLength: number;
  readonly init?: string;
  readonly vocab?: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly tokenTypes?: PairTokenTypes;
  readonly devShare: number;
}
