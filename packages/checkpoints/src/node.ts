export { openFile, writeFileAtomically } from './file.ts';
export { openCheckpointFile } from './open-file.ts';
export { writeSafetensorsFile, type WriteOptions } from './safetensors/file.ts';
