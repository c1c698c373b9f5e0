import { at, axesOf, entry, fixed, kernel, type Kernel, type KernelTable, type LowerContext } from '../kernel.ts';
import type { Operand } from '../operand.ts';
import { productOf } from '../size.ts';
import type { DataType } from '../types.ts';
import { formulas } from './formulas.ts';
import { like, reducedShape } from './outlines.ts';
import { columnSum, totalSum } from './sums.ts';

interface Reduction {
  readonly axis?: number | readonly number[];
  readonly reductionIndices?: number | readonly number[];
  readonly keepDims?: boolean;
}

type ReductionContext = LowerContext<Reduction>;

const reduceAxes = (context: ReductionContext, x: Operand): readonly number[] =>
  axesOf(context.attributes.axis ?? context.attributes.reductionIndices, x.shape.length);

const reduceWith = (op: string, context: ReductionContext, x: Operand): Operand => {
  const { graph, attributes, outputs } = context;
  const axes = reduceAxes(context, x);
  const output = { dtype: x.dtype, shape: at(outputs, 0).shape };
  if (axes.length === 0) return x;
  return graph.operation(op, [graph.whole(x), graph.integers(axes)], output, {
    attributes: { keepdims: Number(attributes.keepDims ?? false) },
  });
};

const reduction = (lower: (context: ReductionContext, x: Operand) => Operand, dtype?: DataType): Kernel =>
  kernel<Reduction>({
    outline: (inputs, { axis, reductionIndices, keepDims }) => {
      const x = entry(inputs, 'x');
      const axes = axesOf(axis ?? reductionIndices, x.shape.length);
      return [{ dtype: dtype ?? x.dtype, shape: reducedShape(x.shape, axes, keepDims === true ? 1 : undefined) }];
    },
    lower: (context) => [lower(context, entry(context.inputs, 'x'))],
  });

/** A sum; of a stretched value only where it is not stretched along the axes, the rest is a factor. */
const sum = (context: ReductionContext, x: Operand): Operand => {
  const { graph, outputs } = context;
  const axes = reduceAxes(context, x);
  if (x.stored.length === 0) {
    const count = graph.sizeValue(x.dtype, [], productOf(axes.map((axis) => at(x.shape, axis))));
    return graph.elementwise('Mul', [x, count], { dtype: x.dtype, shape: at(outputs, 0).shape });
  }
  const { shape } = at(outputs, 0);
  if (graph.target === 'webgpu' && x.dtype === 'float32' && axes.length === x.shape.length) return graph.reshape(totalSum(graph, x), shape);
  if (graph.target === 'webgpu' && axes.length > 0 && axes.every((axis, i) => axis === i)) {
    const width = productOf(x.shape.slice(axes.length));
    return graph.reshape(columnSum(graph, graph.reshape(x, [productOf(x.shape.slice(0, axes.length)), width])), shape);
  }
  return reduceWith('ReduceSum', context, x);
};

/** Of largest and smallest values tfjs says NaN if one of them is; ONNX Runtime passes NaNs over. */
const extreme =
  (op: string) =>
  (context: ReductionContext, x: Operand): Operand => {
    const found = reduceWith(op, context, x);
    if (x.dtype !== 'float32' || reduceAxes(context, x).length === 0) return found;
    const { isNaN, choose, number } = formulas(context.graph);
    const broken = reduceWith('ReduceMax', context, context.graph.cast(isNaN(x), 'int32'));
    return choose(context.graph.cast(broken, 'bool'), number(Number.NaN), found);
  };

const truth =
  (op: string) =>
  (context: ReductionContext, x: Operand): Operand =>
    context.graph.cast(reduceWith(op, context, context.graph.cast(x, 'int32')), 'bool');

interface ArgAttributes {
  readonly axis: number;
}

/** NaNs are never found. */
const argument = (op: string, worst: number): Kernel =>
  kernel<ArgAttributes>({
    outline: (inputs, { axis }) => {
      const { shape } = entry(inputs, 'x');
      return [{ dtype: 'int32', shape: reducedShape(shape, axesOf(axis, shape.length), undefined) }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const { isNaN, choose, number } = formulas(graph);
      const axis = at(axesOf(attributes.axis, x.shape.length), 0);
      const { shape } = at(outputs, 0);
      const index = graph.node(
        op,
        [graph.whole(x.dtype === 'float32' ? choose(isNaN(x), number(worst), x) : graph.cast(x, 'int32'))],
        { type: 'int64', shape },
        { attributes: { axis, keepdims: 0 } },
      );
      return [graph.operation('Cast', [index], at(outputs, 0), { attributes: { to: 6 } })];
    },
  });

const softmax = (op: string, key: string): Kernel =>
  kernel<{ readonly dim?: number; readonly axis?: number }>({
    outline: (inputs) => like(inputs, key),
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, key);
      const axis = attributes.dim ?? attributes.axis;
      return [graph.operation(op, [graph.whole(x)], at(outputs, 0), { attributes: { axis: axis === undefined ? -1 : fixed(axis, op) } })];
    },
  });

/** Sums, extremes and normalisation along axes. */
export const reductionKernels: KernelTable = {
  Sum: reduction(sum),
  Mean: reduction((context, x) => reduceWith('ReduceMean', context, context.graph.cast(x, 'float32')), 'float32'),
  Max: reduction(extreme('ReduceMax')),
  Min: reduction(extreme('ReduceMin')),
  Prod: reduction((context, x) => reduceWith('ReduceProd', context, x)),
  Any: reduction(truth('ReduceMax'), 'bool'),
  All: reduction(truth('ReduceMin'), 'bool'),
  ArgMax: argument('ArgMax', Number.NEGATIVE_INFINITY),
  ArgMin: argument('ArgMin', Number.POSITIVE_INFINITY),
  Softmax: softmax('Softmax', 'logits'),
  LogSoftmax: softmax('LogSoftmax', 'logits'),
  Cumsum: kernel<{ readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }>({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs, attributes, outputs }) => [
      graph.operation(
        'CumSum',
        [graph.whole(entry(inputs, 'x')), graph.scalar('int32', fixed(attributes.axis, 'cumsum'))],
        at(outputs, 0),
        {
          attributes: { exclusive: Number(attributes.exclusive), reverse: Number(attributes.reverse) },
        },
      ),
    ],
  }),
};
