import * as tf from '@tensorflow/tfjs';
import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import { OnnxEngineError } from './errors.ts';
import { KERNELS } from './kernels/index.ts';
import { recordCall, type Outline, type Value, type Values } from './value.ts';

/** The name under which tfjs knows the backend. */
export const BACKEND = 'onnx';

const typed = (values: unknown, dtype: DataType): Values => {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) return values;
  const list = values as readonly number[];
  if (dtype === 'float32') return Float32Array.from(list);
  if (dtype === 'int32') return Int32Array.from(list);
  if (dtype === 'bool') return Uint8Array.from(list);
  throw new OnnxEngineError(`tensor: expected float32, int32 or bool, got ${dtype}. This backend has no other types.`, { subject: dtype });
};

const known = (dtype: DataType): Value['dtype'] => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new OnnxEngineError(`tensor: expected float32, int32 or bool, got ${dtype}. This backend has no other types.`, { subject: dtype });
};

/** A tfjs backend that computes nothing: every kernel call is recorded as a {@link Value}. */
class RecordingBackend extends tf.KernelBackend {
  readonly #values = new WeakMap<object, Value>();

  /** What was recorded for a tensor. */
  value(tensor: { readonly dataId: object }): Value {
    const value = this.#values.get(tensor.dataId);
    if (value === undefined) throw new OnnxEngineError('tensor: expected one of the onnx backend, got one of another backend.');
    return value;
  }

  /** A new handle for a value. */
  info(value: Value): TensorInfo {
    const dataId = {};
    this.#values.set(dataId, value);
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  override write(values: unknown, shape: number[], dtype: DataType): object {
    return this.info({ dtype: known(dtype), shape, source: { kind: 'constant', data: typed(values, dtype) } }).dataId;
  }

  override move(dataId: object, values: unknown, shape: number[], dtype: DataType): void {
    this.#values.set(dataId, { dtype: known(dtype), shape, source: { kind: 'constant', data: typed(values, dtype) } });
  }

  override readSync(dataId: object): Values {
    const { source } = this.value({ dataId });
    if (source.kind === 'constant') return source.data;
    throw new OnnxEngineError(
      'dataSync: expected a tensor whose values are known, got one that is only recorded. While a function is traced its tensors have no values; return the tensor instead.',
    );
  }

  override async read(dataId: object): Promise<Values> {
    return this.readSync(dataId);
  }

  override disposeData(): boolean {
    return true;
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override numDataIds(): number {
    return 0;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}
}

let shared: RecordingBackend | undefined;

const registerKernels = (backend: RecordingBackend): void => {
  for (const [kernelName, definition] of Object.entries(KERNELS)) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const given = Object.entries(inputs).filter((item): item is [string, TensorInfo] => item[1] !== undefined && item[1] !== null);
        const values = given.map(([key, tensor]) => [key, backend.value(tensor)] as const);
        const alone = values[0]?.[1];
        // A copy is the same value under another handle.
        if (kernelName === 'Identity' && alone !== undefined) return backend.info(alone);
        const outlines = definition.outline(Object.fromEntries(values) as Readonly<Record<string, Outline>>, attrs ?? {});
        const outputs = recordCall(kernelName, values, attrs ?? {}, outlines).map((value) => backend.info(value));
        const only = outputs[0];
        return outputs.length === 1 && only !== undefined ? only : outputs;
      },
    });
  }
};

/** The backend of this process, registered with tfjs when first asked for. */
export const onnxBackend = (): RecordingBackend => {
  if (shared !== undefined) return shared;
  const backend = new RecordingBackend();
  tf.registerBackend(BACKEND, () => backend, 0);
  registerKernels(backend);
  shared = backend;
  return backend;
};
