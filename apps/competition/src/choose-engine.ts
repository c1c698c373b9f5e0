import { availableParallelism } from 'node:os';

import { type Engine, createTfjsEngine } from '@samequestion/bert';

import { UsageError } from './usage-error.ts';

export interface EngineChoice {
  readonly engine: Engine;
  /** One line: what was chosen and why. */
  readonly reason: string;
}

export interface EngineOptions {
  /** `auto`, `onnx` or `tfjs`. */
  readonly engine: string;
  /** `auto`, `cpu` or `gpu`. */
  readonly device: string;
  readonly threads?: number | undefined;
}

/** Picks the engine that the options ask for. `auto` is ONNX Runtime on the CPU: it is always there; a GPU is used when asked for. @throws {UsageError} */
export async function chooseEngine({ engine, device, threads }: EngineOptions): Promise<EngineChoice> {
  if (!['auto', 'onnx', 'tfjs'].includes(engine)) throw new UsageError(`--engine: expected auto, onnx or tfjs, got ${engine}.`);
  if (!['auto', 'cpu', 'gpu'].includes(device)) throw new UsageError(`--device: expected auto, cpu or gpu, got ${device}.`);
  if (engine === 'tfjs') return chooseTfjs(device);
  const { createOnnxEngine } = await import('@samequestion/tfjs-onnx');
  if (device === 'gpu') {
    return { engine: await createOnnxEngine({ provider: 'webgpu' }), reason: 'ONNX Runtime on the GPU through WebGPU, as asked' };
  }
  const cores = threads ?? availableParallelism();
  return {
    engine: await createOnnxEngine({ provider: 'cpu', threads: cores }),
    reason: `ONNX Runtime on the CPU, ${cores} thread${cores === 1 ? '' : 's'}`,
  };
}

const bindings = { cpu: '@tensorflow/tfjs-node', gpu: '@tensorflow/tfjs-node-gpu' } as const;

async function chooseTfjs(device: string): Promise<EngineChoice> {
  const wanted = device === 'cpu' ? [bindings.cpu] : device === 'gpu' ? [bindings.gpu] : [bindings.gpu, bindings.cpu];
  for (const name of wanted) {
    try {
      await import(name);
      return { engine: createTfjsEngine({ backend: 'tensorflow' }), reason: `${name}, eager` };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  throw new UsageError(
    `--engine tfjs: expected ${wanted.join(' or ')} to be installed, found neither. Install it (npm install ${wanted[0] ?? ''}), or use --engine onnx.`,
  );
}
