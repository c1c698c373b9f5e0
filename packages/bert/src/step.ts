import * as tf from '@tensorflow/tfjs';
import { type Adversarial, type PassGradients, adversarialGradients, adversarialPasses, scatterRows } from './adversarial.ts';
import type { BertConfig } from './config.ts';
import { DROPOUT_OFFSETS, bufferedDropout, dropoutRates, noiseSpecs, sitesPerPass } from './dropout.ts';
import type { Signature, Step, TensorSpec, Tensors } from './engine.ts';
import { valueAndGradients } from './gradients.ts';
import { type LossOptions, disagreement, weightedAccuracy, weightedLoss } from './losses.ts';
import { type LossScaling, isFiniteNorm, lossScaleNames, lossScaleSpecs, nextLossScale } from './loss-scale.ts';
import { type EncodeOptions, type Encoded, classify, encode, pairLogits, predictTokens, readsFirstTokenOnly, wordRows } from './model.ts';
import { type Heads, depthOf, parameterSpecs, trainableNames } from './parameters.ts';
import type { TokenInputs } from './token-types.ts';
import { type OptimizerOptions, globalNorm, slotNames, sumWithState, update } from './update.ts';

const WORDS = 'bert.embeddings.word_embeddings.weight';

/** What a step learns: the judgement of pairs, masked tokens, or both at once (the losses are added). */
export type Task = 'classification' | 'masked-language-model' | 'joint';

/** Everything that decides what a training step computes. */
export interface StepOptions {
  readonly config: BertConfig;
  readonly task: Task;
  readonly optimizer: OptimizerOptions;
  readonly loss?: LossOptions;
  /** R-Drop's weight α; 0 for one pass. */
  readonly rDrop?: number;
  readonly adversarial?: Adversarial | undefined;
  /** Batches are parts of larger ones: the step sums gradients in its state (from 0 where `keep` is 0) and updates nothing. See `HostOptimizer`. */
  readonly accumulate?: boolean;
  /** Keep an exponential moving average of the parameters in the state. */
  readonly average?: boolean;
  /** Scale the loss, for products in float16; the scale is part of the state. */
  readonly lossScaling?: LossScaling | undefined;
  readonly recompute?: boolean;
  /** The largest dropout window of any batch; see `largestWindow`. */
  readonly window: number;
}

/** The heads that a task trains. */
export function headsOf(task: Task): Heads {
  return { classifier: task !== 'masked-language-model', maskedLanguageModel: task !== 'classification' };
}

/** The parameters that a step changes. */
export function trainedNames(options: StepOptions): readonly string[] {
  const { frozenLayers } = options.optimizer;
  const names = trainableNames(parameterSpecs(options.config, headsOf(options.task)));
  return frozenLayers === undefined ? names : names.filter((name) => depthOf(name, options.config) > frozenLayers);
}

/** How many dropout sites a whole step has. */
export function dropoutSites(options: StepOptions): number {
  return sitesPerPass(options.config) * forwardsPerPass(options) * adversarialPasses(options.adversarial);
}

/** The state that starts at zero: moments, or the sums of gradients. */
export function zeroStateSpecs(options: StepOptions): Readonly<Record<string, TensorSpec>> {
  const specs = parameterSpecs(options.config, headsOf(options.task));
  const kinds = options.accumulate === true ? [slotNames.accumulated] : [slotNames.firstMoment, slotNames.secondMoment];
  return Object.fromEntries(trainedNames(options).flatMap((name) => kinds.map((kind) => [kind(name), specs[name] as TensorSpec])));
}

/** The parameters whose moving average the step keeps in its state. */
export function averagedNames(options: StepOptions): readonly string[] {
  return options.average === true && options.accumulate !== true ? trainedNames(options) : [];
}

/** Shapes of a training step's state and batch. */
export function trainingSignature(options: StepOptions): Signature {
  const { config, task } = options;
  const parameters = parameterSpecs(config, headsOf(task));
  const averages = averagedNames(options).map((name) => [slotNames.average(name), parameters[name] as TensorSpec]);
  const batch: Record<string, TensorSpec> = { ...INPUTS };
  if (task !== 'masked-language-model')
    Object.assign(batch, { labels: { dtype: 'int32', shape: ['batch'] }, weights: { dtype: 'float32', shape: ['batch'] } });
  if (task !== 'classification') Object.assign(batch, MASKED);
  if (options.accumulate === true) batch['keep'] = SCALAR;
  else {
    batch['learning_rate'] = SCALAR;
    if (options.optimizer.biasCorrection) Object.assign(batch, { correction1: SCALAR, correction2: SCALAR });
    if (options.average === true) batch['average_decay'] = SCALAR;
  }
  if (dropoutRates(config).length > 0) batch[DROPOUT_OFFSETS] = { dtype: 'int32', shape: [dropoutSites(options)] };
  return {
    state: {
      ...parameters,
      ...zeroStateSpecs(options),
      ...Object.fromEntries(averages),
      ...lossScaleSpecs(options.lossScaling),
      ...noiseSpecs(config, options.window),
    },
    batch,
  };
}

/** Shapes of a prediction's state and batch. */
export function predictionSignature(config: BertConfig): Signature {
  return { state: parameterSpecs(config), batch: INPUTS };
}

/** The prediction step: `input_ids`, `token_type_ids`, `attention_mask` to `logits`, `[B, C]`. */
export function predictionStep(config: BertConfig): Step {
  return (state, batch) => ({ state: {}, outputs: { logits: pairLogits(state, tokenInputs(batch), config) } });
}

/**
 * The training step: forward, loss, gradients, clipping, AdamW, and what the options add, as one pure function.
 *
 * Outputs are scalars: `loss`; `gradient_norm` (before clipping); with `'joint'` also `pair_loss`, `masked_loss` and `pair_accuracy`; with masked
 * tokens `masked_accuracy` (accuracies are sums of the weights of what was right, as losses are weighted sums); with adversarial
 * training `rounding_error`, see `AdversarialResult`; with loss scaling `loss_scale`, as this step used it.
 */
export function trainingStep(options: StepOptions): Step {
  return (state, batch) => {
    const { gradients, outputs } = stepGradients(options, state, batch);
    const scale = lossScaleOf(options, state);
    if (options.accumulate === true) {
      const sums = sumWithState(gradients, { state, keep: batch['keep'] as tf.Tensor, scale });
      const next = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [slotNames.accumulated(name), sum]));
      return { state: next, outputs: { ...outputs, gradient_norm: globalNorm(Object.values(sums)) } };
    }
    const length = globalNorm(Object.values(gradients));
    const norm = scale === undefined ? length : tf.div(length, scale);
    const finite = scale === undefined ? undefined : isFiniteNorm(norm);
    const nextScale = options.lossScaling === undefined ? {} : nextLossScale(state, finite as tf.Tensor, options.lossScaling);
    return {
      state: { ...update(options, { state, batch, gradients, norm, scale, finite }), ...nextScale },
      outputs: { ...outputs, gradient_norm: norm },
    };
  };
}

function lossScaleOf({ lossScaling }: StepOptions, state: Tensors): tf.Tensor | undefined {
  return lossScaling === undefined ? undefined : (state[lossScaleNames.scale] as tf.Tensor);
}

/** The gradients of one batch by trained parameter, times the loss scale where there is one, and the losses. */
export function stepGradients(
  options: StepOptions,
  state: Tensors,
  batch: Tensors,
): { readonly gradients: Record<string, tf.Tensor>; readonly outputs: Record<string, tf.Tensor> } {
  const { config } = options;
  const names = trainedNames(options);
  const tied = options.task !== 'classification' && names.includes(WORDS);
  const by = Object.fromEntries(names.filter((name) => name !== WORDS || tied).map((name) => [name, state[name] as tf.Tensor]));
  const rows = wordRows(state, batch['input_ids'] as tf.Tensor);
  const needsRows = names.includes(WORDS) || options.adversarial !== undefined;
  const parts: Record<string, tf.Tensor> = {};
  const scale = lossScaleOf(options, state);
  const run = (from: tf.Tensor, pass: number): PassGradients => {
    const wanted = needsRows ? { ...by, rows: from } : by;
    const { value, gradients } = valueAndGradients(() => passLoss(options, { state, batch, rows: from, pass, parts }), wanted, scale);
    const { rows: ofRows, ...ofParameters } = gradients;
    return { value, gradients: ofParameters, rows: ofRows ?? tf.zerosLike(from) };
  };
  const outputs: Record<string, tf.Tensor> = scale === undefined ? {} : { loss_scale: tf.clone(scale) };
  let result: PassGradients;
  if (options.adversarial === undefined) result = run(rows, 0);
  else {
    const setting = { rows, ids: batch['input_ids'] as tf.Tensor, vocabularySize: config.vocab_size, run };
    const { total, roundingError } = adversarialGradients(setting, options.adversarial);
    result = total;
    outputs['rounding_error'] = roundingError;
  }
  const gradients: Record<string, tf.Tensor> = { ...result.gradients };
  if (names.includes(WORDS)) {
    const looked = scatterRows(result.rows, batch['input_ids'] as tf.Tensor, config.vocab_size);
    gradients[WORDS] = tied ? tf.add(gradients[WORDS] as tf.Tensor, looked) : looked;
  }
  return { gradients, outputs: { ...outputs, ...parts, loss: result.value } };
}

interface Pass {
  readonly state: Tensors;
  readonly batch: Tensors;
  readonly rows: tf.Tensor;
  readonly pass: number;
  /** Takes the parts of the first pass's loss. */
  readonly parts: Record<string, tf.Tensor>;
}

/** The loss of one pass: R-Drop makes it of two forward passes. */
function passLoss(options: StepOptions, pass: Pass): tf.Tensor {
  const alpha = options.rDrop ?? 0;
  const first = forwardLoss(options, pass, 0);
  if (alpha === 0) return first.loss;
  const second = forwardLoss(options, pass, 1);
  const mean = tf.mul(tf.add(first.loss, second.loss), 0.5);
  if (first.logits === undefined || second.logits === undefined) return mean;
  return tf.add(mean, tf.mul(disagreement(first.logits, second.logits, pass.batch['weights'] as tf.Tensor), alpha));
}

function forwardLoss(options: StepOptions, pass: Pass, forward: number): { readonly loss: tf.Tensor; readonly logits?: tf.Tensor } {
  const { config, task } = options;
  const { state, batch } = pass;
  const inputs = tokenInputs(batch);
  const encodeOptions = encodeOptionsOf(options, pass, forward);
  const encoded = encode(state, pass.rows, inputs, config, encodeOptions);
  if (task === 'masked-language-model') return { loss: maskedLoss(pass, encoded, config, forward) };
  const logits = classify(state, encoded, inputs, config, encodeOptions);
  const pairLoss = weightedLoss(logits, batch['labels'] as tf.Tensor, batch['weights'] as tf.Tensor, options.loss);
  if (task === 'classification') return { loss: pairLoss, logits };
  const masked = maskedLoss(pass, encoded, config, forward);
  if (pass.pass === 0 && forward === 0) {
    // Kept for the outputs: a gradient drops all that its function does not return.
    pass.parts['pair_loss'] = tf.keep(pairLoss);
    pass.parts['masked_loss'] = tf.keep(masked);
    pass.parts['pair_accuracy'] = tf.keep(weightedAccuracy(logits, batch['labels'] as tf.Tensor, batch['weights'] as tf.Tensor));
  }
  return { loss: tf.add(pairLoss, masked), logits };
}

function encodeOptionsOf(options: StepOptions, { state, batch, pass }: Pass, forward: number): EncodeOptions {
  const offsets = batch[DROPOUT_OFFSETS];
  const firstSite = (pass * forwardsPerPass(options) + forward) * sitesPerPass(options.config);
  return {
    ...(offsets === undefined ? {} : { dropout: bufferedDropout(state, offsets, firstSite) }),
    firstTokenOnly: options.task === 'classification' && readsFirstTokenOnly(options.config),
    recompute: options.recompute === true,
  };
}

function maskedLoss({ state, batch, pass, parts }: Pass, encoded: Encoded, config: BertConfig, forward: number): tf.Tensor {
  const logits = predictTokens(state, encoded, batch['masked_positions'] as tf.Tensor, config);
  const [labels, weights] = [batch['masked_labels'] as tf.Tensor, batch['masked_weights'] as tf.Tensor];
  if (pass === 0 && forward === 0) parts['masked_accuracy'] = tf.keep(weightedAccuracy(logits, labels, weights));
  return weightedLoss(logits, labels, weights);
}

function forwardsPerPass(options: StepOptions): number {
  return (options.rDrop ?? 0) > 0 ? 2 : 1;
}

function tokenInputs(batch: Tensors): TokenInputs {
  return { ids: batch['input_ids'] as tf.Tensor, sides: batch['token_type_ids'] as tf.Tensor, mask: batch['attention_mask'] as tf.Tensor };
}

const SCALAR: TensorSpec = { dtype: 'float32', shape: [] };
const TOKENS: TensorSpec = { dtype: 'int32', shape: ['batch', 'length'] };
const INPUTS: Readonly<Record<string, TensorSpec>> = { input_ids: TOKENS, token_type_ids: TOKENS, attention_mask: TOKENS };
const MASKED: Readonly<Record<string, TensorSpec>> = {
  masked_positions: { dtype: 'int32', shape: ['masked'] },
  masked_labels: { dtype: 'int32', shape: ['masked'] },
  masked_weights: { dtype: 'float32', shape: ['masked'] },
};
