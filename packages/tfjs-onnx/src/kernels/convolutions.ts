import { at, entry, kernel, type Kernel, type KernelTable, type LowerContext } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import type { Operand } from '../operand.ts';
import { multiplySizes, productOf } from '../size.ts';
import { activate } from './activate.ts';
import { formulas } from './formulas.ts';
import {
  attributesOf,
  channelsFirst,
  channelsLast,
  isChannelsFirst,
  outlineOf,
  padsOf,
  planConvolution,
  spread,
  toFirst,
  toLast,
  type Convolution,
  type Plan,
} from './pictures.ts';

// Shapes: N = batch, H, W = height, width, C = channels, K = kernel, O = output channels. tfjs keeps NHWC, ONNX NCHW.

/** [KH, KW, C, O] as ONNX's [O, C, KH, KW]; of one filter per channel, [C · M, 1, KH, KW]. */
const filterFirst = (graph: Graph, filter: Operand, depthwise: boolean): Operand => {
  if (!depthwise) return graph.transpose(filter, [3, 2, 0, 1]);
  const [height = 1, width = 1, channels = 1, multiplier = 1] = filter.shape;
  return graph.reshape(graph.transpose(filter, [2, 3, 0, 1]), [multiplySizes(channels, multiplier), 1, height, width]);
};

const convolve = (graph: Graph, x: Operand, filter: Operand, plan: Plan, depthwise: boolean): Operand => {
  const [batch = 1] = x.shape;
  const shape = [batch, plan.outChannels, plan.outHeight, plan.outWidth];
  const group = depthwise ? plan.inChannels : 1;
  const inputs = [graph.whole(channelsFirst(graph, x)), graph.whole(filterFirst(graph, filter, depthwise))];
  return channelsLast(
    graph,
    graph.operation('Conv', inputs, { dtype: 'float32', shape }, { attributes: { ...attributesOf(plan), group } }),
  );
};

/** What each window saw at one place of the kernel: `[N, OH, OW, C]`. */
const seenAt = (graph: Graph, padded: Operand, plan: Plan, [row, column]: readonly [number, number]): Operand => {
  const [batch = 1] = padded.shape;
  const from = [row * plan.dilationHeight, column * plan.dilationWidth];
  const to = [at(from, 0) + (plan.outHeight - 1) * plan.strideHeight + 1, at(from, 1) + (plan.outWidth - 1) * plan.strideWidth + 1];
  const names = [from, to, [1, 2], [plan.strideHeight, plan.strideWidth]].map((list) => graph.integers(list));
  return graph.operation('Slice', [graph.whole(padded), ...names], {
    dtype: 'float32',
    shape: [batch, plan.outHeight, plan.outWidth, plan.inChannels],
  });
};

const padded = (graph: Graph, x: Operand, plan: Plan): Operand => {
  const [top, left, bottom, right] = padsOf(plan);
  if (top + left + bottom + right === 0) return x;
  const [batch = 1] = x.shape;
  const shape = [batch, plan.inHeight + top + bottom, plan.inWidth + left + right, plan.inChannels];
  const amounts = graph.integers([0, top, left, 0, 0, bottom, right, 0]);
  return graph.operation('Pad', [graph.whole(x), amounts, graph.scalar('float32', 0)], { dtype: 'float32', shape });
};

/** The gradient of a filter, place by place of the kernel: products of what was seen there with `dy`. */
const filterGradient = (graph: Graph, x: Operand, dy: Operand, plan: Plan, depthwise: boolean): Operand => {
  const { multiply } = formulas(graph);
  const multiplier = depthwise ? plan.outChannels / plan.inChannels : plan.outChannels;
  const wide = padded(graph, x, plan);
  const rows = productOf(dy.shape.slice(0, 3));
  const flat = graph.reshape(dy, depthwise ? [rows, plan.inChannels, multiplier] : [rows, plan.outChannels]);
  const shape = [plan.inChannels, multiplier];
  const parts = Array.from({ length: plan.filterHeight * plan.filterWidth }, (_, place) => {
    const seen = seenAt(graph, wide, plan, [Math.floor(place / plan.filterWidth), place % plan.filterWidth]);
    const output = { dtype: 'float32' as const, shape };
    if (depthwise) {
      const products = multiply(graph.reshape(seen, [rows, plan.inChannels, 1]), flat);
      return graph.operation('ReduceSum', [graph.whole(products), graph.integers([0])], output, { attributes: { keepdims: 0 } });
    }
    const columns = graph.whole(graph.reshape(seen, [rows, plan.inChannels]));
    return graph.operation('Gemm', [columns, graph.whole(flat)], output, { attributes: { transA: 1 } });
  });
  const tall = parts.map((part) => graph.whole(graph.reshape(part, [1, ...shape])));
  const joined = graph.operation('Concat', tall, { dtype: 'float32', shape: [parts.length, ...shape] }, { attributes: { axis: 0 } });
  return graph.reshape(joined, [plan.filterHeight, plan.filterWidth, ...shape]);
};

const picture = (context: LowerContext<object>, key: string): Operand => {
  const x = context.graph.cast(entry(context.inputs, key), 'float32');
  return isChannelsFirst(context.attributes) ? channelsLast(context.graph, x) : x;
};

const result = ({ graph, attributes }: LowerContext<object>, x: Operand): Operand =>
  isChannelsFirst(attributes) ? channelsFirst(graph, x) : x;

const convolutionOutline =
  (depthwise: boolean): Kernel['outline'] =>
  (inputs, attributes) => {
    const { shape } = entry(inputs, 'x');
    const first = isChannelsFirst(attributes);
    const plan = planConvolution(toLast(shape, first), entry(inputs, 'filter').shape, attributes, depthwise);
    return [{ dtype: 'float32', shape: toFirst(outlineOf(plan, at(shape, 0)), first) }];
  };

const convolvePicture = (context: LowerContext<object>, depthwise: boolean): Operand => {
  const x = picture(context, 'x');
  const filter = context.graph.cast(entry(context.inputs, 'filter'), 'float32');
  return convolve(context.graph, x, filter, planConvolution(x.shape, filter.shape, context.attributes, depthwise), depthwise);
};

const convolution = (depthwise: boolean): Kernel => ({
  outline: convolutionOutline(depthwise),
  lower: (context) => [result(context, convolvePicture(context, depthwise))],
});

const inputGradient = (depthwise: boolean): Kernel =>
  kernel<Convolution & { readonly inputShape: readonly number[] }>({
    outline: (_, { inputShape }) => [{ dtype: 'float32', shape: inputShape }],
    lower: (context) => {
      const { graph, inputs, attributes, outputs } = context;
      const filter = entry(inputs, 'filter');
      const shape = toLast(at(outputs, 0).shape, isChannelsFirst(attributes));
      const plan = planConvolution(shape, filter.shape, attributes, depthwise);
      const weight = filterFirst(graph, filter, depthwise);
      return [result(context, spread(graph, picture(context, 'dy'), weight, { plan, group: depthwise ? plan.inChannels : 1 }))];
    },
  });

const weightGradient = (depthwise: boolean): Kernel =>
  kernel<Convolution & { readonly filterShape: readonly number[] }>({
    outline: (_, { filterShape }) => [{ dtype: 'float32', shape: filterShape }],
    lower: (context) => {
      const x = picture(context, 'x');
      const plan = planConvolution(x.shape, at(context.outputs, 0).shape, context.attributes, depthwise);
      return [filterGradient(context.graph, x, picture(context, 'dy'), plan, depthwise)];
    },
  });

const fused = (depthwise: boolean): Kernel => ({
  outline: convolutionOutline(depthwise),
  lower: (context) => {
    const { graph, inputs, attributes, outputs } = context;
    const first = isChannelsFirst(attributes);
    const { preluActivationWeights: alpha, ...rest } = inputs;
    const turned = alpha !== undefined && first && alpha.shape.length === 3 ? graph.transpose(alpha, [1, 2, 0]) : alpha;
    const { dtype, shape } = at(outputs, 0);
    const inside = {
      ...context,
      inputs: turned === undefined ? rest : { ...rest, preluActivationWeights: turned },
      outputs: [{ dtype, shape: toLast(shape, first) }],
    };
    return [result(context, activate(inside, convolvePicture(context, depthwise)))];
  },
});

/** Convolutions of pictures and their gradients. */
export const convolutionKernels: KernelTable = {
  Conv2D: convolution(false),
  Conv2DBackpropInput: inputGradient(false),
  Conv2DBackpropFilter: weightGradient(false),
  DepthwiseConv2dNative: convolution(true),
  DepthwiseConv2dNativeBackpropInput: inputGradient(true),
  DepthwiseConv2dNativeBackpropFilter: weightGradient(true),
  FusedConv2D: fused(false),
  FusedDepthwiseConv2D: fused(true),
};
