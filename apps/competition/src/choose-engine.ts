import { availableParallelism } from 'node:os';

import { type Engine, createTfjsEngine } from '@samequestion/bert';

import { graphicsNames } from './doctor/graphics.ts';
import { type InstalledPackage, findPackage, tensorflowPackages } from './tensorflow/find-package.ts';
import { restoreUtilFunctions } from './tensorflow/node-shim.ts';
import { UsageError } from './usage-error.ts';

export interface EngineChoice {
  readonly engine: Engine;
  /** One line: what was chosen and why. */
  readonly reason: string;
}

export interface EngineOptions {
  /** `auto`, `onnx`, `onnx-cpu`, `onnx-webgpu` or `tfjs`. */
  readonly engine: string;
  /** `auto`, `cpu` or `gpu`. */
  readonly device: string;
  readonly threads?: number | undefined;
  /** The type of products: `float32`, or `float16` on a GPU. */
  readonly precision?: 'float32' | 'float16';
  /** Activations are recomputed: memory is scarce, so intermediate values give theirs back at once. */
  readonly recompute?: boolean;
}

/** The engines by name. */
export const engineNames: readonly string[] = ['auto', 'onnx', 'onnx-cpu', 'onnx-webgpu', 'tfjs'];
const deviceNames: readonly string[] = ['auto', 'cpu', 'gpu'];

/**
 * Picks the engine that the options ask for. `auto` is ONNX Runtime on the CPU, which is always there and gives the same bits each time;
 * a GPU is used when `--device gpu` or a GPU engine asks for it.
 *
 * @throws {UsageError} If the names contradict each other or what they ask for is not on this machine.
 */
export async function chooseEngine(options: EngineOptions): Promise<EngineChoice> {
  const { engine, device, threads, recompute, precision = 'float32' } = options;
  if (!engineNames.includes(engine)) throw new UsageError(`--engine: expected ${engineNames.join(', ')}, got ${engine}.`);
  if (!deviceNames.includes(device)) throw new UsageError(`--device: expected ${deviceNames.join(', ')}, got ${device}.`);
  if ((engine === 'onnx-cpu' && device === 'gpu') || (engine === 'onnx-webgpu' && device === 'cpu'))
    throw new UsageError(`--device: expected one that ${engine} computes on, got ${device}. Leave --device out.`);
  const webgpu = engine === 'onnx-webgpu' || (engine !== 'tfjs' && device === 'gpu');
  if (precision === 'float16' && !webgpu)
    throw new UsageError(
      '--precision float16: expected a GPU, got an engine without such products. Add --device gpu, or leave --precision out.',
    );
  if (engine === 'tfjs') return chooseTfjs(device);
  if (webgpu) return chooseWebgpu(engine, precision);
  const { createOnnxEngine } = await import('@samequestion/tfjs-onnx');
  const cores = threads ?? availableParallelism();
  const asked = engine === 'auto' && device === 'auto' ? 'the default; samequestion doctor shows what else there is' : 'as asked';
  return {
    engine: await createOnnxEngine({ provider: 'cpu', threads: cores, memory: recompute === true ? 'small' : 'fast' }),
    reason: `ONNX Runtime on the CPU, ${cores} thread${cores === 1 ? '' : 's'} (${asked})`,
  };
}

async function chooseWebgpu(name: string, precision: 'float32' | 'float16'): Promise<EngineChoice> {
  const { createOnnxEngine } = await import('@samequestion/tfjs-onnx');
  const engine = await createOnnxEngine({ provider: 'webgpu', precision });
  try {
    const adapter = await engine.adapter();
    const gpu = adapter?.name ?? (await onlyGpu()) ?? 'the GPU';
    if (precision === 'float16' && adapter?.float16 !== true)
      throw new UsageError(
        `--precision float16: expected a GPU that computes with 16-bit floats, got ${gpu}, which does not. Leave --precision out.`,
      );
    const products = precision === 'float16' ? ', products in float16' : '';
    const asked = name === 'onnx-webgpu' ? '--engine' : '--device';
    return { engine, reason: `ONNX Runtime on ${gpu} through WebGPU${products} (as asked by ${asked})` };
  } catch (error) {
    await engine.dispose();
    if (error instanceof UsageError) throw error;
    const said = (error instanceof Error ? error.message : String(error)).replace(/^adapter: /u, '');
    throw new UsageError(`--device gpu: ${said} samequestion doctor says what this machine has.`, { cause: error });
  }
}

/** The system's name for its graphics processor, where it has one only. */
async function onlyGpu(): Promise<string | undefined> {
  const names = await graphicsNames();
  return names.length === 1 ? names[0] : undefined;
}

/** Imports a package of tfjs for Node. It may bring a second copy of the other backends' kernels, which would warn of each one. */
export async function importTensorflow({ entry }: InstalledPackage): Promise<void> {
  restoreUtilFunctions();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  const { env } = await import('@tensorflow/tfjs');
  const before = env().getBool('PROD');
  env().set('PROD', true);
  try {
    await import(entry);
  } finally {
    env().set('PROD', before);
  }
}

/** The package of tfjs for Node that is installed and loads, the one for GPUs first. */
async function chooseTfjs(device: string): Promise<EngineChoice> {
  const wanted =
    device === 'cpu'
      ? [tensorflowPackages.cpu]
      : device === 'gpu'
        ? [tensorflowPackages.gpu]
        : Object.values(tensorflowPackages).toReversed();
  const failures: string[] = [];
  for (const name of wanted) {
    const installed = findPackage(name);
    if (installed === undefined) continue;
    try {
      await importTensorflow(installed);
      return {
        engine: createTfjsEngine({ backend: 'tensorflow' }),
        reason: `${name} ${installed.version}, eager (as asked by --engine tfjs)`,
      };
    } catch (error) {
      failures.push(`${name}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`);
    }
  }
  if (failures.length > 0) {
    throw new UsageError(
      `--engine tfjs: expected a tfjs-node that loads, got ${failures.join('; ')}. Link it to a TensorFlow (samequestion link-tensorflow), or use --engine onnx.`,
    );
  }
  throw new UsageError(
    `--engine tfjs: expected ${wanted.join(' or ')} to be installed, found none. Install it (npm install --ignore-scripts ${wanted[0] ?? ''}@4.22.0) and link it (samequestion link-tensorflow), or use --engine onnx.`,
  );
}
