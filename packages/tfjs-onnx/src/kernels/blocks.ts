import * as tf from '@tensorflow/tfjs';
import { at, entry, fixed, kernel, type KernelTable } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { addSizes, multiplySizes, sameSize, type Size } from '../size.ts';

type Pairs = readonly (readonly Size[])[];

const padded = (graph: Graph, x: Operand, pads: Pairs): Operand => {
  const amounts = [...pads.map((pair) => fixed(at(pair, 0), 'pad')), ...pads.map((pair) => fixed(at(pair, 1), 'pad'))];
  if (amounts.every((amount) => amount === 0)) return x;
  const shape = x.shape.map((size, axis) => addSizes(size, (amounts[axis] ?? 0) + (amounts[axis + pads.length] ?? 0)));
  return graph.operation('Pad', [graph.whole(x), graph.integers(amounts), graph.scalar(x.dtype, 0)], { dtype: x.dtype, shape });
};

/** The positions that a mirrored axis shows. */
const mirrored = (size: number, [before = 0, after = 0]: readonly number[], edge: 0 | 1): readonly number[] =>
  Array.from({ length: before + size + after }, (_, i) => {
    const from = i - before;
    if (from < 0) return edge - 1 - from;
    return from < size ? from : 2 * size - 1 - edge - from;
  });

interface Space {
  readonly blockShape: readonly number[];
}

interface Pads {
  readonly paddings: readonly (readonly [number, number])[];
  readonly constantValue: number;
}

/** Layouts in blocks, mirrored borders, even steps. */
export const blockKernels: KernelTable = {
  SpaceToBatchND: kernel<Space & { readonly paddings: readonly (readonly number[])[] }>({
    outline: (inputs, { blockShape, paddings }) => {
      const { dtype, shape } = entry(inputs, 'x');
      const count = blockShape.reduce((product, size) => product * size, 1);
      const sizes = shape.map((size, axis) => {
        if (axis === 0) return size * count;
        const [before = 0, after = 0] = paddings[axis - 1] ?? [];
        return (size + before + after) / (blockShape[axis - 1] ?? 1);
      });
      return [{ dtype, shape: sizes }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const blocks = attributes.blockShape.map((size) => fixed(size, 'spaceToBatchND'));
      const m = blocks.length;
      const pads = x.shape.map((_, axis) => (attributes.paddings as unknown as Pairs)[axis - 1] ?? [0, 0]);
      const whole = padded(graph, x, pads);
      const [batch = 1, ...sizes] = whole.shape;
      const rest = sizes.slice(m);
      const split = sizes.slice(0, m).flatMap((size, i) => [multiplySizes(size, 1 / at(blocks, i)), at(blocks, i)]);
      const order = [...blocks.map((_, i) => 2 * i + 2), 0, ...blocks.map((_, i) => 2 * i + 1), ...rest.map((_, i) => 2 * m + 1 + i)];
      return [graph.reshape(graph.transpose(graph.reshape(whole, [batch, ...split, ...rest]), order), at(outputs, 0).shape)];
    },
  }),
  BatchToSpaceND: kernel<Space & { readonly crops: readonly (readonly number[])[] }>({
    outline: (inputs, { blockShape, crops }) => {
      const { dtype, shape } = entry(inputs, 'x');
      const count = blockShape.reduce((product, size) => product * size, 1);
      const sizes = shape.map((size, axis) => {
        if (axis === 0) return size / count;
        const [before = 0, after = 0] = crops[axis - 1] ?? [];
        return size * (blockShape[axis - 1] ?? 1) - before - after;
      });
      return [{ dtype, shape: sizes }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const output = at(outputs, 0);
      const blocks = attributes.blockShape.map((size) => fixed(size, 'batchToSpaceND'));
      const m = blocks.length;
      const [batch = 1, ...sizes] = x.shape;
      const rest = sizes.slice(m);
      const small = multiplySizes(batch, 1 / blocks.reduce((product, size) => product * size, 1));
      const split = graph.reshape(x, [...blocks, small, ...sizes]);
      const order = [m, ...blocks.flatMap((_, i) => [m + 1 + i, i]), ...rest.map((_, i) => 2 * m + 1 + i)];
      const wide = sizes.slice(0, m).map((size, i) => multiplySizes(size, at(blocks, i)));
      const joined = graph.reshape(graph.transpose(split, order), [small, ...wide, ...rest]);
      const crops = attributes.crops as unknown as Pairs;
      const axes = blocks.map((_, i) => i + 1);
      const starts = crops.map((pair) => fixed(at(pair, 0), 'batchToSpaceND'));
      if (crops.every((pair) => pair.every((size) => size === 0))) return [graph.reshape(joined, output.shape)];
      const ends = axes.map((axis, i) => addSizes(at(starts, i), at(output.shape, axis)));
      return [graph.operation('Slice', [graph.whole(joined), graph.integers(starts), graph.sizes(ends), graph.integers(axes)], output)];
    },
  }),
  DepthToSpace: kernel<{ readonly blockSize: number; readonly dataFormat: 'NHWC' | 'NCHW' }>({
    outline: (inputs, { blockSize, dataFormat }) => {
      const { dtype, shape } = entry(inputs, 'x');
      const [n = 1, a = 1, b = 1, c = 1] = shape;
      const square = blockSize * blockSize;
      return [
        {
          dtype,
          shape: dataFormat === 'NHWC' ? [n, a * blockSize, b * blockSize, c / square] : [n, a / square, b * blockSize, c * blockSize],
        },
      ];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const block = fixed(attributes.blockSize, 'depthToSpace');
      const channelsFirst = attributes.dataFormat === 'NCHW';
      const nhwc = channelsFirst ? graph.transpose(x, [0, 2, 3, 1]) : x;
      const [n = 1, height = 1, width = 1, depth = 1] = nhwc.shape;
      const left = multiplySizes(depth, 1 / (block * block));
      const turned = graph.transpose(graph.reshape(nhwc, [n, height, width, block, block, left]), [0, 1, 3, 2, 4, 5]);
      const joined = graph.reshape(turned, [n, multiplySizes(height, block), multiplySizes(width, block), left]);
      return [channelsFirst ? graph.transpose(joined, [0, 3, 1, 2]) : graph.reshape(joined, at(outputs, 0).shape)];
    },
  }),
  PadV2: kernel<Pads>({
    outline: (inputs, { paddings }) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: shape.map((size, axis) => size + at(at(paddings, axis), 0) + at(at(paddings, axis), 1)) }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const x = entry(inputs, 'x');
      const pads = attributes.paddings as readonly (readonly Size[])[];
      const amounts = [...pads.map((pair) => at(pair, 0)), ...pads.map((pair) => at(pair, 1))];
      if (amounts.every((amount) => sameSize(amount, 0))) return [x];
      const value = graph.scalar(x.dtype, fixed(attributes.constantValue, 'pad'));
      return [graph.operation('Pad', [graph.whole(x), graph.sizes(amounts), value], { dtype: x.dtype, shape: at(outputs, 0).shape })];
    },
  }),
  MirrorPad: kernel<{ readonly paddings: readonly (readonly [number, number])[]; readonly mode: 'reflect' | 'symmetric' }>({
    outline: (inputs, { paddings }) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: shape.map((size, axis) => size + at(at(paddings, axis), 0) + at(at(paddings, axis), 1)) }];
    },
    lower: ({ graph, inputs, attributes }) => {
      let x = entry(inputs, 'x');
      const edge = attributes.mode === 'reflect' ? 1 : 0;
      for (const [axis, pair] of (attributes.paddings as unknown as Pairs).entries()) {
        const amounts = pair.map((size) => fixed(size, 'mirrorPad'));
        if (amounts.every((amount) => amount === 0)) continue;
        const order = mirrored(fixed(at(x.shape, axis), 'mirrorPad'), amounts, edge);
        const indices = graph.constant('int32', [order.length], Int32Array.from(order));
        const shape = x.shape.map((size, i) => (i === axis ? order.length : size));
        x = graph.operation('Gather', [graph.whole(x), indices.name], { dtype: x.dtype, shape }, { attributes: { axis } });
      }
      return [x];
    },
  }),
  LinSpace: kernel<{ readonly start: number; readonly stop: number; readonly num: number }>({
    outline: (_, { num }) => [{ dtype: 'float32', shape: [num] }],
    lower: ({ graph, attributes }) => {
      const start = fixed(attributes.start, 'linspace');
      const num = fixed(attributes.num, 'linspace');
      const step = (fixed(attributes.stop, 'linspace') - start) / Math.max(num - 1, 1);
      return [
        graph.constant(
          'float32',
          [num],
          Float32Array.from({ length: num }, (_, i) => start + i * step),
        ),
      ];
    },
  }),
  Einsum: kernel<{ readonly equation: string }>({
    outline: (inputs, { equation }) => {
      const tensors = Object.keys(inputs).map((_, i) => entry(inputs, String(i)));
      const { allDims, summedDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, tensors.length);
      const shapes = tensors.map(({ shape }) => ({ shape: [...shape] }));
      tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, shapes as unknown as tf.Tensor[]);
      const kept = allDims.length - summedDims.length;
      const sizes = Array.from({ length: kept }, (_, dimension) => {
        const holder = idDims.findIndex((ids) => ids.includes(dimension));
        return at(at(tensors, holder).shape, at(idDims, holder).indexOf(dimension));
      });
      return [{ dtype: at(tensors, 0).dtype, shape: sizes }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => [
      graph.operation(
        'Einsum',
        Object.keys(inputs).map((_, i) => graph.whole(entry(inputs, String(i)))),
        at(outputs, 0),
        { attributes: { equation: String(attributes.equation).replaceAll(/\s/gu, '') } },
      ),
    ],
  }),
};
