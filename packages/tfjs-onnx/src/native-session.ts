import { createRequire } from 'node:module';
import type { Tensor } from 'onnxruntime-node';
import { OnnxEngineError } from './errors.ts';
import { runInPlaceNow } from './in-place.ts';

/** ONNX Runtime's session as its Node binding has it: `run` returns when the values are there. */
interface Native {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, Tensor>;
  dispose(): void;
}

interface Binding {
  readonly initOrt: () => void;
  readonly binding: { readonly InferenceSession: new () => Native };
}

let loaded: Binding | undefined;

const load = (): Binding => {
  if (loaded !== undefined) return loaded;
  try {
    // The package's public `run` wraps this call in a promise; a tensor's dataSync can't wait for one.
    loaded = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as Binding;
  } catch (cause) {
    throw new OnnxEngineError('onnx backend: expected onnxruntime-node 1.30 with its binding, got none. Install that version.', { cause });
  }
  loaded.initOrt();
  return loaded;
};

/** A session on ONNX Runtime's CPU provider that runs in the calling thread. */
export class NativeSession {
  readonly #native: Native;

  /**
   * @param model Of a graph for the CPU.
   * @param small Whether compiling quickly matters more than running fast.
   */
  constructor(model: Uint8Array, small: boolean) {
    const { binding } = load();
    this.#native = new binding.InferenceSession();
    this.#native.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: small ? 'basic' : 'all',
      logSeverityLevel: 4,
      ...(small ? { intraOpNumThreads: 1 } : {}),
    });
  }

  /** Blocks the thread until the outputs are in their places. */
  run(feeds: Readonly<Record<string, Tensor>>, places: Readonly<Record<string, Tensor>>): void {
    runInPlaceNow((inputs, fetches) => this.#native.run(inputs, fetches, {}), feeds, places);
  }

  dispose(): void {
    this.#native.dispose();
  }
}
