import * as tf from '@tensorflow/tfjs';
import type { Activation } from './config.ts';
import { hasKernel, runKernel } from './kernel.ts';

/** Applies a feed-forward layer's activation, elementwise. */
export function activate(x: tf.Tensor, kind: Activation): tf.Tensor {
  if (kind === 'gelu') return gelu(x);
  if (kind === 'relu') return tf.relu(x);
  const cubic = tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI))), 1));
}

/**
 * The exact Gaussian error linear unit, x · Φ(x), with its gradient Φ(x) + x · φ(x) written out.
 *
 * @see Hendrycks & Gimpel 2016, eq. 1.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  const operation = tf.customGrad((...inputs) => {
    const [input, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    const value = hasKernel('Gelu') ? runKernel('Gelu', { x: input }) : tf.mul(input, cumulative(input));
    return { value, gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => geluGradient(upstream, saved[0] as tf.Tensor) };
  });
  return operation(x);
}

function geluGradient(upstream: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (hasKernel('GeluGrad')) return runKernel('GeluGrad', { dy: upstream, x });
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.mul(upstream, tf.add(cumulative(x), tf.mul(x, density)));
}

/** Φ, the normal distribution's cumulative probability. */
function cumulative(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}
