import { at, axesOf, entry, fixed, kernel, type Kernel, type KernelTable } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { addSizes, sameShape, sameSize, type Size } from '../size.ts';
import type { DataType } from '../types.ts';
import type { Outline } from '../value.ts';
import { countOf, like, listed, resolveShape } from './outlines.ts';

/** A value stretched to another shape of the same rank or a higher one. */
const stretched = (operand: Operand, shape: readonly Size[]): Operand => ({ ...operand, shape });

const insertAxis = (graph: Graph, x: Operand, axis: number): Operand => {
  const insert = (shape: readonly Size[]): readonly Size[] => [...shape.slice(0, axis), 1, ...shape.slice(axis)];
  const shape = insert(x.shape);
  if (x.stored.length === 0) return stretched(x, shape);
  if (sameShape(x.shape, x.stored) || x.stored.length !== x.shape.length) return graph.reshape(x, shape);
  const stored = insert(x.stored);
  return { ...x, name: graph.reshaped(x.name, { type: x.dtype, shape: x.stored }, stored), shape, stored };
};

const filledLike = (value: number): Kernel =>
  kernel({
    outline: (inputs) => like(inputs, 'x'),
    lower: ({ graph, outputs }) => [graph.filled(at(outputs, 0).dtype, at(outputs, 0).shape, value)],
  });

/** WebGPU slices floats only; it gathers anything. */
const gatherSlice = (
  graph: Graph,
  x: Operand,
  cuts: readonly { readonly axis: number; readonly begin: Size; readonly size: Size }[],
): Operand =>
  cuts.reduce((part, { axis, begin, size }) => {
    const bounds = [begin, addSizes(begin, size), 1].map((bound) => graph.sizeValue('int32', [], bound).name);
    const indices =
      typeof begin === 'number' && typeof size === 'number'
        ? graph.constant(
            'int32',
            [size],
            Int32Array.from({ length: size }, (_, i) => begin + i),
          ).name
        : graph.node('Range', bounds, { type: 'int32', shape: [size] });
    const shape = part.shape.map((whole, i) => (i === axis ? size : whole));
    return graph.operation('Gather', [graph.whole(part), indices], { dtype: x.dtype, shape }, { attributes: { axis } });
  }, x);

/** Part of `x`, from `begin`, as large as `shape`. Axes that are taken whole are left out. */
const slice = (graph: Graph, x: Operand, begin: readonly Size[], shape: readonly Size[]): Operand => {
  if (x.stored.length === 0) return stretched(x, shape);
  const axes = shape.flatMap((size, axis) => (sameSize(at(begin, axis), 0) && sameSize(size, at(x.shape, axis)) ? [] : [axis]));
  if (axes.length === 0) return x;
  if (graph.target === 'webgpu' && x.dtype !== 'float32')
    return gatherSlice(
      graph,
      x,
      axes.map((axis) => ({ axis, begin: at(begin, axis), size: at(shape, axis) })),
    );
  const starts = axes.map((axis) => at(begin, axis));
  const ends = axes.map((axis) => addSizes(at(begin, axis), at(shape, axis)));
  return graph.operation('Slice', [graph.whole(x), graph.sizes(starts), graph.sizes(ends), graph.integers(axes)], {
    dtype: x.dtype,
    shape,
  });
};

const concat = (graph: Graph, parts: readonly Operand[], axis: number, shape: readonly Size[]): Operand => {
  const only = at(parts, 0);
  if (parts.length === 1) return only;
  return graph.operation(
    'Concat',
    parts.map((part) => graph.whole(part)),
    { dtype: only.dtype, shape },
    { attributes: { axis } },
  );
};

const begins = (begin: Size | readonly Size[], rank: number): readonly Size[] => {
  const list: readonly Size[] = Array.isArray(begin) ? begin : [begin as Size];
  return Array.from({ length: rank }, (_, axis) => list[axis] ?? 0);
};

/** Refuses parts whose sizes or types differ; along `axis` sizes may. */
const checkAlike = (what: string, parts: readonly Outline[], axis: number | undefined): void => {
  const { dtype, shape } = at(parts, 0);
  const wrong = parts.find(
    (part) =>
      (axis === undefined && part.dtype !== dtype) ||
      part.shape.length !== shape.length ||
      part.shape.some((size, i) => i !== axis && size !== shape[i]),
  );
  if (wrong === undefined) return;
  throw new RangeError(
    `${what}: expected parts like the first, ${dtype} [${shape.join(', ')}], got ${wrong.dtype} [${wrong.shape.join(', ')}].`,
  );
};

/** A range that falls and states no step falls by 1. */
const stepOf = (start: number, stop: number, step: number): number => (start > stop && step === 1 ? -1 : step);

interface Split {
  readonly numOrSizeSplits: number | readonly number[];
  readonly axis: number;
}

const splitSizes = (splits: number | readonly number[], size: number): readonly number[] =>
  typeof splits === 'number' ? Array.from({ length: splits }, () => size / splits) : resolveSplit(splits, size);
const resolveSplit = (splits: readonly number[], size: number): readonly number[] => {
  const rest = size - splits.reduce((sum, part) => sum + Math.max(part, 0), 0);
  return splits.map((part) => (part === -1 ? rest : part));
};

/** Shapes, parts, copies. */
export const shapingKernels: KernelTable = {
  Identity: kernel({ outline: (inputs) => like(inputs, 'x'), lower: ({ inputs }) => [entry(inputs, 'x')] }),
  Cast: kernel<{ readonly dtype: DataType }>({
    outline: (inputs, { dtype }) => like(inputs, 'x', dtype),
    lower: ({ graph, inputs, attributes }) => [graph.cast(entry(inputs, 'x'), attributes.dtype as DataType)],
  }),
  Reshape: kernel<{ readonly shape: readonly number[] }>({
    outline: (inputs, { shape }) => {
      const x = entry(inputs, 'x');
      return [{ dtype: x.dtype, shape: resolveShape(shape, countOf(x.shape)) }];
    },
    lower: ({ graph, inputs, outputs }) => [graph.reshape(entry(inputs, 'x'), at(outputs, 0).shape)],
  }),
  ExpandDims: kernel<{ readonly dim: number }>({
    outline: (inputs, { dim }) => {
      const { dtype, shape } = entry(inputs, 'input');
      if (dim < -shape.length - 1 || dim > shape.length)
        throw new RangeError(`expandDims: expected an axis from ${-shape.length - 1} to ${shape.length}, got ${dim}.`);
      const axis = dim < 0 ? dim + shape.length + 1 : dim;
      return [{ dtype, shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)] }];
    },
    lower: ({ graph, inputs, attributes }) => {
      const x = entry(inputs, 'input');
      const dim = fixed(attributes.dim, 'expandDims');
      return [insertAxis(graph, x, dim < 0 ? dim + x.shape.length + 1 : dim)];
    },
  }),
  Transpose: kernel<{ readonly perm: readonly number[] }>({
    outline: (inputs, { perm }) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: perm.map((axis) => at(shape, axis)) }];
    },
    lower: ({ graph, inputs, attributes }) => [
      graph.transpose(
        entry(inputs, 'x'),
        attributes.perm.map((axis) => fixed(axis, 'transpose')),
      ),
    ],
  }),
  Tile: kernel<{ readonly reps: readonly number[] }>({
    outline: (inputs, { reps }) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: shape.map((size, axis) => size * at(reps, axis)) }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const { shape } = at(outputs, 0);
      const only = attributes.reps.every((times, axis) => sameSize(times, 1) || sameSize(at(x.shape, axis), 1));
      return [
        only ? stretched(x, shape) : graph.operation('Tile', [graph.whole(x), graph.sizes(attributes.reps)], { dtype: x.dtype, shape }),
      ];
    },
  }),
  BroadcastTo: kernel<{ readonly shape: readonly number[] }>({
    outline: (inputs, { shape }) => [{ dtype: entry(inputs, 'x').dtype, shape }],
    lower: ({ inputs, outputs }) => [stretched(entry(inputs, 'x'), at(outputs, 0).shape)],
  }),
  Slice: kernel<{ readonly begin: number | readonly number[]; readonly size: number | readonly number[] }>({
    outline: (inputs, { begin, size }) => {
      const { dtype, shape } = entry(inputs, 'x');
      const from = Array.isArray(begin) ? (begin as readonly number[]) : [begin as number];
      const sizes = Array.isArray(size) ? (size as readonly number[]) : [size as number];
      const cut = shape.map((whole, axis) => ((sizes[axis] ?? -1) < 0 ? whole - (from[axis] ?? 0) : (sizes[axis] ?? 0)));
      if (cut.some((part, axis) => part < 0 || (from[axis] ?? 0) < 0 || (from[axis] ?? 0) + part > at(shape, axis)))
        throw new RangeError(
          `slice: expected a part of [${shape.join(', ')}], got [${cut.join(', ')}] from [${from.join(', ')}]. slice() does not support negative begin indexing.`,
        );
      return [{ dtype, shape: cut }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      return [slice(graph, x, begins(attributes.begin as Size | readonly Size[], x.shape.length), at(outputs, 0).shape)];
    },
  }),
  SplitV: kernel<Split>({
    outline: (inputs, { numOrSizeSplits, axis }) => {
      const { dtype, shape } = entry(inputs, 'x');
      const along = at(axesOf(axis, shape.length), 0);
      const sizes = splitSizes(numOrSizeSplits, at(shape, along));
      if (sizes.some((size) => size < 0 || !Number.isInteger(size)) || sizes.reduce((sum, size) => sum + size, 0) !== shape[along])
        throw new RangeError(`split: expected parts that make up ${String(shape[along])}, got ${String(numOrSizeSplits)}.`);
      return sizes.map((size) => ({
        dtype,
        shape: shape.map((whole, i) => (i === along ? size : whole)),
      }));
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const along = at(axesOf(attributes.axis, x.shape.length), 0);
      let from: Size = 0;
      return outputs.map(({ shape }) => {
        const part = slice(
          graph,
          x,
          x.shape.map((_, axis) => (axis === along ? from : 0)),
          shape,
        );
        from = addSizes(from, at(shape, along));
        return part;
      });
    },
  }),
  Concat: kernel<{ readonly axis: number }>({
    outline: (inputs, { axis }) => {
      const parts = listed(inputs);
      const { dtype, shape } = at(parts, 0);
      const along = at(axesOf(axis, shape.length), 0);
      checkAlike('concat', parts, along);
      const total = parts.reduce((sum, part) => sum + at(part.shape, along), 0);
      return [{ dtype, shape: shape.map((size, i) => (i === along ? total : size)) }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const parts = listed(inputs);
      return [concat(graph, parts, at(axesOf(attributes.axis, at(parts, 0).shape.length), 0), at(outputs, 0).shape)];
    },
  }),
  Pack: kernel<{ readonly axis: number }>({
    outline: (inputs, { axis }) => {
      const parts = listed(inputs);
      const { dtype, shape } = at(parts, 0);
      const along = axis < 0 ? axis + shape.length + 1 : axis;
      checkAlike('stack', parts, undefined);
      return [{ dtype, shape: [...shape.slice(0, along), parts.length, ...shape.slice(along)] }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const rank = at(outputs, 0).shape.length;
      const axis = fixed(attributes.axis, 'stack');
      const along = axis < 0 ? axis + rank : axis;
      return [
        concat(
          graph,
          listed(inputs).map((part) => insertAxis(graph, part, along)),
          along,
          at(outputs, 0).shape,
        ),
      ];
    },
  }),
  Unpack: kernel<{ readonly axis: number }>({
    outline: (inputs, { axis }) => {
      const { dtype, shape } = entry(inputs, 'value');
      const along = at(axesOf(axis, shape.length), 0);
      return Array.from({ length: at(shape, along) }, () => ({ dtype, shape: shape.filter((_, i) => i !== along) }));
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'value');
      const along = at(axesOf(attributes.axis, x.shape.length), 0);
      return outputs.map(({ shape }, index) => {
        const part = slice(
          graph,
          x,
          x.shape.map((_, axis) => (axis === along ? index : 0)),
          x.shape.map((size, axis) => (axis === along ? 1 : size)),
        );
        return graph.reshape(part, shape);
      });
    },
  }),
  Fill: kernel<{ readonly shape: readonly number[]; readonly value: number; readonly dtype?: DataType }>({
    outline: (_, { shape, dtype }) => [{ dtype: dtype ?? 'float32', shape }],
    lower: ({ graph, attributes, outputs }) => [graph.sizeValue(at(outputs, 0).dtype, at(outputs, 0).shape, attributes.value)],
  }),
  ZerosLike: filledLike(0),
  OnesLike: filledLike(1),
  Range: kernel<{ readonly start: number; readonly stop: number; readonly step: number; readonly dtype?: DataType }>({
    outline: (_, { start, stop, step, dtype }) => [
      { dtype: dtype ?? 'float32', shape: [Math.max(Math.ceil((stop - start) / stepOf(start, stop, step)), 0)] },
    ],
    lower: ({ graph, attributes, outputs }) => {
      const output = at(outputs, 0);
      const { start, stop, step } = attributes;
      const known = typeof start === 'number' && typeof stop === 'number' && typeof step === 'number';
      const bounds = [start, stop, known ? stepOf(start, stop, step) : step].map((bound) => graph.sizeValue(output.dtype, [], bound).name);
      return [graph.operation('Range', bounds, output)];
    },
  }),
};
