export type { Checkpoint, SkippedEntry } from './checkpoint.ts';
export { bytesOf, fromFloat32, toFloat32, toInt32, type FloatType } from './convert.ts';
export { CheckpointError, type CheckpointErrorFields, type CheckpointFault, type CheckpointFormat } from './error.ts';
export { openCheckpoint, type OpenOptions } from './open.ts';
export { openSafetensors } from './safetensors/read.ts';
export { encodeSafetensors, safetensorsBytes, type TensorToWrite } from './safetensors/write.ts';
export { blobSource, bytesSource, type ByteSource } from './source.ts';
export { byteLength, bytesPerElement, elementCount, type DataType, type TensorInfo, type TensorRecord } from './tensor.ts';
