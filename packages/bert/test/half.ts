import * as tf from '@tensorflow/tfjs';

/**
 * A float32 as float16 holds it: the nearest of 11 significant bits, ties to even; subnormal below 2⁻¹⁴, infinite from 65,520 up.
 *
 * @see IEEE 754-2019, binary16.
 */
export function toHalf(value: number): number {
  const size = Math.abs(value);
  if (!(size < 65520)) return Number.isNaN(value) ? value : Math.sign(value) * Infinity;
  // The distance of neighbouring numbers; adding and taking away 1.5 · 2⁵² of them rounds to even.
  const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(size))) - 10);
  const large = unit * 1.5 * 2 ** 52;
  return size === 0 ? value : value + large - large;
}

interface Values {
  readonly data: { get(dataId: object): { values: Float32Array } };
}

const roundInPlace = ({ dataId }: tf.TensorInfo, backend: object, round: (value: number) => number): void => {
  const holder = (backend as Values).data.get(dataId);
  holder.values = Float32Array.from(holder.values, round);
};

/**
 * Makes tfjs's CPU backend compute products of matrices as a GPU does in float16: operands and results are rounded to it, sums within a product
 * are float32. Returns what undoes it.
 *
 * @param ofGradients Rounds the products that transpose their left side, which in training only gradients of weights do.
 */
export function productsInHalf(ofGradients: (value: number) => number = toHalf): () => void {
  const plain = tf.getKernel('BatchMatMul', 'cpu');
  if (plain === undefined) throw new Error('productsInHalf: expected the CPU backend to have BatchMatMul, got none.');
  const register = (kernel: tf.KernelConfig): void => {
    tf.unregisterKernel('BatchMatMul', 'cpu');
    tf.registerKernel(kernel);
  };
  register({
    ...plain,
    kernelFunc: (given) => {
      const { backend } = given;
      const copies = Object.entries(given.inputs).map(([name, x]) => {
        const info = x as tf.TensorInfo;
        const values = Float32Array.from((backend as Values).data.get(info.dataId).values, toHalf);
        const maker = backend as unknown as { makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo };
        return [name, maker.makeTensorInfo(info.shape, 'float32', values)] as const;
      });
      const result = plain.kernelFunc({ ...given, inputs: Object.fromEntries(copies) }) as tf.TensorInfo;
      roundInPlace(result, backend, given.attrs?.['transposeA'] === true ? ofGradients : toHalf);
      for (const [, { dataId }] of copies) (backend as unknown as { disposeData(id: object): void }).disposeData(dataId);
      return result;
    },
  });
  return () => register(plain);
}
