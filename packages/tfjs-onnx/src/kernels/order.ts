import * as tf from '@tensorflow/tfjs';
import { OnnxEngineError } from '../errors.ts';
import { at, axesOf, entry, fixed, kernel, type KernelTable, type SymbolicAttributes } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { addSizes, type Size } from '../size.ts';
import { formulas } from './formulas.ts';
import { like } from './outlines.ts';

/** An end that a backward slice never reaches. */
const BEFORE_FIRST = -(2 ** 31);

const reversed = (graph: Graph, x: Operand, axes: readonly number[]): Operand => {
  if (axes.length === 0 || x.stored.length === 0) return x;
  const all = (value: number): string => graph.integers(axes.map(() => value));
  return graph.operation('Slice', [graph.whole(x), all(-1), all(BEFORE_FIRST), graph.integers(axes), all(-1)], x);
};

/** The values moved `by` places towards the end of an axis; ones come in. */
const shifted = (graph: Graph, x: Operand, axis: number, by: number): Operand => {
  const size = at(x.shape, axis);
  const pads = [...x.shape.map((_, i) => (i === axis ? by : 0)), ...x.shape.map(() => 0)];
  const shape = x.shape.map((whole, i) => (i === axis ? addSizes(size, by) : whole));
  const padded = graph.operation('Pad', [graph.whole(x), graph.integers(pads), graph.scalar(x.dtype, 1)], { dtype: x.dtype, shape });
  return graph.operation('Slice', [padded.name, graph.integers([0]), graph.sizes([size]), graph.integers([axis])], x);
};

interface Strides {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

const slicePlan = (shape: readonly number[], attributes: Strides): ReturnType<typeof tf.slice_util.sliceInfo> => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  return tf.slice_util.sliceInfo(
    [...shape],
    [...begin],
    [...end],
    [...strides],
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
};

const fixedStrides = (attributes: SymbolicAttributes<Strides>): Strides => {
  const one = (value: Size): number => fixed(value, 'stridedSlice');
  return {
    begin: attributes.begin.map(one),
    end: attributes.end.map(one),
    strides: attributes.strides.map(one),
    beginMask: one(attributes.beginMask),
    endMask: one(attributes.endMask),
    ellipsisMask: one(attributes.ellipsisMask),
    newAxisMask: one(attributes.newAxisMask),
    shrinkAxisMask: one(attributes.shrinkAxisMask),
  };
};

/** Order along axes: turned round, largest first, running products, every n-th. */
export const orderKernels: KernelTable = {
  Reverse: kernel<{ readonly dims: number | readonly number[] }>({
    outline: (inputs, { dims }) => {
      const outline = like(inputs, 'x');
      const rank = at(outline, 0).shape.length;
      if (axesOf(dims, rank).some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank))
        throw new RangeError(`reverse: expected whole axes below ${rank}, got ${String(dims)}.`);
      return outline;
    },
    lower: ({ graph, inputs, attributes }) => {
      const x = entry(inputs, 'x');
      return [reversed(graph, x, axesOf(attributes.dims as Size | readonly Size[], x.shape.length))];
    },
  }),
  TopK: kernel<{ readonly k: number; readonly sorted: boolean }>({
    outline: (inputs, { k }) => {
      const { dtype, shape } = entry(inputs, 'x');
      const cut = [...shape.slice(0, -1), k];
      return [
        { dtype, shape: cut },
        { dtype: 'int32', shape: cut },
      ];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const { dtype, shape } = at(outputs, 0);
      const x = entry(inputs, 'x');
      if (shape.includes(0)) return [graph.filled(dtype, shape, 0), graph.filled('int32', shape, 0)];
      const type = dtype === 'bool' ? 'int32' : dtype;
      const [values = '', indices = ''] = graph.nodes(
        'TopK',
        [graph.whole(graph.cast(x, type)), graph.sizes([attributes.k])],
        [
          { type, shape },
          { type: 'int64', shape },
        ],
      );
      return [
        graph.cast({ name: values, dtype: type, shape, stored: shape }, dtype),
        graph.operation('Cast', [indices], at(outputs, 1), { attributes: { to: 6 } }),
      ];
    },
  }),
  Cumprod: kernel<{ readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }>({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, inputs, attributes }) => {
      const { multiply } = formulas(graph);
      const x = entry(inputs, 'x');
      const axis = at(axesOf(attributes.axis, x.shape.length), 0);
      const size = fixed(at(x.shape, axis), 'cumprod');
      let running = attributes.reverse ? reversed(graph, x, [axis]) : x;
      if (attributes.exclusive) running = shifted(graph, running, axis, 1);
      // Each round doubles the number of factors: ⌈log₂ n⌉ rounds.
      for (let by = 1; by < size; by *= 2) running = multiply(running, shifted(graph, running, axis, by));
      return [attributes.reverse ? reversed(graph, running, [axis]) : running];
    },
  }),
  StridedSlice: kernel<Strides>({
    outline: (inputs, attributes) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: slicePlan(shape, attributes).finalShape }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const shape = x.shape.map((size) => {
        if (typeof size === 'number') return size;
        throw new OnnxEngineError('stridedSlice: expected sizes that are the same in every run, got a symbolic one. Use tf.slice.', {
          subject: 'StridedSlice',
        });
      });
      const { begin, end, strides, finalShape } = slicePlan(shape, fixedStrides(attributes));
      if (finalShape.includes(0)) return [graph.filled(x.dtype, finalShape, 0)];
      const axes = shape.map((_, axis) => axis);
      const ends = end.map((to, axis) => ((strides[axis] ?? 1) < 0 && to < 0 ? BEFORE_FIRST : to));
      const sizes = begin.map((from, axis) => Math.ceil(((end[axis] ?? 0) - from) / (strides[axis] ?? 1)));
      const part = graph.operation(
        'Slice',
        [graph.whole(x), graph.integers(begin), graph.integers(ends), graph.integers(axes), graph.integers(strides)],
        { dtype: x.dtype, shape: sizes },
      );
      return [graph.reshape(part, at(outputs, 0).shape)];
    },
  }),
};
