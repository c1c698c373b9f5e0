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

interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
}

/** Two matrices, or batches of as many, as rows and columns of the product read them. */
interface Operands {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Matrices, rows, inner size, columns. */
  readonly sizes: readonly [number, number, number, number];
}

/** The product, every sum of which is rounded after every addition. */
function multiply({ a, b, transposeA, transposeB, sizes: [matrices, rows, inner, columns] }: Operands): Float32Array {
  const product = new Float32Array(matrices * rows * columns);
  for (let place = 0; place < product.length; place++) {
    const matrix = Math.floor(place / (rows * columns));
    const row = Math.floor(place / columns) % rows;
    const column = place % columns;
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      const left = a[matrix * rows * inner + (transposeA ? k * rows + row : row * inner + k)] ?? 0;
      const right = b[matrix * inner * columns + (transposeB ? column * inner + k : k * columns + column)] ?? 0;
      sum = toHalf(sum + left * right);
    }
    product[place] = sum;
  }
  return product;
}

/**
 * Makes tfjs's CPU backend compute products of matrices as a GPU does in float16, sums within a product included: that is how ONNX Runtime's
 * WebGPU shaders add. Returns what undoes it.
 *
 * @param ofGradients Rounds the products that transpose their left side once more, which in training only gradients of weights do.
 */
export function productsInHalf(ofGradients: (value: number) => number = (value) => value): () => void {
  const plain = tf.getKernel('BatchMatMul', 'cpu');
  if (plain === undefined) throw new Error('productsInHalf: expected the CPU backend to have BatchMatMul, got none.');
  const register = (kernel: tf.KernelConfig): void => {
    tf.unregisterKernel('BatchMatMul', 'cpu');
    tf.registerKernel(kernel);
  };
  const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) => {
    const cpu = backend as unknown as CpuBackend;
    const { a, b } = inputs as unknown as Readonly<Record<'a' | 'b', tf.TensorInfo>>;
    const { transposeA, transposeB } = attrs as unknown as Pick<Operands, 'transposeA' | 'transposeB'>;
    const outer = a.shape.slice(0, -2);
    if (outer.join() !== b.shape.slice(0, -2).join())
      throw new Error(`productsInHalf: expected as many matrices, got [${a.shape}] and [${b.shape}].`);
    const [rows = 1, inner = 1] = transposeA ? a.shape.slice(-2).toReversed() : a.shape.slice(-2);
    const columns = b.shape.at(transposeB ? -2 : -1) ?? 1;
    const halves = (info: tf.TensorInfo): Float32Array => Float32Array.from(cpu.data.get(info.dataId).values, toHalf);
    const matrices = outer.reduce((product, size) => product * size, 1);
    const product = multiply({ a: halves(a), b: halves(b), transposeA, transposeB, sizes: [matrices, rows, inner, columns] });
    return cpu.makeTensorInfo([...outer, rows, columns], 'float32', transposeA ? product.map(ofGradients) : product);
  };
  register({ ...plain, kernelFunc });
  return () => register(plain);
}
