import { at, entry, kernel, type Kernel, type KernelTable } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { formulas } from './formulas.ts';
import { broadcast, broadcastShapes, like } from './outlines.ts';

/** ONNX compares numbers, not truth values. */
const asNumber = (graph: Graph, operand: Operand): Operand => (operand.dtype === 'bool' ? graph.cast(operand, 'int32') : operand);

const comparison = (op: string): Kernel =>
  kernel({
    outline: (inputs) => broadcast(inputs, 'bool'),
    lower: ({ graph, inputs, outputs }) => [
      graph.elementwise(op, [asNumber(graph, entry(inputs, 'a')), asNumber(graph, entry(inputs, 'b'))], at(outputs, 0)),
    ],
  });

const logical = (op: string): Kernel =>
  kernel({
    outline: (inputs) => broadcast(inputs, 'bool'),
    lower: ({ graph, inputs, outputs }) => [
      graph.elementwise(op, [graph.cast(entry(inputs, 'a'), 'bool'), graph.cast(entry(inputs, 'b'), 'bool')], at(outputs, 0)),
    ],
  });

const not = (graph: Graph, x: Operand): Operand => graph.elementwise('Not', [x], { dtype: 'bool', shape: x.shape });

const test = (lower: (graph: Graph, x: Operand) => Operand): Kernel =>
  kernel({
    outline: (inputs) => like(inputs, 'x', 'bool'),
    lower: ({ graph, inputs }) => [lower(graph, entry(inputs, 'x'))],
  });

const isNaN = (graph: Graph, x: Operand): Operand => formulas(graph).isNaN(graph.cast(x, 'float32'));
const isInfinite = (graph: Graph, x: Operand): Operand => {
  const { abs, equal, number } = formulas(graph);
  return equal(abs(graph.cast(x, 'float32')), number(Number.POSITIVE_INFINITY));
};

/** Comparison, truth values, choice. */
export const logicKernels: KernelTable = {
  Equal: comparison('Equal'),
  NotEqual: kernel({
    outline: (inputs) => broadcast(inputs, 'bool'),
    lower: ({ graph, inputs, outputs }) => [
      not(graph, graph.elementwise('Equal', [asNumber(graph, entry(inputs, 'a')), asNumber(graph, entry(inputs, 'b'))], at(outputs, 0))),
    ],
  }),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  BitwiseAnd: kernel({
    outline: (inputs) => broadcast(inputs),
    lower: ({ graph, inputs, outputs }) => [graph.elementwise('BitwiseAnd', [entry(inputs, 'a'), entry(inputs, 'b')], at(outputs, 0))],
  }),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: test((graph, x) => not(graph, graph.cast(x, 'bool'))),
  IsNan: test(isNaN),
  IsInf: test(isInfinite),
  IsFinite: test((graph, x) => {
    const either = graph.elementwise('Or', [isNaN(graph, x), isInfinite(graph, x)], { dtype: 'bool', shape: x.shape });
    return not(graph, either);
  }),
  Select: kernel({
    outline: (inputs) => {
      const condition = entry(inputs, 'condition');
      const t = entry(inputs, 't');
      const e = entry(inputs, 'e');
      const shape =
        condition.shape.length === 1 && t.shape.length > 1 ? t.shape : broadcastShapes(broadcastShapes(condition.shape, t.shape), e.shape);
      return [{ dtype: t.dtype, shape }];
    },
    lower: ({ graph, inputs, outputs }) => {
      const condition = graph.cast(entry(inputs, 'condition'), 'bool');
      const t = entry(inputs, 't');
      const rows = condition.shape.length === 1 && t.shape.length > 1;
      const tall = rows ? graph.reshape(condition, [at(condition.shape, 0), ...t.shape.slice(1).map(() => 1)]) : condition;
      return [graph.elementwise('Where', [tall, t, graph.cast(entry(inputs, 'e'), t.dtype)], at(outputs, 0))];
    },
  }),
};
