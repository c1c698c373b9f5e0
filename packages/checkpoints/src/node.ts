export { openFile, writeFileAtomically } from './file.ts';
export { openSafetensorsFile, writeSafetensorsFile, type WriteOptions } from './safetensors/file.ts';
