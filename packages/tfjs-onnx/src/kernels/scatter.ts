import { OnnxEngineError } from '../errors.ts';
import { at, entry, fixed, kernel, type KernelTable } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { productOf, type Size } from '../size.ts';
import type { DataType } from '../types.ts';
import type { Outline, Source } from '../value.ts';
import { formulas } from './formulas.ts';
import { segmentSum } from './gather.ts';
import { broadcastShapes } from './outlines.ts';

/** ONNX's own indices are int64. */
const toInt64 = (graph: Graph, indices: Operand): string =>
  graph.node('Cast', [graph.whole(indices)], { type: 'int64', shape: indices.shape }, { attributes: { to: 7 } });

/** Row-major positions `[n]` of index vectors `[n, depth]` in an array that begins with these sizes. */
const positions = (graph: Graph, indices: Operand, sizes: readonly number[]): Operand => {
  const { multiply } = formulas(graph);
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  const weighted = multiply(indices, graph.constant('int32', [strides.length], Int32Array.from(strides)));
  const shape = indices.shape.slice(0, -1);
  const axis = graph.integers([shape.length]);
  return graph.operation('ReduceSum', [graph.whole(weighted), axis], { dtype: 'int32', shape }, { attributes: { keepdims: 0 } });
};

/** How long an index vector is: one-dimensional indices are vectors of one. */
const depthOf = ({ shape }: Operand): number => (shape.length < 2 ? 1 : fixed(at(shape, shape.length - 1), 'scatterND'));

/** How often each of 0 … size − 1 occurs on the last axis of `x`, or the sum of its weights there. */
const count = (graph: Graph, x: Operand, weights: Operand | undefined, size: number): Operand => {
  const { equal, multiply } = formulas(graph);
  const numbers = graph.constant(
    'int32',
    [size],
    Int32Array.from({ length: size }, (_, i) => i),
  );
  const hot = graph.cast(equal(graph.reshape(x, [...x.shape, 1]), numbers), weights?.dtype ?? 'float32');
  const weighted = weights === undefined ? hot : multiply(hot, graph.reshape(weights, [...weights.shape, 1]));
  const axis = x.shape.length - 1;
  return graph.operation(
    'ReduceSum',
    [graph.whole(weighted), graph.integers([axis])],
    { dtype: hot.dtype, shape: [...x.shape.slice(0, -1), size] },
    { attributes: { keepdims: 0 } },
  );
};

const weightsOf = (inputs: Readonly<Record<string, Operand>>): Operand | undefined =>
  productOf(entry(inputs, 'weights').shape) === 0 ? undefined : entry(inputs, 'weights');

const binDtype = (weights: { readonly dtype: DataType }): DataType => weights.dtype;

type Known = Outline & { readonly source?: Source };

/** Places by index, counts, positions in sorted rows. */
export const scatterKernels: KernelTable = {
  GatherNd: kernel({
    outline: (inputs) => {
      const params = entry(inputs, 'params');
      const indices = entry(inputs, 'indices');
      const depth = at(indices.shape, indices.shape.length - 1);
      if (depth > params.shape.length)
        throw new RangeError(
          `gatherND: expected at most ${params.shape.length} indices a row, got ${depth}. The last axis of indices is an index vector.`,
        );
      return [{ dtype: params.dtype, shape: [...indices.shape.slice(0, -1), ...params.shape.slice(depth)] }];
    },
    lower: ({ graph, inputs, outputs }) => [
      graph.operation(
        'GatherND',
        [graph.whole(entry(inputs, 'params')), toInt64(graph, graph.cast(entry(inputs, 'indices'), 'int32'))],
        at(outputs, 0),
      ),
    ],
  }),
  ScatterNd: kernel<{ readonly shape: readonly number[] }>({
    outline: (inputs, { shape }) => [{ dtype: entry(inputs, 'updates').dtype, shape }],
    lower: ({ graph, inputs, outputs }) => {
      const indices = graph.cast(entry(inputs, 'indices'), 'int32');
      const output = at(outputs, 0);
      const depth = depthOf(indices);
      const sizes = output.shape.slice(0, depth).map((size) => fixed(size, 'scatterND'));
      const rows = productOf(indices.shape.length < 2 ? indices.shape : indices.shape.slice(0, -1));
      const width = productOf(output.shape.slice(depth));
      const ids = positions(graph, graph.reshape(indices, [rows, depth]), sizes);
      const updates = graph.reshape(entry(inputs, 'updates'), [rows, width]);
      return [graph.reshape(segmentSum(graph, updates, ids, productOf(sizes)), output.shape)];
    },
  }),
  TensorScatterUpdate: kernel({
    outline: (inputs) => [{ dtype: entry(inputs, 'tensor').dtype, shape: entry(inputs, 'tensor').shape }],
    lower: ({ graph, inputs, outputs }) => {
      const output = at(outputs, 0);
      const indices = graph.cast(entry(inputs, 'indices'), 'int32');
      const updates = graph.whole(graph.cast(entry(inputs, 'updates'), output.dtype));
      return [graph.operation('ScatterND', [graph.whole(entry(inputs, 'tensor')), toInt64(graph, indices), updates], output)];
    },
  }),
  SparseToDense: kernel<{ readonly outputShape: readonly number[] }>({
    outline: (inputs, { outputShape }) => [{ dtype: entry(inputs, 'sparseValues').dtype, shape: outputShape }],
    lower: ({ graph, inputs, outputs }) => {
      const output = at(outputs, 0);
      const given = graph.cast(entry(inputs, 'sparseIndices'), 'int32');
      const rows: Size = given.shape.length === 0 ? 1 : at(given.shape, 0);
      const depth: Size = given.shape.length < 2 ? 1 : at(given.shape, 1);
      const values = entry(inputs, 'sparseValues');
      const base = graph.cast(entry(inputs, 'defaultValue'), output.dtype);
      return [
        graph.operation(
          'ScatterND',
          [
            graph.whole({ ...graph.reshape(base, []), shape: output.shape }),
            toInt64(graph, graph.reshape(given, [rows, depth])),
            graph.whole({ ...values, shape: [rows] }),
          ],
          output,
        ),
      ];
    },
  }),
  Bincount: kernel<{ readonly size: number }>({
    outline: (inputs, { size }) => [{ dtype: binDtype(entry(inputs, 'weights')), shape: [size] }],
    lower: ({ graph, inputs, attributes, outputs }) => {
      const flat = (operand: Operand): Operand => graph.reshape(operand, [productOf(operand.shape)]);
      const weights = weightsOf(inputs);
      const size = fixed(attributes.size, 'bincount');
      const counts = count(graph, flat(entry(inputs, 'x')), weights === undefined ? undefined : flat(weights), size);
      return [graph.cast(counts, at(outputs, 0).dtype)];
    },
  }),
  DenseBincount: kernel<{ readonly size: number; readonly binaryOutput?: boolean }>({
    outline: (inputs, { size }) => [{ dtype: binDtype(entry(inputs, 'weights')), shape: [...entry(inputs, 'x').shape.slice(0, -1), size] }],
    lower: ({ graph, inputs, attributes, outputs }) => {
      const { dtype } = at(outputs, 0);
      const binary = attributes.binaryOutput === true;
      const counts = count(graph, entry(inputs, 'x'), binary ? undefined : weightsOf(inputs), fixed(attributes.size, 'denseBincount'));
      return [graph.cast(binary ? graph.cast(counts, 'bool') : counts, dtype)];
    },
  }),
  SearchSorted: kernel<{ readonly side: 'left' | 'right' }>({
    outline: (inputs) => [{ dtype: 'int32', shape: entry(inputs, 'values').shape }],
    lower: ({ graph, inputs, attributes, outputs }) => {
      const { less, lessOrEqual } = formulas(graph);
      const sorted = entry(inputs, 'sortedSequence');
      const values = entry(inputs, 'values');
      const [batch = 1, length = 1] = sorted.shape;
      const row = graph.reshape(sorted, [batch, 1, length]);
      const column = graph.reshape(values, [...values.shape, 1]);
      const before = graph.cast((attributes.side === 'left' ? less : lessOrEqual)(row, column), 'int32');
      const axes = graph.integers([2]);
      return [graph.operation('ReduceSum', [graph.whole(before), axes], at(outputs, 0), { attributes: { keepdims: 0 } })];
    },
  }),
  BroadcastArgs: kernel({
    outline: (inputs) => {
      const [s0, s1] = [entry(inputs, 's0'), entry(inputs, 's1')] as readonly Known[];
      const [a = 0] = s0?.shape ?? [];
      const [b = 0] = s1?.shape ?? [];
      if (s0?.source?.kind === 'constant' && s1?.source?.kind === 'constant') broadcastShapes([...s0.source.data], [...s1.source.data]);
      return [{ dtype: 'int32', shape: [Math.max(a, b)] }];
    },
    lower: ({ graph, inputs, outputs }) => {
      const { equal, choose } = formulas(graph);
      const rank = fixed(at(at(outputs, 0).shape, 0), 'broadcastArgs');
      const one = graph.filled('int32', [], 1);
      const [a, b] = ['s0', 's1'].map((key) => {
        const x = entry(inputs, key);
        const missing = rank - fixed(at(x.shape, 0), 'broadcastArgs');
        if (missing === 0) return x;
        return graph.operation('Pad', [graph.whole(x), graph.integers([missing, 0]), one.name], { dtype: 'int32', shape: [rank] });
      });
      if (a === undefined || b === undefined) throw new OnnxEngineError('broadcastArgs: expected two shapes, got fewer.');
      return [choose(equal(a, one), b, a)];
    },
  }),
  Diag: kernel({
    outline: (inputs) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: [...shape, ...shape] }];
    },
    lower: ({ graph, inputs, outputs }) => {
      const { equal, choose } = formulas(graph);
      const x = entry(inputs, 'x');
      const n = fixed(productOf(x.shape), 'diag');
      const numbers = Int32Array.from({ length: n }, (_, i) => i);
      const eye = equal(graph.constant('int32', [n, 1], numbers), graph.constant('int32', [n], numbers));
      const value = x.dtype === 'bool' ? graph.cast(x, 'int32') : x;
      const filled = choose(eye, graph.reshape(value, [n]), graph.filled(value.dtype, [], 0));
      return [graph.reshape(graph.cast(filled, x.dtype), at(outputs, 0).shape)];
    },
  }),
};
