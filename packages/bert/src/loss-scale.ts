import * as tf from '@tensorflow/tfjs';
import type { TensorSpec, TensorValue, Tensors } from './engine.ts';

/**
 * Dynamic loss scaling, for products in float16: the loss is multiplied by a scale before the gradients are taken, so that small ones do not
 * vanish, and the gradients are divided by it before they are used. Where one of them is not finite, the update is left out and the scale halved;
 * after a number of good updates it doubles. The scale is a power of two, so that in float32 it changes nothing.
 *
 * @see Micikevicius et al. 2018, "Mixed Precision Training", sections 3.2 and 4.
 */
export interface LossScaling {
  /** The first scale; 65,536 by default. */
  readonly initial: number;
  /** Good updates in a row after which the scale doubles; 2,000 by default. */
  readonly growthInterval: number;
}

export const LOSS_SCALING: LossScaling = { initial: 2 ** 16, growthInterval: 2000 };

/** Between these the scale moves. */
const SMALLEST = 1;
const LARGEST = 2 ** 24;

/** A norm from here up, or one that is not a number, is an overflow: some gradient was not finite. */
const OVERFLOW = 3e38;

/** Names of the scale, and of the good updates since it last changed, in the state: float32 scalars. */
export const lossScaleNames = { scale: 'loss_scale', goodSteps: 'loss_scale.good_steps' } as const;

const SCALAR: TensorSpec = { dtype: 'float32', shape: [] };

/** The scaling's part of a state's shapes. */
export function lossScaleSpecs(scaling: LossScaling | undefined): Readonly<Record<string, TensorSpec>> {
  return scaling === undefined ? {} : { [lossScaleNames.scale]: SCALAR, [lossScaleNames.goodSteps]: SCALAR };
}

/** The scaling's part of the first state. */
export function lossScaleValues({ initial }: LossScaling): Record<string, TensorValue> {
  return { [lossScaleNames.scale]: scalar(initial), [lossScaleNames.goodSteps]: scalar(0) };
}

/** Is this the norm of gradients that overflowed? */
export function hasOverflowed(norm: number): boolean {
  return !(norm < OVERFLOW);
}

/** A bool scalar: is this the norm of gradients that are all finite? */
export function isFiniteNorm(norm: tf.Tensor): tf.Tensor {
  return tf.less(norm, OVERFLOW);
}

/** The scale and its count after an update that was finite or not. */
export function nextLossScale(state: Tensors, finite: tf.Tensor, { growthInterval }: LossScaling): Record<string, tf.Tensor> {
  const scale = state[lossScaleNames.scale] as tf.Tensor;
  const good = tf.where(finite, tf.add(state[lossScaleNames.goodSteps] as tf.Tensor, 1), tf.scalar(0));
  const grows = tf.greaterEqual(good, growthInterval);
  const kept = tf.where(grows, tf.minimum(tf.mul(scale, 2), LARGEST), scale);
  return {
    [lossScaleNames.scale]: tf.where(finite, kept, tf.maximum(tf.mul(scale, 0.5), SMALLEST)),
    [lossScaleNames.goodSteps]: tf.where(grows, tf.scalar(0), good),
  };
}

/** As `nextLossScale`, on the host: for batches in parts, whose last part decides. */
export function nextLossScaleValues(
  state: Readonly<Record<string, TensorValue>>,
  finite: boolean,
  { growthInterval }: LossScaling,
): Record<string, TensorValue> {
  const scale = state[lossScaleNames.scale]?.data[0] ?? SMALLEST;
  const good = finite ? (state[lossScaleNames.goodSteps]?.data[0] ?? 0) + 1 : 0;
  const grows = good >= growthInterval;
  const kept = grows ? Math.min(scale * 2, LARGEST) : scale;
  return {
    [lossScaleNames.scale]: scalar(finite ? kept : Math.max(scale / 2, SMALLEST)),
    [lossScaleNames.goodSteps]: scalar(grows ? 0 : good),
  };
}

/** Can a scale that overflowed not become smaller? */
export function isSmallestScale(scale: number): boolean {
  return scale <= SMALLEST;
}

function scalar(value: number): TensorValue {
  return { dtype: 'float32', shape: [], data: Float32Array.of(value) };
}
