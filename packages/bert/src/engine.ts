import type { Tensor } from '@tensorflow/tfjs';

/** Element types that cross an engine's border. */
export type DataType = 'float32' | 'int32' | 'bool';

/** What a tensor looks like before its values are known; a string names a symbolic size, such as `'batch'`. */
export interface TensorSpec {
  readonly dtype: DataType;
  readonly shape: readonly (number | string)[];
}

/** A tensor outside every engine: plain values. */
export interface TensorValue {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** tfjs tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Plain tensors by name. */
export type TensorValues = Readonly<Record<string, TensorValue>>;

/** A pure function of state and batch. State that it does not return stays as it was. */
export type Step = (state: Tensors, batch: Tensors) => { readonly state: Tensors; readonly outputs: Tensors };

/** The shapes that a step is compiled for. */
export interface Signature {
  readonly state: Readonly<Record<string, TensorSpec>>;
  readonly batch: Readonly<Record<string, TensorSpec>>;
}

/** A compiled step and its state, which never leaves it unasked. */
export interface Program {
  /** Sets state: all of it before the first run, any part of it later. */
  load(state: TensorValues): Promise<void>;
  /** Runs the step once and returns its outputs. A step that throws leaves the state as it was. */
  run(batch: TensorValues): Promise<Record<string, TensorValue>>;
  /** Copies state out: the named tensors, or all of them. */
  read(names?: readonly string[]): Promise<Record<string, TensorValue>>;
  /** Frees the program's memory. */
  dispose(): Promise<void>;
}

/** Something that runs steps: eager tfjs, or a traced graph on ONNX Runtime. */
export interface Engine {
  /** `'onnx-cpu'`, `'onnx-webgpu'`, `'tfjs'`. */
  readonly name: string;
  compile(step: Step, signature: Signature): Promise<Program>;
  dispose(): Promise<void>;
}
