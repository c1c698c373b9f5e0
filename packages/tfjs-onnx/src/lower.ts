import { OnnxEngineError } from './errors.ts';
import { Graph } from './graph.ts';
import type { GraphOptions, Operand, SizeFeed } from './operand.ts';
import { KERNELS } from './kernels/index.ts';
import { type ValueLife, valueLives } from './memory.ts';
import type { MergedConstant, MergedInput, MergedTrace } from './merge.ts';
import type { OnnxNode } from './protobuf.ts';
import type { Parts, Size } from './size.ts';

/** A graph and how to feed it. */
export interface LoweredGraph {
  readonly model: Uint8Array;
  readonly nodes: readonly OnnxNode[];
  readonly lives: readonly ValueLife[];
  readonly symbols: readonly string[];
  readonly sizeFeeds: readonly SizeFeed[];
  readonly parts: readonly Parts[];
  /** The inputs that the graph uses, of those of the function. */
  readonly inputs: ReadonlySet<string>;
  /** The name of the graph's output for each result of the function. */
  readonly results: Readonly<
    Record<string, { readonly output: string; readonly dtype: Operand['dtype']; readonly shape: readonly Size[] }>
  >;
}

const lowerConstant = (graph: Graph, item: MergedConstant): Operand => {
  if (item.kind === 'constant') return graph.constant(item.dtype, item.shape, item.data);
  if (item.kind === 'filled') return graph.sizeValue(item.dtype, item.shape, item.value);
  const [count = 0] = item.shape;
  const indices = graph.node(
    'Range',
    [graph.sizeValue('int32', [], 0), graph.sizeValue('int32', [], count), graph.sizeValue('int32', [], 1)].map(({ name }) => name),
    { type: 'int32', shape: [count] },
  );
  const whole = graph.cast({ name: indices, dtype: 'int32', shape: item.shape, stored: item.shape }, item.dtype);
  const scaled = graph.elementwise('Mul', [whole, graph.filled(item.dtype, [], item.step)], whole);
  return graph.elementwise('Add', [scaled, graph.filled(item.dtype, [], item.start)], whole);
};

/** Adds the nodes of all merged calls to a graph; returns the operand of each id. */
export const lowerItems = (
  graph: Graph,
  trace: MergedTrace,
  lowerInput: (input: MergedInput) => Operand = ({ name, dtype, shape }) => graph.input(name, dtype, shape),
): ((id: number) => Operand) => {
  const operands = new Map<number, Operand>();
  const operandOf = (id: number): Operand => {
    const operand = operands.get(id);
    if (operand === undefined) throw new OnnxEngineError(`lower: expected value ${id} to be computed before its use, got nothing.`);
    return operand;
  };
  for (const item of trace.items) {
    if (item.kind === 'call') {
      const kernel = KERNELS[item.kernel];
      if (kernel === undefined)
        throw new OnnxEngineError(`${item.kernel}: expected a kernel of the onnx backend, got one that it lacks.`, {
          subject: item.kernel,
        });
      const inputs = Object.fromEntries(item.inputs.map(([key, id]) => [key, operandOf(id)]));
      const results = kernel.lower({ graph, inputs, attributes: item.attributes, outputs: item.outputs });
      for (const [i, { id }] of item.outputs.entries()) {
        const result = results[i];
        if (result !== undefined) operands.set(id, result);
      }
    } else if (item.kind === 'input') operands.set(item.id, lowerInput(item));
    else operands.set(item.id, lowerConstant(graph, item));
  }
  return operandOf;
};

/** Turns merged calls into an ONNX graph. */
export const lowerTrace = (trace: MergedTrace, options: GraphOptions): LoweredGraph => {
  const graph = new Graph(trace.symbols, options);
  const operandOf = lowerItems(graph, trace);
  const results = Object.fromEntries(
    Object.entries(trace.results).map(([name, id]) => {
      const operand = operandOf(id);
      return [name, { output: graph.result(operand), dtype: operand.dtype, shape: operand.shape }];
    }),
  );
  const outputs = [...new Set(Object.values(results).map(({ output }) => output))];
  const finished = graph.finish(outputs);
  const lives = valueLives(finished.nodes, outputs, (name) => graph.described(name));
  return { ...finished, lives, symbols: trace.symbols, results };
};
