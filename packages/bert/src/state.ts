import { noiseBuffers } from './dropout.ts';
import type { TensorValue, TensorValues } from './engine.ts';
import { lossScaleValues } from './loss-scale.ts';
import { elementCount } from './parameters.ts';
import { type StepOptions, averagedNames, zeroStateSpecs } from './step.ts';
import { slotNames } from './update.ts';

/**
 * The whole state that a training program starts from: the parameters, moments and sums at 0, averages equal to the parameters, and the
 * buffers of the random masks, which the seed alone decides.
 */
export function initialState(options: StepOptions, parameters: TensorValues, seed: number): Record<string, TensorValue> {
  return Object.fromEntries(initialEntries(options, parameters, seed));
}

/** As `initialState`, tensor by tensor: what a large model's loading holds is the one on its way. */
export function* initialEntries(options: StepOptions, parameters: TensorValues, seed: number): Generator<[string, TensorValue]> {
  yield* Object.entries(parameters);
  for (const [name, spec] of Object.entries(zeroStateSpecs(options))) {
    const shape = spec.shape.map(Number);
    yield [name, { dtype: 'float32', shape, data: new Float32Array(elementCount(shape)) }];
  }
  for (const name of averagedNames(options)) {
    const value = parameters[name] as TensorValue;
    // A copy: an engine may update state where it lies.
    yield [slotNames.average(name), { ...value, data: value.data.slice() }];
  }
  if (options.lossScaling !== undefined) yield* Object.entries(lossScaleValues(options.lossScaling));
  yield* Object.entries(noiseBuffers(options.config, seed, options.window));
}
