import type { Graph } from '../graph.ts';
import { MICROSOFT, type Operand } from '../operand.ts';
import { productOf, symbolFactors, type Size } from '../size.ts';

/** Sums along axes, in one node. */
const plainSum = (graph: Graph, x: Operand, axes: readonly number[], shape: readonly Size[]): Operand =>
  graph.operation('ReduceSum', [graph.whole(x), graph.integers(axes)], { dtype: x.dtype, shape }, { attributes: { keepdims: 0 } });

/**
 * `[p, q, k]` summed over q, as a product with a row of ones: on a GPU a reduction computes each output in one thread and
 * copies its input first unless it reduces the last axis.
 */
const sumByProduct = (graph: Graph, x: Operand): Operand => {
  const [p = 1, q = 1, k = 1] = x.shape;
  const ones = graph.whole(graph.filled('float32', [1, q], 1));
  const product = graph.operation('MatMul', [ones, graph.whole(x)], { dtype: 'float32', shape: [p, 1, k] });
  return graph.reshape(product, [p, k]);
};

/** Values in a row of a long vector, and rows that one product adds up. */
const ROW = 1024;
const ROWS = 64;

/** What counts of values are padded to, so that {@link totalSum} can split them evenly. */
export const EVEN_COUNT: number = ROW * ROWS;

/** The sum of all values. On a GPU it goes in stages, each of which leaves enough outputs to keep the GPU busy. */
export const totalSum = (graph: Graph, x: Operand): Operand => {
  const count = productOf(x.shape);
  if (graph.target !== 'webgpu' || typeof count !== 'number' || count % EVEN_COUNT !== 0)
    return plainSum(
      graph,
      x,
      x.shape.map((_, axis) => axis),
      [],
    );
  const blocks = sumByProduct(graph, graph.reshape(x, [count / EVEN_COUNT, ROWS, ROW]));
  const row = sumByProduct(graph, graph.reshape(blocks, [1, count / EVEN_COUNT, ROW]));
  const side = Math.sqrt(ROW);
  return plainSum(graph, plainSum(graph, graph.reshape(row, [side, side]), [1], [side]), [0], []);
};

/** The sum over the first axis of `[n, k]`, which for a GPU is split where n is a product such as batch · length. */
export const columnSum = (graph: Graph, x: Operand): Operand => {
  const [rows = 1, width = 1] = x.shape;
  if (graph.target !== 'webgpu' || x.dtype !== 'float32') return plainSum(graph, x, [0], [width]);
  const [outer = 1, ...rest] = symbolFactors(rows);
  const whole = rest.length === 0 ? x : sumByProduct(graph, graph.reshape(x, [outer, productOf(rest), width]));
  return graph.reshape(sumByProduct(graph, graph.reshape(whole, [1, outer, width])), [width]);
};

/** The mean over the last axis, which stays with size 1. */
export const rowMean = (graph: Graph, x: Operand): Operand => {
  const shape = [...x.shape.slice(0, -1), 1];
  const width = x.shape.at(-1);
  if (graph.target !== 'webgpu' || typeof width !== 'number') {
    return graph.operation(
      'ReduceMean',
      [graph.whole(x), graph.integers([x.shape.length - 1])],
      { dtype: 'float32', shape },
      { attributes: { keepdims: 1 } },
    );
  }
  // A GPU normalises a row with many threads and sums it with one; the mean is a second result.
  const ones = graph.constant('float32', [width], new Float32Array(width).fill(1));
  const outputs = [
    { type: 'float32' as const, shape: x.shape },
    { type: 'float32' as const, shape },
  ];
  const [, mean = ''] = graph.nodes('LayerNormalization', [graph.whole(x), graph.whole(ones)], outputs, {
    attributes: { axis: -1, epsilon: { float: 1 } },
  });
  return { name: mean, dtype: 'float32', shape, stored: shape };
};

/** What computes the mean over the last axis, which stays with size 1, of values times weights `[width]`, in `graph` or inside of it. */
export const weightedRowMean = (graph: Graph, weights: Operand): ((inner: Graph, x: Operand) => Operand) => {
  const [width = 1] = weights.shape;
  if (graph.target !== 'cpu' || typeof width !== 'number') return (inner, x) => rowMean(inner, inner.elementwise('Mul', [x, weights], x));
  // A product with one column reads the values once; multiplied first they would be written and read once more.
  const shares = graph.elementwise('Mul', [weights, graph.filled('float32', [], 1 / width)], weights);
  const column = graph.whole(graph.reshape(shares, [width, 1]));
  return (inner, x) => inner.operation('MatMul', [inner.whole(x), column], { dtype: 'float32', shape: [...x.shape.slice(0, -1), 1] });
};

/** Equal parts of a tensor whose squares are summed by several threads. */
const PARTS = 8;
/** Fewer values are summed faster by one thread. */
const MANY = 2 ** 18;

/** The sum of all squares, on the CPU: ReduceSumSquare takes one thread, a batch of products of rows with themselves takes all. */
export const squareSum = (graph: Graph, x: Operand): Operand => {
  const scalar = { dtype: 'float32', shape: [] } as const;
  const count = productOf(x.shape);
  if (typeof count !== 'number' || count < MANY || count % PARTS !== 0)
    return graph.operation('ReduceSumSquare', [graph.whole(x)], scalar, { attributes: { keepdims: 0 } });
  const rows = graph.whole(graph.reshape(x, [PARTS, 1, count / PARTS]));
  const squares = graph.operation(
    'FusedMatMul',
    [rows, rows],
    { dtype: 'float32', shape: [PARTS, 1, 1] },
    { domain: MICROSOFT, attributes: { transB: 1 } },
  );
  return graph.operation('ReduceSum', [graph.whole(squares)], scalar, { attributes: { keepdims: 0 } });
};
