import type { Graph, Operand } from '../graph.ts';
import { productOf, symbolFactors, type Size } from '../size.ts';

/** Sums along axes, in one node. */
const plainSum = (graph: Graph, x: Operand, axes: readonly number[], shape: readonly Size[]): Operand =>
  graph.operation('ReduceSum', [graph.whole(x), graph.integers(axes)], { dtype: x.dtype, shape }, { attributes: { keepdims: 0 } });

/** What one thread of a GPU adds up in a row. */
const RUN = 1024;

/**
 * The sum of all values. On a GPU one thread computes one output of a reduction, so it goes in stages, each of which
 * leaves enough outputs to keep the GPU busy.
 */
export const totalSum = (graph: Graph, x: Operand): Operand => {
  const count = productOf(x.shape);
  if (graph.target === 'webgpu' && typeof count === 'number' && count > RUN) {
    const run = [RUN, 512, 256, 128, 64, 32, 16].find((size) => count % size === 0);
    if (run !== undefined) {
      const rows = graph.reshape(x, [count / run, run]);
      return totalSum(graph, plainSum(graph, rows, [1], [count / run]));
    }
  }
  return plainSum(
    graph,
    x,
    x.shape.map((_, axis) => axis),
    [],
  );
};

/** The sum over the first axis of `[n, k]`, which for a GPU is split where n is a product such as batch · length. */
export const columnSum = (graph: Graph, x: Operand): Operand => {
  const [rows = 1, width = 1] = x.shape;
  const factors = graph.target === 'webgpu' ? symbolFactors(rows) : [rows];
  const [outer, ...rest] = factors;
  if (outer === undefined || rest.length === 0) return plainSum(graph, x, [0], [width]);
  const split = graph.reshape(x, [outer, productOf(rest), width]);
  return plainSum(graph, plainSum(graph, split, [1], [outer, width]), [0], [width]);
};
