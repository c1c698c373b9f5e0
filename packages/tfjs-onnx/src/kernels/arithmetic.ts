import { at, entry, fixed, kernel, type Kernel, type KernelTable, type LowerContext } from '../kernel.ts';
import type { Operand } from '../operand.ts';
import { sameShape } from '../size.ts';
import { formulas } from './formulas.ts';
import { broadcast, broadcastShapes, like, listed } from './outlines.ts';

type Context = LowerContext<object>;

/** What a binary operator gives if one side is a known number, where that saves a node. */
type Shortcut = (a: Operand, b: Operand) => Operand | undefined;

const keeps = (operand: Operand, context: Context): Operand => ({ ...operand, shape: at(context.outputs, 0).shape });

const binary = (op: string, compute: ((a: number, b: number) => number) | undefined, shortcut?: Shortcut): Kernel =>
  kernel({
    outline: (inputs) => broadcast(inputs),
    lower: (context) => {
      const { graph, inputs, outputs } = context;
      const a = entry(inputs, 'a');
      const b = entry(inputs, 'b');
      const output = at(outputs, 0);
      if (compute !== undefined && a.value !== undefined && b.value !== undefined && output.dtype === 'float32') {
        return [graph.filled(output.dtype, output.shape, Math.fround(compute(a.value, b.value)))];
      }
      const same = shortcut?.(a, b);
      return [same === undefined ? graph.elementwise(op, [a, b], output) : keeps(same, context)];
    },
  });

const unary = (lower: (context: Context, x: Operand) => Operand): Kernel =>
  kernel({
    outline: (inputs) => like(inputs, 'x'),
    lower: (context) => [lower(context, entry(context.inputs, 'x'))],
  });

/** An ONNX operator of the same meaning. */
const direct = (op: string): Kernel => unary(({ graph, outputs }, x) => graph.elementwise(op, [x], at(outputs, 0)));

/** {@link direct} with a float32 result, also of whole numbers. */
const real = (op: string): Kernel =>
  kernel({
    outline: (inputs) => like(inputs, 'x', 'float32'),
    lower: ({ graph, inputs, outputs }) => [graph.elementwise(op, [graph.cast(entry(inputs, 'x'), 'float32')], at(outputs, 0))],
  });

/** One that ONNX has for float32 only. */
const rounding = (op: string): Kernel =>
  unary(({ graph, outputs }, x) => (x.dtype === 'float32' ? graph.elementwise(op, [x], at(outputs, 0)) : x));

/** floor(a / b): for whole numbers through Mod, which has the divisor's sign, so that nothing is rounded. */
const floorDivide = ({ graph, inputs, outputs }: Context): readonly Operand[] => {
  const a = entry(inputs, 'a');
  const b = entry(inputs, 'b');
  const output = at(outputs, 0);
  if (output.dtype === 'float32') return [graph.elementwise('Floor', [graph.elementwise('Div', [a, b], output)], output)];
  const rest = graph.elementwise('Mod', [a, b], output);
  return [graph.elementwise('Div', [graph.elementwise('Sub', [a, rest], output), b], output)];
};

/** tfjs's remainder has the divisor's sign. */
const modulo = ({ graph, inputs, outputs }: Context): readonly Operand[] => {
  const a = entry(inputs, 'a');
  const b = entry(inputs, 'b');
  const output = at(outputs, 0);
  if (output.dtype !== 'float32') return [graph.elementwise('Mod', [a, b], output)];
  const attributes = { fmod: 1 };
  const rest = graph.elementwise('Mod', [a, b], output, { attributes });
  return [graph.elementwise('Mod', [graph.elementwise('Add', [rest, b], output), b], output, { attributes })];
};

const addAll: Kernel = kernel({
  outline: (inputs) => {
    const all = listed(inputs);
    return [{ dtype: at(all, 0).dtype, shape: all.reduce((shape, item) => broadcastShapes(shape, item.shape), [] as readonly number[]) }];
  },
  lower: ({ graph, inputs, outputs }) => {
    const output = at(outputs, 0);
    return [listed(inputs).reduce((sum, item) => graph.elementwise('Add', [sum, item], output))];
  },
});

/** Element by element, on numbers. */
export const arithmeticKernels: KernelTable = {
  Add: binary(
    'Add',
    (a, b) => a + b,
    (a, b) => (a.value === 0 && sameShape(b.shape, b.stored) ? b : b.value === 0 && sameShape(a.shape, a.stored) ? a : undefined),
  ),
  Sub: binary(
    'Sub',
    (a, b) => a - b,
    (a, b) => (b.value === 0 ? a : undefined),
  ),
  Multiply: binary(
    'Mul',
    (a, b) => a * b,
    (a, b) => (a.value === 1 ? b : b.value === 1 ? a : undefined),
  ),
  RealDiv: binary(
    'Div',
    (a, b) => a / b,
    (a, b) => (b.value === 1 ? a : undefined),
  ),
  Maximum: binary('Max', Math.max),
  Minimum: binary('Min', Math.min),
  Pow: binary('Pow', (a, b) => a ** b),
  FloorDiv: kernel({ outline: (inputs) => broadcast(inputs), lower: floorDivide }),
  Mod: kernel({ outline: (inputs) => broadcast(inputs), lower: modulo }),
  SquaredDifference: kernel({
    outline: (inputs) => broadcast(inputs),
    lower: ({ graph, inputs, outputs }) => {
      const difference = graph.elementwise('Sub', [entry(inputs, 'a'), entry(inputs, 'b')], at(outputs, 0));
      return [graph.elementwise('Mul', [difference, difference], at(outputs, 0))];
    },
  }),
  AddN: addAll,
  Exp: real('Exp'),
  Log: real('Log'),
  Tanh: real('Tanh'),
  Erf: real('Erf'),
  Sqrt: real('Sqrt'),
  Neg: direct('Neg'),
  Abs: direct('Abs'),
  Sigmoid: real('Sigmoid'),
  Softplus: real('Softplus'),
  Sin: real('Sin'),
  Cos: real('Cos'),
  Tan: real('Tan'),
  Asin: real('Asin'),
  Acos: real('Acos'),
  Atan: real('Atan'),
  Sinh: real('Sinh'),
  Cosh: real('Cosh'),
  Asinh: real('Asinh'),
  Acosh: real('Acosh'),
  Atanh: real('Atanh'),
  // ONNX's Sign of NaN is NaN, tfjs's is 0.
  Sign: unary(({ graph, outputs }, x) => {
    const sign = graph.elementwise('Sign', [x], at(outputs, 0));
    if (x.dtype !== 'float32') return sign;
    const { isNaN, choose, number } = formulas(graph);
    return choose(isNaN(x), number(0), sign);
  }),
  Floor: rounding('Floor'),
  Ceil: rounding('Ceil'),
  Round: rounding('Round'),
  Relu: direct('Relu'),
  Reciprocal: real('Reciprocal'),
  Square: unary(({ graph, outputs }, x) => graph.elementwise('Mul', [x, x], at(outputs, 0))),
  Rsqrt: kernel({
    outline: (inputs) => like(inputs, 'x', 'float32'),
    lower: ({ graph, inputs, outputs }) => {
      const root = graph.elementwise('Sqrt', [graph.cast(entry(inputs, 'x'), 'float32')], at(outputs, 0));
      return [graph.elementwise('Reciprocal', [root], at(outputs, 0))];
    },
  }),
  ClipByValue: kernel<{ readonly clipValueMin: number; readonly clipValueMax: number }>({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const low = graph.filled(x.dtype, [], fixed(attributes.clipValueMin, 'clipByValue'));
      const high = graph.filled(x.dtype, [], fixed(attributes.clipValueMax, 'clipByValue'));
      return [graph.elementwise('Min', [graph.elementwise('Max', [x, low], at(outputs, 0)), high], at(outputs, 0))];
    },
  }),
  Step: kernel<{ readonly alpha: number }>({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const zero = graph.filled(x.dtype, [], 0);
      const positive = graph.elementwise('Greater', [x, zero], { dtype: 'bool', shape: x.shape });
      const low = graph.filled(x.dtype, [], fixed(attributes.alpha, 'step'));
      const one = graph.filled(x.dtype, [], 1);
      if (x.dtype !== 'float32') return [graph.elementwise('Where', [positive, one, low], at(outputs, 0))];
      // What is neither above 0 nor not is NaN, and stays.
      const { choose, lessOrEqual } = formulas(graph);
      return [choose(positive, one, choose(lessOrEqual(x, zero), low, x))];
    },
  }),
};
