import * as tf from '@tensorflow/tfjs';
import { at, fixed } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import type { Attribute } from '../protobuf.ts';
import type { Size } from '../size.ts';

// Shapes: N = batch, H, W = height, width, C = channels, K = kernel, O = output channels. tfjs keeps NHWC, ONNX NCHW.

type Pair = readonly [number, number] | number;

/** How windows move over a picture. */
export interface Window {
  readonly strides: Pair;
  readonly pad: 'valid' | 'same' | number | readonly (readonly [number, number])[];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Attributes of a convolution. */
export interface Convolution extends Window {
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: Pair;
}

/** Attributes of a pool. */
export interface Pool extends Window {
  readonly filterSize: Pair;
}

/** Sizes that tfjs derives from shapes and attributes. */
export type Plan = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** Numbers of attributes as they were before tracing; sizes of pictures are the same in every run. */
const plain = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && 'terms' in value) return fixed(value as unknown as Size, 'conv2d') as T;
  return Array.isArray(value) ? (value.map(plain) as T) : value;
};

/** A shape with a number for the batch, which no plan depends on. */
const numeric = (shape: readonly Size[]): [number, number, number, number] => {
  const [batch = 1, ...rest] = shape;
  const sizes = rest.map((size) => fixed(size, 'conv2d'));
  return [typeof batch === 'number' ? batch : 1, sizes[0] ?? 1, sizes[1] ?? 1, sizes[2] ?? 1];
};

/** Whether pictures come and go as [N, C, H, W]; inside they are [N, H, W, C]. */
export const isChannelsFirst = (attributes: object): boolean => (attributes as Convolution).dataFormat === 'NCHW';

/** [N, C, H, W] as [N, H, W, C], where it is that. */
export const toLast = <T>(shape: readonly T[], first: boolean): readonly T[] =>
  first ? [at(shape, 0), at(shape, 2), at(shape, 3), at(shape, 1)] : shape;
/** [N, H, W, C] as [N, C, H, W], where that is asked for. */
export const toFirst = <T>(shape: readonly T[], first: boolean): readonly T[] =>
  first ? [at(shape, 0), at(shape, 3), at(shape, 1), at(shape, 2)] : shape;

/** The plan of a convolution over `x` [N, H, W, C]. */
export const planConvolution = (x: readonly Size[], filter: readonly Size[], attributes: object, depthwise: boolean): Plan => {
  const { strides, pad, dimRoundingMode, dilations } = attributes as Convolution;
  const filterShape = filter.map((size) => fixed(size, 'conv2d')) as [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(
    numeric(x),
    filterShape,
    plain(strides) as [number, number],
    (plain(dilations) ?? 1) as [number, number],
    (Array.isArray(pad) ? toLast(plain(pad), isChannelsFirst(attributes)) : plain(pad)) as 'same',
    dimRoundingMode,
    depthwise,
  );
};

/** The plan of a pool over `x` [N, H, W, C]. */
export const planPool = (x: readonly Size[], attributes: object): Plan => {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as Pool;
  const size = plain(filterSize) as [number, number];
  return tf.backend_util.computePool2DInfo(numeric(x), size, plain(strides) as [number, number], 1, plain(pad) as 'same', dimRoundingMode);
};

/** Zeros to add at each border; below and right as many as the output needs, however it was rounded. */
export const padsOf = (plan: Plan): readonly [number, number, number, number] => {
  const { top, left, bottom, right } = plan.padInfo;
  const needed = (out: number, stride: number, window: number, size: number, before: number): number =>
    (out - 1) * stride + window - size - before;
  return [
    top,
    left,
    Math.max(bottom, needed(plan.outHeight, plan.strideHeight, plan.effectiveFilterHeight, plan.inHeight, top)),
    Math.max(right, needed(plan.outWidth, plan.strideWidth, plan.effectiveFilterWidth, plan.inWidth, left)),
  ];
};

/** ONNX's attributes of a plan. */
export const attributesOf = (plan: Plan): Record<string, Attribute> => ({
  kernel_shape: [plan.filterHeight, plan.filterWidth],
  strides: [plan.strideHeight, plan.strideWidth],
  dilations: [plan.dilationHeight, plan.dilationWidth],
  pads: padsOf(plan),
});

/** NHWC to NCHW. */
export const channelsFirst = (graph: Graph, x: Operand): Operand => graph.transpose(x, [0, 3, 1, 2]);
/** NCHW to NHWC. */
export const channelsLast = (graph: Graph, x: Operand): Operand => graph.transpose(x, [0, 2, 3, 1]);

/** [N, OH, OW, O]. */
export const outlineOf = (plan: Plan, batch: number): readonly number[] => [batch, plan.outHeight, plan.outWidth, plan.outChannels];

/** The sum over windows, spread back: what each place of the input gave to `dy`. */
export const spread = (
  graph: Graph,
  given: Operand,
  weight: Operand,
  { plan, group }: { readonly plan: Plan; readonly group: number },
): Operand => {
  const [batch = 1, height, width, channels = 1] = given.shape;
  let dy = given;
  if (height !== plan.outHeight || width !== plan.outWidth) {
    const bounds = [
      [0, 0],
      [plan.outHeight, plan.outWidth],
      [1, 2],
    ].map((list) => graph.integers(list));
    const shape = [batch, plan.outHeight, plan.outWidth, channels];
    dy = graph.operation('Slice', [graph.whole(given), ...bounds], { dtype: 'float32', shape });
  }
  const pads = padsOf(plan);
  const missing = (size: number, out: number, stride: number, window: number, padding: number): number =>
    size - ((out - 1) * stride + window - padding);
  const rest = [
    missing(plan.inHeight, plan.outHeight, plan.strideHeight, plan.effectiveFilterHeight, pads[0] + pads[2]),
    missing(plan.inWidth, plan.outWidth, plan.strideWidth, plan.effectiveFilterWidth, pads[1] + pads[3]),
  ];
  // What no window reached is added at the ends as zeros: ONNX allows it there only below one stride.
  const reached = [plan.inHeight - Math.max(at(rest, 0), 0), plan.inWidth - Math.max(at(rest, 1), 0)];
  const output = { dtype: 'float32' as const, shape: [batch, plan.inChannels, at(reached, 0), at(reached, 1)] };
  const inputs = [graph.whole(channelsFirst(graph, dy)), graph.whole(weight)];
  const found = graph.operation('ConvTranspose', inputs, output, { attributes: { ...attributesOf(plan), group } });
  if (rest.every((size) => size <= 0)) return channelsLast(graph, found);
  const amounts = graph.integers([0, 0, 0, 0, 0, 0, ...rest.map((size) => Math.max(size, 0))]);
  const whole = { dtype: 'float32' as const, shape: [batch, plan.inChannels, plan.inHeight, plan.inWidth] };
  return channelsLast(graph, graph.operation('Pad', [found.name, amounts, graph.scalar('float32', 0)], whole));
};
