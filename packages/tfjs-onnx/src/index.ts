export { createOnnxEngine, type OnnxEngineOptions } from './engine.ts';
export { OnnxEngineError } from './errors.ts';
export type { DataType, Engine, Program, Signature, Step, Tensors, TensorSpec, TensorValue } from './types.ts';
