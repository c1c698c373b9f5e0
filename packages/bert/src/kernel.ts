import * as tf from '@tensorflow/tfjs';

/** Does the tfjs backend in use have a kernel of this name? */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a named kernel with one output. */
export function runKernel(name: string, inputs: Readonly<Record<string, tf.Tensor>>, attributes: tf.NamedAttrMap = {}): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(name, { ...inputs }, attributes);
}

/** Runs a named kernel with several outputs. */
export function runKernelForAll(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: tf.NamedAttrMap = {},
): readonly tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(name, { ...inputs }, attributes);
}
