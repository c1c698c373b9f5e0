import { at, entry, fixed, kernel, type Kernel, type KernelTable, type LowerContext } from '../kernel.ts';
import type { Operand } from '../operand.ts';
import { formulas, type Formulas } from './formulas.ts';
import { broadcastShapes, like } from './outlines.ts';

/** A function of a float32 `x`; whole numbers are cast first. */
const float = <Attributes extends object = object>(
  lower: (math: Formulas, x: Operand, context: LowerContext<Attributes>) => Operand,
): Kernel =>
  kernel<Attributes>({
    outline: (inputs) => like(inputs, 'x', 'float32'),
    lower: (context) => [lower(formulas(context.graph), context.graph.cast(entry(context.inputs, 'x'), 'float32'), context)],
  });

/** eˣ − 1 = (eˣ + 1) · tanh(x / 2), which loses nothing near 0. */
const expm1 = ({ add, exp, tanh, multiply, number }: Formulas, x: Operand): Operand =>
  multiply(add(exp(x), number(1)), tanh(multiply(x, number(0.5))));

/** log(1 + x), near 0 as 2 · atanh(x / (2 + x)). */
const log1p = (math: Formulas, x: Operand, { graph }: LowerContext<object>): Operand => {
  const { add, divide, multiply, log, abs, less, choose, number } = math;
  const ratio = divide(x, add(x, number(2)));
  const near = multiply(graph.elementwise('Atanh', [ratio], ratio), number(2));
  return choose(less(abs(x), number(0.5)), near, log(add(x, number(1))));
};

/** The angle of (b, a), in −π to π. */
const atan2 = (math: Formulas, a: Operand, b: Operand, { graph }: LowerContext<object>): Operand => {
  const { add, and, equal, less, divide, choose, number } = math;
  const zero = number(0);
  const ratio = divide(a, b);
  const angle = graph.elementwise('Atan', [ratio], ratio);
  const turned = add(angle, choose(less(a, zero), number(-Math.PI), number(Math.PI)));
  return choose(and(equal(a, zero), equal(b, zero)), zero, choose(less(b, zero), turned, angle));
};

/** Nonlinear functions of networks, and functions that are exact near 0. */
export const activationKernels: KernelTable = {
  Relu6: kernel({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs }) => {
      const { minimum, maximum } = formulas(graph);
      const x = entry(inputs, 'x');
      return [minimum(maximum(x, graph.filled(x.dtype, [], 0)), graph.filled(x.dtype, [], 6))];
    },
  }),
  Elu: float((_, x, { graph }) => graph.elementwise('Elu', [x], x)),
  EluGrad: kernel({
    outline: (inputs) => like(inputs, 'y'),
    lower: ({ graph, inputs }) => {
      const { add, multiply, less, choose, number } = formulas(graph);
      const y = entry(inputs, 'y');
      return [multiply(entry(inputs, 'dy'), choose(less(y, number(0)), add(y, number(1)), number(1)))];
    },
  }),
  Selu: float((_, x, { graph }) => graph.elementwise('Selu', [x], x)),
  LeakyRelu: float<{ readonly alpha: number }>((_, x, { graph, attributes }) =>
    graph.elementwise('LeakyRelu', [x], x, { attributes: { alpha: { float: fixed(attributes.alpha, 'leakyRelu') } } }),
  ),
  Prelu: kernel({
    outline: (inputs) => [{ dtype: 'float32', shape: broadcastShapes(entry(inputs, 'x').shape, entry(inputs, 'alpha').shape) }],
    lower: ({ graph, inputs }) => {
      const { multiply, less, choose, number } = formulas(graph);
      const x = graph.cast(entry(inputs, 'x'), 'float32');
      return [choose(less(x, number(0)), multiply(x, entry(inputs, 'alpha')), x)];
    },
  }),
  Expm1: float(expm1),
  Log1p: float(log1p),
  Atan2: kernel({
    outline: (inputs) => [{ dtype: 'float32', shape: broadcastShapes(entry(inputs, 'a').shape, entry(inputs, 'b').shape) }],
    lower: (context) => {
      const { graph, inputs, outputs } = context;
      const [a, b] = [graph.cast(entry(inputs, 'a'), 'float32'), graph.cast(entry(inputs, 'b'), 'float32')];
      return [{ ...atan2(formulas(graph), a, b, context), shape: at(outputs, 0).shape }];
    },
  }),
  FusedBatchNorm: kernel<{ readonly varianceEpsilon: number }>({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs, attributes }) => {
      const { add, subtract, multiply, divide, sqrt, number } = formulas(graph);
      const { scale, offset } = inputs;
      const deviation = sqrt(add(entry(inputs, 'variance'), number(fixed(attributes.varianceEpsilon, 'batchNorm'))));
      const factor = divide(scale ?? number(1), deviation);
      const normal = multiply(subtract(entry(inputs, 'x'), entry(inputs, 'mean')), factor);
      return [offset === undefined ? normal : add(normal, offset)];
    },
  }),
};
