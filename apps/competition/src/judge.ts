import { type Engine, type Evaluation, type LoadedModel, type Predictor, createPredictor, loadModel } from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import type { Tokenizer } from '@samequestion/tokenizer';

import { type EngineOptions, chooseEngine } from './choose-engine.ts';
import type { Context } from './context.ts';
import { describeLoading } from './describe-loading.ts';
import { encodeLabelled } from './encode-pairs.ts';
import { findModelFolder } from './hub-model.ts';
import { showJudging } from './progress.ts';
import { readTokenizer } from './tokenizer-folder.ts';

/** A model folder, loaded and compiled. */
export interface Judge {
  readonly model: LoadedModel;
  readonly tokenizer: Tokenizer;
  readonly predictor: Predictor;
  /** Tokens of a pair at most: the model's positions, or fewer if asked. */
  readonly maxLength: number;
  dispose(): Promise<void>;
}

/** Loads a model folder, or a model of the Hub, on the engine that the options ask for. @throws {UsageError | ModelError | CheckpointError | VocabularyError} */
export async function openJudge(name: string, options: EngineOptions, context: Context): Promise<Judge> {
  const folder = await findModelFolder('--model', name);
  const tokenizer = await readTokenizer(folder);
  const model = await loadModel(folder);
  const { engine, reason } = await chooseEngine(options);
  context.say(`engine: ${reason}`);
  if (model.extra.length > 0) context.say(`model: ${name}${describeLoading(model)}`);
  return { ...(await judgeOn(engine, model, tokenizer)), dispose: () => engine.dispose() };
}

/** A loaded model on an engine. */
export async function judgeOn(engine: Engine, model: LoadedModel, tokenizer: Tokenizer): Promise<Judge> {
  const predictor = await createPredictor(engine, model.config, model.parameters);
  return { model, tokenizer, predictor, maxLength: model.config.max_position_embeddings, dispose: () => predictor.dispose() };
}

/** How labelled pairs are judged. */
export interface JudgeLabelledOptions {
  /** What the progress says: "evaluating". */
  readonly label: string;
  /** Judge both orders and take the mean. */
  readonly symmetric: boolean;
  readonly signal: AbortSignal;
}

/** Judges labelled pairs with progress, and scores the judgements. @throws {StoppedError} */
export async function judgeLabelled(
  { predictor, tokenizer, maxLength }: Judge,
  pairs: readonly Pair[],
  { label, symmetric, signal }: JudgeLabelledOptions,
): Promise<Evaluation> {
  const { onProgress, stop } = showJudging(label, pairs.length, signal);
  try {
    return await predictor.evaluate(encodeLabelled(tokenizer, pairs, maxLength), { symmetric, onProgress });
  } finally {
    stop();
  }
}
