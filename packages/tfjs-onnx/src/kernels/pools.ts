import { OnnxEngineError } from '../errors.ts';
import { at, entry, kernel, type Kernel, type KernelTable } from '../kernel.ts';
import { productOf } from '../size.ts';
import { formulas } from './formulas.ts';
import { attributesOf, channelsFirst, channelsLast, outlineOf, planPool, spread, type Pool } from './pictures.ts';

const pool = (op: 'MaxPool' | 'AveragePool'): Kernel =>
  kernel<Pool>({
    outline: (inputs, attributes) => {
      const { dtype, shape } = entry(inputs, 'x');
      return [{ dtype, shape: outlineOf(planPool(shape, attributes), at(shape, 0)) }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const { dtype } = at(outputs, 0);
      const x = graph.cast(entry(inputs, 'x'), 'float32');
      const plan = planPool(x.shape, attributes);
      // As tfjs does, whatever the borders.
      const same = plan.inHeight === plan.outHeight && plan.inWidth === plan.outWidth;
      if (plan.filterHeight === 1 && plan.filterWidth === 1 && same) return [entry(inputs, 'x')];
      const shape = [at(x.shape, 0), plan.outChannels, plan.outHeight, plan.outWidth];
      const { dilations: _, ...rest } = attributesOf(plan);
      const found = graph.operation(op, [graph.whole(channelsFirst(graph, x))], { dtype: 'float32', shape }, { attributes: rest });
      return [graph.cast(channelsLast(graph, found), dtype)];
    },
  });

/** Pools of pictures and their gradients. */
export const poolKernels: KernelTable = {
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: kernel<Pool>({
    outline: (inputs) => [{ dtype: 'float32', shape: entry(inputs, 'input').shape }],
    lower: ({ graph, inputs, attributes, outputs }) => {
      const plan = planPool(at(outputs, 0).shape, attributes);
      // As tfjs does, by the size of the window, also where part of it lies outside.
      const { multiply, number } = formulas(graph);
      const shares = multiply(entry(inputs, 'dy'), number(1 / (plan.filterHeight * plan.filterWidth)));
      const ones = graph.filled('float32', [plan.inChannels, 1, plan.filterHeight, plan.filterWidth], 1);
      return [spread(graph, shares, ones, { plan, group: plan.inChannels })];
    },
  }),
  MaxPoolGrad: kernel<Pool>({
    outline: (inputs) => [{ dtype: 'float32', shape: entry(inputs, 'input').shape }],
    lower: ({ graph, inputs, attributes }) => {
      if (graph.target === 'webgpu')
        throw new OnnxEngineError(
          'MaxPoolGrad: expected the CPU, got WebGPU, where ONNX Runtime does not tell which place was the largest. Use tf.avgPool, or train on the CPU.',
          { subject: 'MaxPoolGrad' },
        );
      const input = entry(inputs, 'input');
      const plan = planPool(input.shape, attributes);
      const x = channelsFirst(graph, input);
      const { dilations: _, ...rest } = attributesOf(plan);
      const shape = [at(input.shape, 0), plan.outChannels, plan.outHeight, plan.outWidth];
      const [, places = ''] = graph.nodes(
        'MaxPool',
        [graph.whole(x)],
        [
          { type: 'float32', shape },
          { type: 'int64', shape },
        ],
        { attributes: rest },
      );
      const count = productOf(shape);
      const total = productOf(x.shape);
      const flatPlaces = graph.reshaped(places, { type: 'int64', shape }, [count]);
      const dy = graph.reshape(channelsFirst(graph, entry(inputs, 'dy')), [count]);
      const zeros = graph.whole(graph.filled('float32', [total], 0));
      const sums = graph.operation(
        'ScatterElements',
        [zeros, flatPlaces, graph.whole(dy)],
        { dtype: 'float32', shape: [total] },
        { attributes: { axis: 0, reduction: 'add' } },
      );
      return [channelsLast(graph, graph.reshape(sums, x.shape))];
    },
  }),
};
