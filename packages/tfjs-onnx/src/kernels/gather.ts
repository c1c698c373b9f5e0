import { at, axesOf, entry, fixed, kernel, type KernelTable } from '../kernel.ts';
import type { Graph, Operand } from '../graph.ts';
import { productOf, type Size } from '../size.ts';
import type { DataType } from '../types.ts';
import { OnnxEngineError } from '../errors.ts';

interface Gather {
  readonly axis: number;
  readonly batchDims?: number;
}

/** Up to here a sum over segments is a product with a one-hot matrix: it runs on all cores and no two rows race. */
const SMALL_SEGMENTS = 64;

/** 0, 1, … count − 1 as int32. */
const range = (graph: Graph, count: number): Operand =>
  graph.constant(
    'int32',
    [count],
    Int32Array.from({ length: count }, (_, i) => i),
  );

/** [..., depth]: whether an index is the position on the last axis. */
const matches = (graph: Graph, indices: Operand, depth: number): Operand => {
  const column = graph.reshape(indices, [...indices.shape, 1]);
  return graph.elementwise('Equal', [column, range(graph, depth)], { dtype: 'bool', shape: [...indices.shape, depth] });
};

/** Sums rows `[n, k]` by segment into `[segments, k]`. */
const segmentSum = (graph: Graph, rows: Operand, ids: Operand, segments: Size): Operand => {
  const [count = 1, width = 1] = rows.shape;
  const output = { dtype: rows.dtype, shape: [segments, width] };
  if (typeof segments === 'number' && segments <= SMALL_SEGMENTS && rows.dtype === 'float32') {
    const column = graph.reshape(range(graph, segments), [segments, 1]);
    const hot = graph.elementwise('Equal', [column, graph.reshape(ids, [1, count])], { dtype: 'bool', shape: [segments, count] });
    return graph.operation('MatMul', [graph.whole(graph.cast(hot, 'float32')), graph.whole(rows)], output);
  }
  const zeros = graph.whole(graph.filled(rows.dtype, output.shape, 0));
  const column = graph.whole(graph.reshape(ids, [count, 1]));
  const index = graph.node('Expand', [column, graph.sizes([count, width])], { type: 'int32', shape: [count, width] });
  return graph.operation('ScatterElements', [zeros, index, graph.whole(rows)], output, { attributes: { axis: 0, reduction: 'add' } });
};

/** Rows by index, and their gradient. */
export const gatherKernels: KernelTable = {
  GatherV2: kernel<Gather>({
    outline: (inputs, { axis, batchDims }) => {
      const x = entry(inputs, 'x');
      const indices = entry(inputs, 'indices');
      if ((batchDims ?? 0) !== 0)
        throw new OnnxEngineError('gather: expected batchDims 0, got another. Gather row by row, or use tf.gatherND.', {
          subject: 'GatherV2',
        });
      const along = at(axesOf(axis, x.shape.length), 0);
      return [{ dtype: x.dtype, shape: [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)] }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const axis = at(axesOf(attributes.axis, x.shape.length), 0);
      const indices = graph.cast(entry(inputs, 'indices'), 'int32');
      return [graph.operation('Gather', [graph.whole(x), graph.whole(indices)], at(outputs, 0), { attributes: { axis } })];
    },
  }),
  UnsortedSegmentSum: kernel<{ readonly numSegments: number }>({
    outline: (inputs, { numSegments }) => {
      const x = entry(inputs, 'x');
      return [{ dtype: x.dtype, shape: [numSegments, ...x.shape.slice(entry(inputs, 'segmentIds').shape.length)] }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const ids = graph.cast(entry(inputs, 'segmentIds'), 'int32');
      const count = productOf(ids.shape);
      const rows = graph.reshape(x, [count, productOf(x.shape.slice(ids.shape.length))]);
      return [graph.reshape(segmentSum(graph, rows, graph.reshape(ids, [count]), attributes.numSegments), at(outputs, 0).shape)];
    },
  }),
  OneHot: kernel<{ readonly depth: number; readonly onValue: number; readonly offValue: number; readonly dtype?: DataType }>({
    outline: (inputs, { depth, dtype }) => [{ dtype: dtype ?? 'float32', shape: [...entry(inputs, 'indices').shape, depth] }],
    lower: ({ graph, inputs, attributes, outputs }) => {
      const output = at(outputs, 0);
      const on = fixed(attributes.onValue, 'oneHot');
      const off = fixed(attributes.offValue, 'oneHot');
      const hot = matches(graph, graph.cast(entry(inputs, 'indices'), 'int32'), fixed(attributes.depth, 'oneHot'));
      if (on === 1 && off === 0) return [graph.cast(hot, output.dtype)];
      return [graph.elementwise('Where', [hot, graph.filled(output.dtype, [], on), graph.filled(output.dtype, [], off)], output)];
    },
  }),
};
