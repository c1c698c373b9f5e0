import * as tf from '@tensorflow/tfjs';

/**
 * Gives tfjs's pure JavaScript backend the kernels of the activation, one pass each, in double precision, and a sum of rows that does not visit all
 * rows once for each segment. That backend's own `erf`
 * is off by 1.7e-7 (Abramowitz & Stegun 7.1.26), which AdamW's division by small second moments makes visible after a few steps.
 */
export function registerCpuKernels(): void {
  if (tf.getKernel('Gelu', 'cpu') !== undefined) return;
  register('Gelu', ['x'], ([x]: readonly [Block]) => ({ ...x, values: x.values.map((value) => value * normalCumulative(value)) }));
  register('GeluGrad', ['dy', 'x'], ([dy, x]: readonly [Block, Block]) => ({
    ...x,
    values: x.values.map((value, index) => (dy.values[index] ?? 0) * geluSlope(value)),
  }));
  tf.registerKernel({ kernelName: 'SumOfRows', backendName: 'cpu', kernelFunc: sumOfRows });
}

const sumOfRows: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const cpu = backend as unknown as CpuBackend;
  const { x, ids } = inputs as unknown as Readonly<Record<'x' | 'ids', tf.TensorInfo>>;
  const rows = cpu.data.get(x.dataId).values;
  const targets = cpu.data.get(ids.dataId).values;
  const width = x.shape[1] ?? 1;
  const count = Number((attrs as tf.NamedAttrMap)['count']);
  const sums = new Float32Array(count * width);
  targets.forEach((target, row) => {
    for (let column = 0; column < width; column++) {
      const place = target * width + column;
      sums[place] = (sums[place] ?? 0) + (rows[row * width + column] ?? 0);
    }
  });
  return cpu.makeTensorInfo([count, width], 'float32', sums);
};

interface Block {
  readonly shape: number[];
  readonly values: Float32Array;
}

interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tf.TensorInfo;
}

function register(kernelName: string, inputNames: readonly string[], compute: (inputs: never) => Block): void {
  tf.registerKernel({
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend }) => {
      const cpu = backend as unknown as CpuBackend;
      const blocks = inputNames.map((name) => {
        const { dataId, shape } = inputs[name] as tf.TensorInfo;
        return { shape, values: cpu.data.get(dataId).values };
      });
      const { shape, values } = compute(blocks as never);
      return cpu.makeTensorInfo([...shape], 'float32', values);
    },
  });
}

function geluSlope(x: number): number {
  return normalCumulative(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

/** Φ, to double precision: a series near 0, a continued fraction beyond (Abramowitz & Stegun 7.1.6, 7.1.14). */
export function normalCumulative(x: number): number {
  const z = Math.abs(x) * Math.SQRT1_2;
  const tail = z < 2.5 ? 0.5 - erfBySeries(z) / 2 : erfcByFraction(z) / 2;
  return x < 0 ? tail : 1 - tail;
}

function erfBySeries(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

function erfcByFraction(z: number): number {
  let fraction = 0;
  for (let k = 40; k > 0; k--) fraction = k / 2 / (z + fraction);
  return Math.exp(-z * z) / (Math.sqrt(Math.PI) * (z + fraction));
}
