import { noiseBuffers } from './dropout.ts';
import type { TensorValue, TensorValues } from './engine.ts';
import { elementCount } from './parameters.ts';
import { type StepOptions, trainedNames, zeroStateSpecs } from './step.ts';
import { slotNames } from './update.ts';

/**
 * The whole state that a training program starts from: the parameters, moments and sums at 0, averages equal to the parameters, and the
 * buffers of the random masks, which the seed alone decides.
 */
export function initialState(options: StepOptions, parameters: TensorValues, seed: number): Record<string, TensorValue> {
  const zeros = Object.entries(zeroStateSpecs(options)).map(([name, spec]): [string, TensorValue] => {
    const shape = spec.shape.map(Number);
    return [name, { dtype: 'float32', shape, data: new Float32Array(elementCount(shape)) }];
  });
  // Copies: an engine may update state where it lies.
  const averages = (options.average === true ? trainedNames(options) : []).map((name): [string, TensorValue] => {
    const value = parameters[name] as TensorValue;
    return [slotNames.average(name), { ...value, data: value.data.slice() }];
  });
  return {
    ...parameters,
    ...Object.fromEntries(zeros),
    ...Object.fromEntries(averages),
    ...noiseBuffers(options.config, seed, options.window),
  };
}
