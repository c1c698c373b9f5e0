import type { Graph } from '../graph.ts';
import { broadcastSizes, type Operand } from '../operand.ts';
import type { Size } from '../size.ts';
import type { DataType } from '../types.ts';

const output = (dtype: DataType, ...operands: readonly Operand[]): { readonly dtype: DataType; readonly shape: readonly Size[] } => ({
  dtype,
  shape: broadcastSizes(...operands.map((operand) => operand.shape)),
});

type Unary = (a: Operand) => Operand;
type Binary = (a: Operand, b: Operand) => Operand;

/** Arithmetic on operands, for formulas that become plain nodes. Results have the type of the first operand. */
export interface Formulas {
  readonly add: Binary;
  readonly subtract: Binary;
  readonly multiply: Binary;
  readonly divide: Binary;
  readonly minimum: Binary;
  readonly maximum: Binary;
  readonly less: Binary;
  readonly lessOrEqual: Binary;
  readonly equal: Binary;
  readonly and: Binary;
  readonly sqrt: Unary;
  readonly exp: Unary;
  readonly log: Unary;
  readonly erf: Unary;
  readonly tanh: Unary;
  readonly abs: Unary;
  readonly isNaN: Unary;
  /** A float32 that is the same everywhere. */
  readonly number: (value: number) => Operand;
  /** `a` where the condition holds, `b` elsewhere. */
  readonly choose: (condition: Operand, a: Operand, b: Operand) => Operand;
}

/** {@link Formulas} of a graph. */
export const formulas = (graph: Graph): Formulas => {
  const binary =
    (op: string): Binary =>
    (a, b) =>
      graph.elementwise(op, [a, b], output(a.dtype, b, a));
  const unary =
    (op: string): Unary =>
    (a) =>
      graph.elementwise(op, [a], output(a.dtype, a));
  const compare =
    (op: string): Binary =>
    (a, b) =>
      graph.elementwise(op, [a, b], output('bool', b, a));
  return {
    add: binary('Add'),
    subtract: binary('Sub'),
    multiply: (a, b) => (a.value === 1 ? b : b.value === 1 ? a : binary('Mul')(a, b)),
    divide: binary('Div'),
    minimum: binary('Min'),
    maximum: binary('Max'),
    less: compare('Less'),
    lessOrEqual: compare('LessOrEqual'),
    equal: compare('Equal'),
    and: compare('And'),
    sqrt: unary('Sqrt'),
    exp: unary('Exp'),
    log: unary('Log'),
    erf: unary('Erf'),
    tanh: unary('Tanh'),
    abs: unary('Abs'),
    // ONNX Runtime has no IsNaN for GPUs; NaN is what does not equal itself.
    isNaN: (a) =>
      graph.target === 'webgpu'
        ? graph.elementwise('Not', [compare('Equal')(a, a)], output('bool', a))
        : graph.elementwise('IsNaN', [a], output('bool', a)),
    number: (value) => graph.filled('float32', [], value),
    choose: (condition, a, b) => graph.elementwise('Where', [condition, a, b], output(a.dtype, condition, a, b)),
  };
};
