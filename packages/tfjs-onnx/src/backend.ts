import * as tf from '@tensorflow/tfjs';
import type { DataType, TensorInfo } from '@tensorflow/tfjs';
import { OnnxEngineError } from './errors.ts';
import { Evaluator } from './eager.ts';
import { KERNELS } from './kernels/index.ts';
import { placeHere } from './place.ts';
import { recordCall, type Outline, type Value, type Values } from './value.ts';

/** The name under which tfjs knows the backend. */
export const BACKEND = 'onnx';

/** Kernels that return a list, also of one. */
const LISTS: ReadonlySet<string> = new Set(['SplitV', 'Unpack']);

/** Recorded calls that nothing has read: more are computed before they pile up. */
const MOST_RECORDED = 1000;

const known = (dtype: DataType): Value['dtype'] => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new OnnxEngineError(
    `tensor: expected float32, int32 or bool, got ${dtype}${placeHere()}. The onnx backend has no other types; use another backend for them.`,
    { subject: dtype },
  );
};

const typed = (values: unknown, dtype: Value['dtype']): Values => {
  const list = (values ?? []) as ArrayLike<number>;
  if (dtype === 'float32') return list instanceof Float32Array ? list : Float32Array.from(list);
  if (dtype === 'int32') return list instanceof Int32Array ? list : Int32Array.from(list);
  return list instanceof Uint8Array ? list : Uint8Array.from(list, Number);
};

/** What the backend keeps for a tensor's data. */
interface Held {
  readonly value: Value;
  references: number;
}

/** After timers and what else is due. */
const nextTurn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A tfjs backend that records kernel calls, and computes what is read of them. */
export class OnnxBackend extends tf.KernelBackend {
  readonly #data: tf.DataStorage<Held> = new tf.DataStorage<Held>(this, tf.engine());
  readonly #disposed = new WeakMap<object, Value>();
  /** How many tensors hold a value. */
  readonly #holders = new WeakMap<Value, number>();
  /** Values that tensors hold and that are not computed. */
  readonly #open = new Set<Value>();
  /** Values that follow from the inputs of a function that is being traced: they have no numbers. */
  readonly #traced = new WeakSet<Value>();
  readonly #wanted = new Set<Value>();
  readonly #evaluator = new Evaluator();
  #recorded = 0;

  /** How many graphs were compiled for values that were read. */
  get compilations(): number {
    return this.#evaluator.compilations;
  }

  #hold(dataId: object, value: Value, references: number): void {
    this.#data.set(dataId, { value, references });
    this.#holders.set(value, (this.#holders.get(value) ?? 0) + 1);
    if (value.source.kind === 'input') this.#traced.add(value);
    if (value.source.kind === 'call' && !this.#traced.has(value)) this.#open.add(value);
  }

  /** What was recorded for a tensor. */
  value(tensor: { readonly dataId: object }): Value {
    // A gradient may ask for a tensor that its scope has disposed of; other backends often still have its data then.
    return this.#disposed.get(tensor.dataId) ?? this.#data.get(tensor.dataId).value;
  }

  /** A new handle for a value. */
  info(value: Value): TensorInfo {
    const dataId = {};
    this.#hold(dataId, value, 1);
    return { dataId, shape: [...value.shape], dtype: value.dtype };
  }

  /** Records a kernel call. */
  record(kernel: string, inputs: Readonly<Record<string, TensorInfo>>, attributes: object): TensorInfo | TensorInfo[] {
    const definition = KERNELS[kernel];
    if (definition === undefined) throw unsupported(kernel);
    const given = Object.entries(inputs).filter(([, tensor]) => tensor !== undefined && tensor !== null);
    const [first] = given;
    if (kernel === 'Identity' && first !== undefined) {
      // A copy is the same data under another handle.
      const [, { dataId, shape, dtype }] = first;
      const disposed = this.#disposed.get(dataId);
      if (disposed !== undefined) return this.info(disposed);
      this.incRef(dataId);
      return { dataId, shape, dtype };
    }
    const values = given.map(([key, tensor]) => [key, this.value(tensor)] as const);
    const outlines = definition.outline(Object.fromEntries(values) as Readonly<Record<string, Outline>>, attributes as never);
    const outputs = recordCall(kernel, values, attributes as Readonly<Record<string, unknown>>, outlines);
    if (values.some(([, value]) => this.#traced.has(value))) for (const output of outputs) this.#traced.add(output);
    else if (++this.#recorded > MOST_RECORDED) this.#flush();
    for (const { dtype } of outputs) known(dtype);
    const infos = outputs.map((value) => this.info(value));
    const [only] = infos;
    return infos.length === 1 && only !== undefined && !LISTS.has(kernel) ? only : infos;
  }

  #evaluate(values: readonly Value[]): void {
    this.#recorded = 0;
    this.#evaluator.evaluate(values, this.#open);
    for (const value of this.#open) if (value.source.kind === 'constant') this.#open.delete(value);
    for (const value of this.#wanted) if (value.source.kind === 'constant') this.#wanted.delete(value);
  }

  #flush(): void {
    try {
      this.#evaluate([...this.#open]);
    } catch {
      // Nobody asked for these values: the one that can't be computed says so when it is read.
    }
  }

  #numbers(value: Value): Values {
    if (value.source.kind === 'constant') return value.source.data;
    if (this.#traced.has(value)) throw tracedRead(value);
    this.#evaluate([value]);
    if (value.source.kind !== 'call') return this.#numbers(value);
    throw new OnnxEngineError(`dataSync: expected ${value.source.call.kernel} to be computed, got nothing.`);
  }

  override readSync(dataId: object): Values {
    return this.#numbers(this.value({ dataId }));
  }

  override async read(dataId: object): Promise<Values> {
    const value = this.value({ dataId });
    if (value.source.kind === 'constant') return value.source.data;
    if (this.#traced.has(value)) throw tracedRead(value);
    this.#wanted.add(value);
    await nextTurn();
    // Reads that were asked for together are one graph; if that fails, each tells of its own failure.
    try {
      if (value.source.kind === 'call') this.#evaluate([...this.#wanted]);
    } catch {
      this.#wanted.delete(value);
    }
    return this.#numbers(value);
  }

  override write(values: unknown, shape: number[], dtype: DataType): object {
    const type = known(dtype);
    return this.info({ dtype: type, shape, source: { kind: 'constant', data: typed(values, type) } }).dataId;
  }

  override move(dataId: object, values: unknown, shape: number[], dtype: DataType, references: number): void {
    const type = known(dtype);
    this.#hold(dataId, { dtype: type, shape, source: { kind: 'constant', data: typed(values, type) } }, references);
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.#data.has(dataId)) return true;
    const held = this.#data.get(dataId);
    held.references--;
    if (!force && held.references > 0) return false;
    const holders = (this.#holders.get(held.value) ?? 1) - 1;
    this.#holders.set(held.value, holders);
    if (holders === 0) this.#open.delete(held.value);
    this.#data.delete(dataId);
    this.#disposed.set(dataId, held.value);
    return true;
  }

  override refCount(dataId: object): number {
    return this.#data.has(dataId) ? this.#data.get(dataId).references : 0;
  }

  override incRef(dataId: object): void {
    this.#data.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['A tensor that nothing has read may hold what it will be computed from.'] };
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<{ kernelMs: number }> {
    this.#flush();
    const start = performance.now();
    run();
    this.#flush();
    return { kernelMs: performance.now() - start };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#evaluator.dispose();
  }
}

const tracedRead = ({ source }: Value): OnnxEngineError => {
  const what = source.kind === 'call' ? `a result of ${source.call.kernel}` : source.kind === 'input' ? `the input "${source.name}"` : 'it';
  return new OnnxEngineError(
    `dataSync: expected a tensor with values, got ${what}, which has none while its function is traced${placeHere()}. Choose with tf.where instead of JavaScript conditions, or return the tensor and read it outside.`,
    { subject: source.kind === 'call' ? source.call.kernel : undefined },
  );
};

const unsupported = (kernel: string): OnnxEngineError =>
  new OnnxEngineError(
    `${kernel}: expected a kernel of the onnx backend, got one that it lacks${placeHere()}. Use other operations, or see the table of kernels in the README.`,
    { subject: kernel },
  );

let shared: OnnxBackend | undefined;

const register = (kernelName: string, kernelFunc: tf.KernelFunc): void =>
  tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc });

/** The backend of this process, registered with tfjs when first asked for. */
export const onnxBackend = (): OnnxBackend => {
  if (shared !== undefined) return shared;
  const backend = new OnnxBackend();
  tf.registerBackend(BACKEND, () => backend, 0);
  for (const kernel of Object.keys(KERNELS)) {
    register(kernel, ({ inputs, attrs }) => backend.record(kernel, inputs as Readonly<Record<string, TensorInfo>>, attrs ?? {}));
  }
  // What tfjs itself has and this backend lacks is refused with the place of the call, not with a line of tfjs.
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (KERNELS[kernelName] !== undefined) continue;
    register(kernelName, () => {
      throw unsupported(kernelName);
    });
  }
  shared = backend;
  return backend;
};

/** Registers the backend `onnx`, so that `tf.setBackend('onnx')` finds it. Calling it again does nothing. */
export const registerOnnxBackend = (): void => {
  onnxBackend();
};
