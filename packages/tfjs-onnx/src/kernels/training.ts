import { inBlocks, inRowBlocks, rowBlockCount } from '../blocks.ts';
import { at, entry, fixed, kernel, type KernelTable } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import { MICROSOFT, type Operand } from '../operand.ts';
import { productOf } from '../size.ts';
import { formulas } from './formulas.ts';
import { segmentSum } from './gather.ts';
import { like, listed } from './outlines.ts';
import { columnSum, squareSum, totalSum, weightedRowMean } from './sums.ts';

/** The sum over all axes but the last. */
const sumOfRows = (graph: Graph, x: Operand): Operand => {
  const width = at(x.shape, x.shape.length - 1);
  return columnSum(graph, graph.reshape(x, [productOf(x.shape.slice(0, -1)), width]));
};

/** dy · (Φ(x) + x φ(x)). */
const geluGradient = (graph: Graph, operands: readonly Operand[]): Operand => {
  const { add, subtract, multiply, exp, erf, number } = formulas(graph);
  const [x, dy] = [at(operands, 0), at(operands, 1)];
  const scaled = multiply(x, number(Math.SQRT1_2));
  // Φ(x) = (1 + erf) / 2 in one pass, and φ(x) with its factor inside of the exponential function.
  const below = graph.elementwise('HardSigmoid', [erf(scaled)], x, { attributes: { alpha: { float: 0.5 }, beta: { float: 0.5 } } });
  const density = exp(subtract(number(-Math.log(2 * Math.PI) / 2), multiply(scaled, scaled)));
  return multiply(dy, add(below, multiply(x, density)));
};

/** The gradients by x, scale and offset of a layer normalisation, from dy, x, mean and inverse deviation: of all rows or of a block of them. */
const layerNormGradient = (graph: Graph, scale: Operand): ((inner: Graph, operands: readonly Operand[]) => readonly Operand[]) => {
  const scaledMean = weightedRowMean(graph, scale);
  return (inner, operands) => {
    const { subtract, multiply } = formulas(inner);
    const [dy, x, mean, inverse] = [at(operands, 0), at(operands, 1), at(operands, 2), at(operands, 3)];
    const normal = multiply(subtract(x, mean), inverse);
    const product = multiply(dy, normal);
    const slope = scaledMean(inner, product);
    const centred = subtract(multiply(dy, scale), scaledMean(inner, dy));
    const dx = multiply(subtract(centred, multiply(normal, slope)), inverse);
    return [dx, sumOfRows(inner, product), sumOfRows(inner, dy)];
  };
};

interface AdamW {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** The kernels that a training step calls by name (docs/architecture.md). */
export const trainingKernels: KernelTable = {
  LayerNorm: kernel<{ readonly epsilon: number }>({
    outline: (inputs) => {
      const { shape } = entry(inputs, 'x');
      const row = { dtype: 'float32' as const, shape: [...shape.slice(0, -1), 1] };
      return [{ dtype: 'float32', shape }, row, row];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const names = ['x', 'scale', 'offset'].map((key) => graph.whole(entry(inputs, key)));
      const results = graph.nodes(
        'LayerNormalization',
        names,
        outputs.map(({ shape }) => ({ type: 'float32', shape })),
        {
          attributes: { axis: -1, epsilon: { float: fixed(attributes.epsilon, 'LayerNorm') } },
        },
      );
      return outputs.map(({ shape, dtype }, i) => ({ name: at(results, i), dtype, shape, stored: shape }));
    },
  }),
  LayerNormGrad: kernel({
    outline: (inputs) => {
      const { shape } = entry(inputs, 'scale');
      return [...like(inputs, 'x'), { dtype: 'float32', shape }, { dtype: 'float32', shape }];
    },
    lower: ({ graph, inputs }) => {
      const operands = ['dy', 'x', 'mean', 'inverseDeviation'].map((key) => entry(inputs, key));
      const body = layerNormGradient(graph, entry(inputs, 'scale'));
      const x = entry(inputs, 'x');
      const count = graph.target === 'cpu' ? rowBlockCount(graph, x) : undefined;
      if (count === undefined) return body(graph, operands);
      const [dx, ...sums] = inRowBlocks(graph, { operands, count }, body);
      return [graph.reshape(dx ?? x, x.shape), ...sums.map((sum) => columnSum(graph, sum))];
    },
  }),
  Gelu: kernel({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs, outputs }) => {
      const x = entry(inputs, 'x');
      if (graph.target !== 'portable') return [graph.elementwise('Gelu', [x], at(outputs, 0), { domain: MICROSOFT })];
      const { add, multiply, erf, number } = formulas(graph);
      return [multiply(multiply(x, add(erf(multiply(x, number(Math.SQRT1_2))), number(1))), number(0.5))];
    },
  }),
  GeluGrad: kernel({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs }) => {
      const operands = [entry(inputs, 'x'), entry(inputs, 'dy')];
      return [graph.target === 'cpu' ? inBlocks(graph, operands, geluGradient) : geluGradient(graph, operands)];
    },
  }),
  SumOfSquares: kernel({
    outline: () => [{ dtype: 'float32', shape: [] }],
    lower: ({ graph, inputs }) => {
      const scalar = { dtype: 'float32', shape: [] } as const;
      const sums = listed(inputs).map((x) =>
        graph.target === 'cpu' ? squareSum(graph, x) : totalSum(graph, graph.elementwise('Mul', [x, x], x)),
      );
      return [sums.reduce((sum, part) => graph.elementwise('Add', [sum, part], scalar))];
    },
  }),
  SumOfRows: kernel<{ readonly count: number }>({
    outline: (inputs, { count }) => [{ dtype: entry(inputs, 'x').dtype, shape: [count, at(entry(inputs, 'x').shape, 1)] }],
    lower: ({ graph, inputs, attributes }) => [
      segmentSum(graph, entry(inputs, 'x'), graph.cast(entry(inputs, 'ids'), 'int32'), attributes.count),
    ],
  }),
  AdamW: kernel<AdamW>({
    outline: (inputs) => ['parameter', 'firstMoment', 'secondMoment'].map((key) => at(like(inputs, key), 0)),
    lower: ({ graph, inputs, attributes }) => {
      const { add, subtract, multiply, divide, sqrt, number, choose } = formulas(graph);
      const enabled = inputs['enabled'];
      // Where the update is switched off, everything is multiplied by 1 and added 0; only the gradient may be what no factor can undo.
      const unless = (value: Operand, off: number): Operand => (enabled === undefined ? value : choose(enabled, value, number(off)));
      const beta1 = fixed(attributes.beta1, 'AdamW');
      const beta2 = fixed(attributes.beta2, 'AdamW');
      const weight = entry(inputs, 'parameter');
      const g = unless(multiply(entry(inputs, 'gradient'), entry(inputs, 'gradientScale')), 0);
      const m = add(multiply(entry(inputs, 'firstMoment'), unless(number(beta1), 1)), multiply(g, number(1 - beta1)));
      const v = add(multiply(entry(inputs, 'secondMoment'), unless(number(beta2), 1)), multiply(multiply(g, g), number(1 - beta2)));
      const deviation = add(sqrt(multiply(v, entry(inputs, 'correction2'))), number(fixed(attributes.epsilon, 'AdamW')));
      const direction = divide(multiply(m, entry(inputs, 'correction1')), deviation);
      const decayed = add(direction, multiply(weight, number(fixed(attributes.weightDecay, 'AdamW'))));
      return [subtract(weight, multiply(decayed, unless(entry(inputs, 'learningRate'), 0))), m, v];
    },
  }),
  Window: kernel<{ readonly shape: readonly number[] }>({
    outline: (inputs, { shape }) => [{ dtype: entry(inputs, 'buffer').dtype, shape }],
    lower: ({ graph, inputs, outputs }) => {
      const { dtype, shape } = at(outputs, 0);
      const count = productOf(shape);
      const buffer = graph.whole(entry(inputs, 'buffer'));
      if (graph.target === 'webgpu') {
        // A Slice reads its start on the host, which would wait for the GPU.
        const bounds = [0, count, 1].map((bound) => graph.sizeValue('int32', [], bound).name);
        const range = graph.operation('Range', bounds, { dtype: 'int32', shape: [count] });
        const indices = graph.elementwise('Add', [range, entry(inputs, 'offset')], { dtype: 'int32', shape: [count] });
        return [
          graph.reshape(graph.operation('Gather', [buffer, indices.name], { dtype, shape: [count] }, { attributes: { axis: 0 } }), shape),
        ];
      }
      const start = graph.reshape(entry(inputs, 'offset'), [1]);
      const length = graph.sizeValue('int32', [1], count);
      const end = graph.elementwise('Add', [start, length], { dtype: 'int32', shape: [1] });
      const part = graph.operation('Slice', [buffer, graph.whole(start), graph.whole(end)], {
        dtype,
        shape: [count],
      });
      return [graph.reshape(part, shape)];
    },
  }),
};
