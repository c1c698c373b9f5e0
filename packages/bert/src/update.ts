import * as tf from '@tensorflow/tfjs';
import { type AdamWConstants, adamW } from './adam-w.ts';
import type { Tensors } from './engine.ts';
import type { Parameters } from './gradients.ts';
import { depthOf, isUndecayed } from './parameters.ts';
import type { StepOptions } from './step.ts';

/** AdamW and what belongs to it. */
export interface OptimizerOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** `false` is BERT's own form. The corrections themselves are inputs of each batch. */
  readonly biasCorrection: boolean;
  /** Gradients are scaled down to this global norm; 0 leaves them. */
  readonly clipNorm: number;
  /** Each layer's rate is this times that of the layer above it; 1 gives all the same. */
  readonly layerDecay: number;
  /** Freezes the embeddings and as many layers from below; 0 freezes the embeddings alone, `undefined` nothing. */
  readonly frozenLayers?: number | undefined;
}

/** BERT's optimizer: no bias correction, ε = 1e-6, decay 0.01, clipping at 1. */
export const BERT_OPTIMIZER: OptimizerOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-6,
  weightDecay: 0.01,
  biasCorrection: false,
  clipNorm: 1,
  layerDecay: 1,
};

/** Names of a parameter's companions in the state. */
export const slotNames = {
  firstMoment: (name: string): string => `adam.first.${name}`,
  secondMoment: (name: string): string => `adam.second.${name}`,
  accumulated: (name: string): string => `accumulated.${name}`,
  average: (name: string): string => `average.${name}`,
} as const;

/** What gradients are added to. */
export interface SumInputs {
  readonly state: Tensors;
  /** 1 keeps the sum, 0 starts anew. */
  readonly keep: tf.Tensor;
  /** What the gradients are multiplied by, which the sums are not. */
  readonly scale: tf.Tensor | undefined;
}

/** Gradients added to those of the batch's earlier parts. */
export function sumWithState(gradients: Parameters, { state, keep, scale }: SumInputs): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => {
      const sum = state[slotNames.accumulated(name)] as tf.Tensor;
      if (scale === undefined) return [name, tf.add(tf.mul(sum, keep), gradient)];
      // A sum that overflowed is not 0 times anything.
      return [name, tf.add(tf.where(tf.greater(keep, 0), sum, tf.zerosLike(sum)), tf.div(gradient, scale))];
    }),
  );
}

/** The length of all gradients together. */
export function globalNorm(gradients: readonly tf.Tensor[]): tf.Tensor {
  return tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
}

/** What an update is made from. */
export interface UpdateInputs {
  readonly state: Tensors;
  readonly batch: Tensors;
  /** Times `scale`, where there is one. */
  readonly gradients: Parameters;
  /** The length of the gradients without the scale. */
  readonly norm: tf.Tensor;
  readonly scale?: tf.Tensor | undefined;
  /** A bool scalar; where it is false, everything stays as it is. */
  readonly finite?: tf.Tensor | undefined;
}

/** The new state: parameters, moments and averages. Clips by the global norm. */
export function update(options: StepOptions, inputs: UpdateInputs): Record<string, tf.Tensor> {
  const { state, batch, gradients, norm, scale, finite } = inputs;
  const { config, optimizer } = options;
  const one = tf.scalar(1);
  const clipping = optimizer.clipNorm > 0 ? tf.div(optimizer.clipNorm, tf.maximum(norm, optimizer.clipNorm)) : one;
  const gradientScale = scale === undefined ? clipping : tf.div(clipping, scale);
  const rates = depthRates(options, batch['learning_rate'] as tf.Tensor);
  const shared = { gradientScale, correction1: batch['correction1'] ?? one, correction2: batch['correction2'] ?? one, enabled: finite };
  const next: Record<string, tf.Tensor> = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const first = slotNames.firstMoment(name);
    const second = slotNames.secondMoment(name);
    const old = { parameter: state[name] as tf.Tensor, firstMoment: state[first] as tf.Tensor, secondMoment: state[second] as tf.Tensor };
    const constants: AdamWConstants = {
      beta1: optimizer.beta1,
      beta2: optimizer.beta2,
      epsilon: optimizer.epsilon,
      weightDecay: isUndecayed(name) ? 0 : optimizer.weightDecay,
    };
    const updated = adamW(old, gradient, { learningRate: rates[depthOf(name, config)] as tf.Tensor, ...shared }, constants);
    next[name] = updated.parameter;
    next[first] = updated.firstMoment;
    next[second] = updated.secondMoment;
    if (options.average === true) {
      const given = batch['average_decay'] as tf.Tensor;
      const decay = finite === undefined ? given : tf.where(finite, given, one);
      const average = slotNames.average(name);
      next[average] = tf.add(tf.mul(state[average] as tf.Tensor, decay), tf.mul(updated.parameter, tf.sub(1, decay)));
    }
  }
  return next;
}

/** The learning rate of each depth; the heads have the given one. */
function depthRates({ config, optimizer }: StepOptions, learningRate: tf.Tensor): readonly tf.Tensor[] {
  const top = config.num_hidden_layers + 1;
  return Array.from({ length: top + 1 }, (_, depth) => {
    const factor = optimizer.layerDecay ** (top - depth);
    return factor === 1 ? learningRate : tf.mul(learningRate, factor);
  });
}
