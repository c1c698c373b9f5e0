export { type Adapter, describeAdapter } from './adapter.ts';
export { type OnnxBackend, registerOnnxBackend } from './backend.ts';
export { createOnnxEngine, type OnnxEngine, type OnnxEngineOptions, type OnnxProgram } from './engine.ts';
export { OnnxEngineError } from './errors.ts';
export { type ExportedFunction, type ExportedModel, type ExportOptions, type ExportSpec, toOnnx } from './export.ts';
export { kernelFamilies } from './kernels/index.ts';
export type { Traffic } from './messages.ts';
export type { NodeReport } from './profile.ts';
export type { DataType, Engine, Program, Signature, Step, Tensors, TensorSpec, TensorValue } from './types.ts';
