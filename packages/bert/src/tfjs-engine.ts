import * as tf from '@tensorflow/tfjs';
import { registerCpuKernels } from './cpu-kernels.ts';
import type { Engine, Program, Signature, Step, TensorSpec, TensorValue, TensorValues, Tensors } from './engine.ts';

/** Which tfjs backend runs the steps. */
export interface TfjsEngineOptions {
  /** `'cpu'`, `'tensorflow'` (tfjs-node), `'webgl'`, …: registered by the package that brings it. The current one by default. */
  readonly backend?: string;
}

/**
 * The eager engine: runs a step's operations one by one on a tfjs backend.
 *
 * @throws {RangeError} If the named backend is not registered.
 */
export function createTfjsEngine(options: TfjsEngineOptions = {}): Engine {
  // Without it tfjs prints an advertisement of its other packages at the first operation, and checks every result for NaN.
  tf.enableProdMode();
  registerCpuKernels();
  const backend = options.backend ?? tf.getBackend() ?? 'cpu';
  if (tf.findBackendFactory(backend) === null) {
    throw new RangeError(
      `createTfjsEngine: expected a registered backend, got ${JSON.stringify(backend)}. Import the package that registers it first, such as @tensorflow/tfjs-node.`,
    );
  }
  return {
    name: 'tfjs',
    compile: async (step, signature) => createProgram(step, signature, backend),
    dispose: async () => {},
  };
}

function createProgram(step: Step, signature: Signature, backend: string): Program {
  const state = new Map<string, tf.Tensor>();
  return {
    load: async (values) => {
      await tf.setBackend(backend);
      for (const [name, value] of Object.entries(values)) {
        const spec = signature.state[name];
        if (spec === undefined) throw new TypeError(`load: expected the state's names, got ${JSON.stringify(name)}.`);
        state.get(name)?.dispose();
        state.set(name, tf.keep(toTensor(name, value, spec)));
      }
    },
    run: async (batch) => {
      const absent = Object.keys(signature.state).filter((name) => !state.has(name));
      if (absent.length > 0)
        throw new TypeError(`run: expected all state to be loaded, got none for ${absent.slice(0, 3).join(', ')}. Call load first.`);
      await tf.setBackend(backend);
      return toValues(runStep(step, { state, signature, batch }));
    },
    read: async (names = Object.keys(signature.state)) => {
      await tf.setBackend(backend);
      return toValues(Object.fromEntries(names.map((name) => [name, stateTensor(state, name)])), true);
    },
    dispose: async () => {
      for (const tensor of state.values()) tensor.dispose();
      state.clear();
    },
  };
}

interface Run {
  readonly state: Map<string, tf.Tensor>;
  readonly signature: Signature;
  readonly batch: TensorValues;
}

/** Runs the step; the state is replaced only after all of it succeeded. */
function runStep(step: Step, { state, signature, batch }: Run): Record<string, tf.Tensor> {
  const engine = tf.engine();
  engine.startScope('step');
  try {
    const inputs = Object.fromEntries(Object.entries(signature.batch).map(([name, spec]) => [name, toTensor(name, batch[name], spec)]));
    const result = step(Object.fromEntries(state), inputs);
    const outputs = Object.fromEntries(Object.entries(result.outputs).map(([name, tensor]) => [name, tf.keep(tensor.clone())]));
    for (const tensor of Object.values(result.outputs)) tensor.dispose();
    replaceState(state, result.state);
    return outputs;
  } finally {
    engine.endScope();
  }
}

function replaceState(state: Map<string, tf.Tensor>, next: Tensors): void {
  for (const [name, tensor] of Object.entries(next)) {
    const old = stateTensor(state, name);
    if (old === tensor) continue;
    state.set(name, tf.keep(tensor));
    old.dispose();
  }
}

function stateTensor(state: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = state.get(name);
  if (tensor === undefined) throw new TypeError(`expected a name of the state, got ${JSON.stringify(name)}.`);
  return tensor;
}

function toTensor(name: string, value: TensorValue | undefined, spec: TensorSpec): tf.Tensor {
  if (value === undefined) throw new TypeError(`run: expected a value for ${JSON.stringify(name)}, got none.`);
  const fits =
    value.dtype === spec.dtype &&
    value.shape.length === spec.shape.length &&
    spec.shape.every((size, axis) => typeof size === 'string' || size === value.shape[axis]);
  if (!fits)
    throw new TypeError(`${name}: expected ${spec.dtype} [${spec.shape.join(', ')}], got ${value.dtype} [${value.shape.join(', ')}].`);
  return tf.tensor(value.data, [...value.shape], value.dtype);
}

async function toValues(tensors: Readonly<Record<string, tf.Tensor>>, keep = false): Promise<Record<string, TensorValue>> {
  const values: Record<string, TensorValue> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    const data = (await tensor.data()) as Float32Array | Int32Array | Uint8Array;
    values[name] = { dtype: tensor.dtype as TensorValue['dtype'], shape: [...tensor.shape], data: data.slice() };
    if (!keep) tensor.dispose();
  }
  return values;
}
