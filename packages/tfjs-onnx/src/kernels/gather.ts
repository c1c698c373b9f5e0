import { at, axesOf, entry, fixed, kernel, type KernelTable } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { multiplySizes, productOf, type Size } from '../size.ts';
import type { DataType } from '../types.ts';
import type { Outline, Source } from '../value.ts';

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
export const segmentSum = (graph: Graph, rows: Operand, ids: Operand, segments: Size): Operand => {
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

/** Refuses indices that are known already and lie outside. */
const checkKnown = (indices: Outline & { readonly source?: Source }, size: number): void => {
  if (indices.source?.kind !== 'constant') return;
  const wrong = indices.source.data.find((index) => index < 0 || index >= size);
  if (wrong !== undefined)
    throw new RangeError(
      `gather: expected indices that x has, got another. GatherV2: the index value ${wrong} is not in [0, ${size - 1}].`,
    );
};

/** Batch axes; from the end of the indices' if negative. */
const countBatch = (batchDims: number, rank: number): number => (batchDims < 0 ? batchDims + rank : batchDims);

const batchedShape = (x: readonly number[], indices: readonly number[], axis: number, batch: number): readonly number[] => {
  if (batch > indices.length || batch > axis || x.slice(0, batch).some((size, i) => size !== indices[i])) {
    const detail =
      batch > indices.length
        ? `Expect batchDims in the range of [-${indices.length}, ${indices.length}]`
        : batch > axis
          ? `batchDims (${batch}) must be less than or equal to axis (${axis})`
          : `x.shape[:batchDims] should be equal to indices.shape[:batchDims]`;
    throw new RangeError(`gather: expected batchDims that fit [${x.join(', ')}] and [${indices.join(', ')}], got ${batch}. ${detail}.`);
  }
  return [...x.slice(0, axis), ...indices.slice(batch), ...x.slice(axis + 1)];
};

interface BatchGather {
  readonly axis: number;
  readonly batch: number;
  readonly shape: readonly Size[];
}

/** Row b of the indices picks from row b of `x`: one Gather from all rows laid end to end. */
const gatherBatch = (graph: Graph, x: Operand, indices: Operand, { axis, batch, shape }: BatchGather): Operand => {
  const rows = productOf(x.shape.slice(0, batch));
  const outer = productOf(x.shape.slice(batch, axis));
  const size = at(x.shape, axis);
  const inner = productOf(x.shape.slice(axis + 1));
  const picked = productOf(indices.shape.slice(batch));
  // [rows, outer, size, inner] → [rows · size, outer, inner]
  const first = graph.transpose(graph.reshape(x, [rows, outer, size, inner]), [0, 2, 1, 3]);
  const table = graph.reshape(first, [multiplySizes(rows, size), outer, inner]);
  const bounds = [0, rows, 1].map((bound) => graph.sizeValue('int32', [], bound).name);
  const row = graph.operation('Range', bounds, { dtype: 'int32', shape: [rows] });
  const offset = graph.elementwise('Mul', [row, graph.sizeValue('int32', [], size)], row);
  const flat = graph.reshape(indices, [rows, picked]);
  const index = graph.elementwise('Add', [flat, graph.reshape(offset, [rows, 1])], flat);
  const parts = graph.operation(
    'Gather',
    [graph.whole(table), graph.whole(index)],
    { dtype: x.dtype, shape: [rows, picked, outer, inner] },
    { attributes: { axis: 0 } },
  );
  return graph.reshape(graph.transpose(parts, [0, 2, 1, 3]), shape);
};

/** Rows by index, and their gradient. */
export const gatherKernels: KernelTable = {
  GatherV2: kernel<Gather>({
    outline: (inputs, { axis, batchDims }) => {
      const x = entry(inputs, 'x');
      const indices = entry(inputs, 'indices');
      checkKnown(indices, at(x.shape, at(axesOf(axis, x.shape.length), 0)));
      const batch = countBatch(batchDims ?? 0, indices.shape.length);
      const along = at(axesOf(axis, x.shape.length), 0);
      if (batch > 0) return [{ dtype: x.dtype, shape: batchedShape(x.shape, indices.shape, along, batch) }];
      return [{ dtype: x.dtype, shape: [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)] }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const axis = at(axesOf(attributes.axis, x.shape.length), 0);
      const indices = graph.cast(entry(inputs, 'indices'), 'int32');
      const batch = countBatch(fixed(attributes.batchDims ?? 0, 'gather'), indices.shape.length);
      if (batch > 0) return [gatherBatch(graph, x, indices, { axis, batch, shape: at(outputs, 0).shape })];
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
