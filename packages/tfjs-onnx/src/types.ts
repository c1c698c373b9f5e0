import type { Tensor } from '@tensorflow/tfjs';

export type DataType = 'float32' | 'int32' | 'bool';

/** A tensor's type and shape. A string names a size that each run decides; the same name is the same size. */
export interface TensorSpec {
  readonly dtype: DataType;
  readonly shape: readonly (number | string)[];
}

/** A tensor outside of tfjs: its values in row-major order; bool as 0 and 1. */
export interface TensorValue {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** A pure function over tfjs tensors: new state (what it leaves out stays as it was) and outputs. */
export type Step = (state: Tensors, batch: Tensors) => { readonly state: Tensors; readonly outputs: Tensors };

export interface Signature {
  readonly state: Readonly<Record<string, TensorSpec>>;
  readonly batch: Readonly<Record<string, TensorSpec>>;
}

/** A compiled step with its state. */
export interface Program {
  /** Sets state: all of it before the first run, later any part. */
  load(state: Readonly<Record<string, TensorValue>>): Promise<void>;
  /** Runs one step. If it throws, the state is as it was before. */
  run(batch: Readonly<Record<string, TensorValue>>): Promise<Record<string, TensorValue>>;
  /** Copies state out: all of it, or what `names` lists. */
  read(names?: readonly string[]): Promise<Record<string, TensorValue>>;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  compile(step: Step, signature: Signature): Promise<Program>;
  dispose(): Promise<void>;
}
