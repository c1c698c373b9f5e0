import { OnnxEngineError } from '../errors.ts';
import { at, type Kernel, type LowerContext } from '../kernel.ts';
import type { Operand } from '../operand.ts';
import { activationKernels } from './activations.ts';
import { arithmeticKernels } from './arithmetic.ts';

/** The kernels behind the names of fused activations. */
const ACTIVATIONS: Readonly<Record<string, Kernel | undefined>> = {
  relu: arithmeticKernels['Relu'],
  sigmoid: arithmeticKernels['Sigmoid'],
  relu6: activationKernels['Relu6'],
  elu: activationKernels['Elu'],
  prelu: activationKernels['Prelu'],
  leakyrelu: activationKernels['LeakyRelu'],
};

/** What tfjs's fused kernels do with a product: add `bias`, then `activation`. */
export const activate = ({ graph, inputs, attributes, outputs }: LowerContext<object>, product: Operand): Operand => {
  const { activation: name = 'linear', leakyreluAlpha = 0.2 } = attributes as { activation?: string; leakyreluAlpha?: number };
  const { bias, preluActivationWeights: alpha } = inputs;
  const x = bias === undefined ? product : graph.elementwise('Add', [product, bias], at(outputs, 0));
  if (name === 'linear') return x;
  const activation = ACTIVATIONS[name];
  if (activation === undefined)
    throw new OnnxEngineError(`fused: expected ${Object.keys(ACTIVATIONS).join(', ')} or linear, got ${name}.`, { subject: name });
  const operands: Readonly<Record<string, Operand>> = alpha === undefined ? { x } : { x, alpha };
  return at(activation.lower({ graph, inputs: operands, attributes: { alpha: leakyreluAlpha }, outputs }), 0);
};
