import type { Program, TensorValue, TensorValues } from './engine.ts';
import { depthOf, isUndecayed } from './parameters.ts';
import { type StepOptions, trainedNames } from './step.ts';
import { slotNames } from './update.ts';

/** The numbers of one update. */
export interface UpdateScalars {
  readonly learningRate: number;
  /** The length of the summed gradients, as the last part gave it. */
  readonly gradientNorm: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly averageDecay: number;
}

/**
 * AdamW for batches in parts: the program sums the gradients, and after the last part this updates the program's parameters one by one. Moments
 * and averages lie here, so that the program holds nothing but parameters and sums while it computes the parts.
 */
export interface HostOptimizer {
  /** Updates the program's parameters from its sums. */
  update(program: Program, scalars: UpdateScalars): Promise<void>;
  /** Moments and averages, under the names that they have in a program's state. */
  readonly slots: Readonly<Record<string, TensorValue>>;
}

/**
 * A host optimizer whose moments are 0 and whose averages are the parameters, or as `saved` has them.
 */
export function createHostOptimizer(options: StepOptions, parameters: TensorValues, saved: TensorValues = {}): HostOptimizer {
  const slots: Record<string, TensorValue> = {};
  for (const name of trainedNames(options)) {
    const { shape, data } = parameters[name] as TensorValue;
    const zero = (): TensorValue => ({ dtype: 'float32', shape, data: new Float32Array(data.length) });
    slots[slotNames.firstMoment(name)] = saved[slotNames.firstMoment(name)] ?? zero();
    slots[slotNames.secondMoment(name)] = saved[slotNames.secondMoment(name)] ?? zero();
    if (options.average === true)
      slots[slotNames.average(name)] = saved[slotNames.average(name)] ?? { dtype: 'float32', shape, data: data.slice() };
  }
  const update = async (program: Program, scalars: UpdateScalars): Promise<void> => {
    for (const name of trainedNames(options)) {
      const sum = slotNames.accumulated(name);
      const values = await program.read([name, sum]);
      const parameter = values[name] as TensorValue;
      updateOne({ name, options, scalars, slots, parameter: parameter.data as Float32Array, gradient: values[sum]?.data as Float32Array });
      await program.load({ [name]: parameter });
    }
  };
  return { update, slots };
}

interface OneUpdate {
  readonly name: string;
  readonly options: StepOptions;
  readonly scalars: UpdateScalars;
  readonly slots: Readonly<Record<string, TensorValue>>;
  readonly parameter: Float32Array;
  readonly gradient: Float32Array;
}

/** The update of `adam-w.ts` in place, in double precision but for what is kept. */
function updateOne({ name, options, scalars, slots, parameter, gradient }: OneUpdate): void {
  const { config, optimizer } = options;
  const { beta1, beta2, epsilon, clipNorm } = optimizer;
  const weightDecay = isUndecayed(name) ? 0 : optimizer.weightDecay;
  const rate = scalars.learningRate * optimizer.layerDecay ** (config.num_hidden_layers + 1 - depthOf(name, config));
  const scale = clipNorm > 0 ? clipNorm / Math.max(scalars.gradientNorm, clipNorm) : 1;
  const first = slots[slotNames.firstMoment(name)]?.data as Float32Array;
  const second = slots[slotNames.secondMoment(name)]?.data as Float32Array;
  for (let index = 0; index < parameter.length; index++) {
    const slope = (gradient[index] ?? 0) * scale;
    const m = beta1 * (first[index] ?? 0) + (1 - beta1) * slope;
    const v = beta2 * (second[index] ?? 0) + (1 - beta2) * slope * slope;
    const weight = parameter[index] ?? 0;
    first[index] = m;
    second[index] = v;
    parameter[index] = weight - rate * ((m * scalars.correction1) / (Math.sqrt(v * scalars.correction2) + epsilon) + weightDecay * weight);
  }
  const average = slots[slotNames.average(name)]?.data as Float32Array | undefined;
  if (average === undefined) return;
  for (let index = 0; index < average.length; index++) {
    average[index] = (average[index] ?? 0) * scalars.averageDecay + (parameter[index] ?? 0) * (1 - scalars.averageDecay);
  }
}
