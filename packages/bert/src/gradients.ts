import * as tf from '@tensorflow/tfjs';

/** A model's tensors by Hugging Face name. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

/**
 * The value of a function and its gradient by each named tensor; 0 where the value does not depend on one.
 *
 * @param upstream The gradient of what follows, in the value's shape; 1 by default.
 */
export function valueAndGradients(
  compute: () => tf.Tensor,
  by: Parameters,
  upstream?: tf.Tensor,
): { readonly value: tf.Tensor; readonly gradients: Record<string, tf.Tensor> } {
  const names = Object.keys(by);
  const tensors = names.map((name) => by[name] as tf.Tensor);
  const { value, grads } = tf.engine().gradients(compute, tensors, upstream, true);
  const found = grads as readonly (tf.Tensor | undefined)[];
  return {
    value,
    gradients: Object.fromEntries(names.map((name, index) => [name, found[index] ?? tf.zerosLike(tensors[index] as tf.Tensor)])),
  };
}

/** What a layer is computed from. */
export interface LayerInputs {
  readonly parameters: Parameters;
  readonly x: tf.Tensor;
  /** An input that has no gradient. */
  readonly constant: tf.Tensor;
}

/**
 * Runs a layer so that only its input is kept for the gradients: the backward pass computes the layer again.
 *
 * @see Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost".
 */
export function recomputed(
  run: (parameters: Parameters, x: tf.Tensor, constant: tf.Tensor) => tf.Tensor,
  inputsOfLayer: LayerInputs,
): tf.Tensor {
  const { parameters, x, constant } = inputsOfLayer;
  const names = Object.keys(parameters);
  const tensors = names.map((name) => parameters[name] as tf.Tensor);
  const named = (values: readonly tf.Tensor[]): Parameters =>
    Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor]));
  const operation = tf.customGrad((...inputs) => {
    const [input, ...rest] = inputs.slice(0, -1) as [tf.Tensor, ...tf.Tensor[]];
    const save = inputs.at(-1) as unknown as tf.GradSaveFunc;
    save([input, constant, ...rest]);
    const gradFunc = (upstream: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [savedInput, savedConstant, ...savedParameters] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
      const by = { ...named(savedParameters), '': afterGradient(savedInput, upstream) };
      const { gradients } = keepingTape(() => valueAndGradients(() => run(by, by[''], savedConstant), by, upstream));
      const own = names.map((name) => gradients[name] as tf.Tensor);
      return [afterAll(gradients[''] as tf.Tensor, own), ...own];
    };
    return { value: run(named(rest), input, constant), gradFunc };
  });
  return operation(x, ...tensors);
}

/**
 * The same values, but computed from the incoming gradient too (times 0): a graph's optimiser then cannot merge the second computation with the
 * first, nor start it early. Where the shapes differ (a layer reduced to its first tokens) one row's gradient serves.
 */
function afterGradient(x: tf.Tensor, upstream: tf.Tensor): tf.Tensor {
  const nothing = tf.mul(tf.slice(upstream, [0, 0], [1, -1]), 0); // [1, H]
  return tf.add(x, nothing);
}

/**
 * The same gradient, but computed from others too (times 0): a graph then finishes a layer's own gradients, and frees what they needed, before it
 * goes on to the layer below.
 */
function afterAll(gradient: tf.Tensor, others: readonly tf.Tensor[]): tf.Tensor {
  const firsts = others.map((other) =>
    tf.reshape(
      tf.slice(
        other,
        other.shape.map(() => 0),
        other.shape.map(() => 1),
      ),
      [],
    ),
  );
  return firsts.length === 0 ? gradient : tf.add(gradient, tf.mul(tf.addN(firsts), 0));
}

/** tfjs keeps one tape; a gradient taken inside a gradient would drop the outer one's. */
function keepingTape<T>(compute: () => T): T {
  const state = tf.engine().state;
  const outer = state.activeTape;
  try {
    return compute();
  } finally {
    state.activeTape = outer;
  }
}
