import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernelForAll } from './kernel.ts';

/**
 * Layer normalisation over the last axis, with its gradient written out: y = (x − mean) / √(variance + ε) · scale + offset.
 *
 * Shapes: x `[N, H]`; scale and offset `[H]`; y `[N, H]`.
 *
 * @see Ba et al. 2016, eq. 4.
 */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor {
  const operation = tf.customGrad((...inputs) => {
    const [input, gain, shift, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [value, mean, inverseDeviation] = forward([input, gain, shift], epsilon);
    save([input, gain, mean, inverseDeviation]);
    return { value, gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => backward(upstream, saved as Saved) };
  });
  return operation(x, scale, offset);
}

type Three = readonly [tf.Tensor, tf.Tensor, tf.Tensor];
type Saved = [x: tf.Tensor, scale: tf.Tensor, mean: tf.Tensor, inverseDeviation: tf.Tensor];

function forward([x, scale, offset]: Three, epsilon: number): Three {
  if (hasKernel('LayerNorm')) return runKernelForAll('LayerNorm', { x, scale, offset }, { epsilon }) as unknown as Three;
  const mean = tf.mean(x, -1, true);
  const centred = tf.sub(x, mean);
  const inverseDeviation = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return [tf.add(tf.mul(tf.mul(centred, inverseDeviation), scale), offset), mean, inverseDeviation];
}

function backward(upstream: tf.Tensor, [x, scale, mean, inverseDeviation]: Saved): tf.Tensor[] {
  if (hasKernel('LayerNormGrad')) return [...runKernelForAll('LayerNormGrad', { dy: upstream, x, scale, mean, inverseDeviation })];
  const normal = tf.mul(tf.sub(x, mean), inverseDeviation);
  const inner = tf.mul(upstream, scale);
  const slope = tf.mean(tf.mul(inner, normal), -1, true);
  const dx = tf.mul(tf.sub(tf.sub(inner, tf.mean(inner, -1, true)), tf.mul(normal, slope)), inverseDeviation);
  return [dx, tf.sum(tf.mul(upstream, normal), 0), tf.sum(upstream, 0)];
}
