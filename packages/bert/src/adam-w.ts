import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernelForAll } from './kernel.ts';

/** AdamW's constants for one parameter. */
export interface AdamWConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** A parameter with its moments. */
export interface AdamWSlot {
  readonly parameter: tf.Tensor;
  readonly firstMoment: tf.Tensor;
  readonly secondMoment: tf.Tensor;
}

/** Scalars that change from step to step. */
export interface AdamWScalars {
  readonly learningRate: tf.Tensor;
  /** What gradients are multiplied by first: the clipping. */
  readonly gradientScale: tf.Tensor;
  /** 1 / (1 − β₁ᵗ), or 1 in BERT's form. */
  readonly correction1: tf.Tensor;
  /** 1 / (1 − β₂ᵗ), or 1 in BERT's form. */
  readonly correction2: tf.Tensor;
  /** A bool: where it is false, parameter and moments stay as they are, whatever the gradient holds. */
  readonly enabled?: tf.Tensor | undefined;
}

/**
 * One AdamW update of one parameter: Adam with the decay of weights apart from the gradient.
 *
 * @see Loshchilov & Hutter 2019, algorithm 2; google-research/bert optimization.py for the form without corrections.
 */
export function adamW(slot: AdamWSlot, gradient: tf.Tensor, scalars: AdamWScalars, constants: AdamWConstants): AdamWSlot {
  const { enabled, ...others } = scalars;
  if (hasKernel('AdamW')) {
    const switched = enabled === undefined ? others : { ...others, enabled };
    const updated = runKernelForAll('AdamW', { ...slot, gradient, ...switched }, { ...constants });
    const [parameter, firstMoment, secondMoment] = updated as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { parameter, firstMoment, secondMoment };
  }
  const { beta1, beta2, epsilon, weightDecay } = constants;
  const unless = (value: tf.Tensor, off: number): tf.Tensor => (enabled === undefined ? value : tf.where(enabled, value, tf.scalar(off)));
  const scaled = unless(tf.mul(gradient, scalars.gradientScale), 0);
  const firstMoment = tf.add(tf.mul(slot.firstMoment, unless(tf.scalar(beta1), 1)), tf.mul(scaled, 1 - beta1));
  const secondMoment = tf.add(tf.mul(slot.secondMoment, unless(tf.scalar(beta2), 1)), tf.mul(tf.square(scaled), 1 - beta2));
  const deviation = tf.add(tf.sqrt(tf.mul(secondMoment, scalars.correction2)), epsilon);
  const direction = tf.div(tf.mul(firstMoment, scalars.correction1), deviation);
  const update = weightDecay === 0 ? direction : tf.add(direction, tf.mul(slot.parameter, weightDecay));
  return { parameter: tf.sub(slot.parameter, tf.mul(update, unless(scalars.learningRate, 0))), firstMoment, secondMoment };
}
