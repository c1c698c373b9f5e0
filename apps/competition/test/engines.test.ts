import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadModel } from '@samequestion/bert';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { chooseEngine } from '../src/choose-engine.ts';
import { tensorflowPackages } from '../src/tensorflow/find-package.ts';
import { UsageError } from '../src/usage-error.ts';
import { findAdapter } from '../../../tools/software-gpu.ts';
import { finished, nodeArguments, samequestion } from './cli/samequestion.ts';

const adapter = await findAdapter('--device gpu');

// The folder whose node_modules hold @tensorflow/tfjs-node and -gpu, linked by `samequestion link-tensorflow`.
const home = process.env['SAMEQUESTION_TFJS_NODE'];
const linked = Object.values(tensorflowPackages).filter(
  (name) => home !== undefined && existsSync(join(home, 'node_modules', name, 'lib')),
);
if (linked.length < 2)
  console.warn('engines.test: skipped tfjs-node or tfjs-node-gpu: SAMEQUESTION_TFJS_NODE names no folder with both, linked.');

// Debian's chromium package ships a software GPU.
const softwareGpu = '/usr/lib/chromium/vk_swiftshader_icd.json';
const withoutGpu = !existsSync(softwareGpu);
if (withoutGpu) console.warn('engines.test: skipped onnx-webgpu: no software adapter (Debian: apt-get install chromium).');

/** float32 sums in another order, over ten steps of Adam, whose first steps are as long for small gradients as for large ones. */
const tolerance = 1e-5;

interface TenSteps {
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, ArrayLike<number>>>;
}

describe('ten training steps', () => {
  let folder = '';
  let reference: TenSteps;
  const tenSteps = async (engine: string, packageFolder = ''): Promise<TenSteps> => {
    const out = join(folder, engine.replaceAll(/\W/gu, '-'));
    const script = fileURLToPath(new URL('cli/ten-steps.ts', import.meta.url));
    const gpu = engine === 'onnx-webgpu' ? { VK_ICD_FILENAMES: softwareGpu, VK_DRIVER_FILES: softwareGpu } : {};
    const child = spawn(process.execPath, [...nodeArguments, script, engine, out, packageFolder], { env: { ...gpu, ...process.env } });
    const { stdout, stderr } = await finished(child);
    const line = stdout.split('\n').find((text) => text.startsWith('LOSSES '));
    if (line === undefined) throw new Error(stderr);
    const { parameters } = await loadModel(out);
    return {
      losses: JSON.parse(line.slice('LOSSES '.length)) as number[],
      weights: Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data])),
    };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engines-'));
    reference = await tenSteps('tfjs-cpu');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  function largestDifference(other: TenSteps): number {
    let largest = 0;
    for (const [name, data] of Object.entries(reference.weights)) {
      const values = other.weights[name] ?? [];
      for (let index = 0; index < data.length; index++)
        largest = Math.max(largest, Math.abs((data[index] ?? Number.NaN) - (values[index] ?? Number.NaN)));
    }
    return largest;
  }

  /** Over all losses, gradient norms and weights. */
  const differenceOf = (other: TenSteps): number =>
    Math.max(largestDifference(other), ...reference.losses.map((loss, index) => Math.abs((other.losses[index] ?? Number.NaN) - loss)));

  test('give the same losses and weights on onnx-cpu as on the CPU backend of tfjs', async () => {
    expect(reference.losses[18]).toBeLessThan(reference.losses[0] ?? 0);
    expect(differenceOf(await tenSteps('onnx-cpu'))).toBeLessThan(tolerance);
  });

  test.skipIf(withoutGpu)('and the same on onnx-webgpu', async () => {
    expect(differenceOf(await tenSteps('onnx-webgpu'))).toBeLessThan(tolerance);
  });

  test.skipIf(linked.length < 2).each(Object.values(tensorflowPackages))('and the same on %s, linked to a TensorFlow', async (name) => {
    expect(differenceOf(await tenSteps(name, join(home ?? '', 'node_modules', name)))).toBeLessThan(tolerance);
  });
});

describe('--engine and --device', () => {
  test('of unknown name are refused before anything is read', async () => {
    const { code, stderr } = await samequestion(['evaluate', '--model', 'nowhere', '--data', 'nothing', '--engine', 'abacus']);
    expect(code).toBe(2);
    expect(stderr).toContain('expected one of auto, onnx, onnx-cpu, onnx-webgpu, tfjs');
  });

  test('that contradict each other are refused', async () => {
    await expect(chooseEngine({ engine: 'onnx-cpu', device: 'gpu' })).rejects.toThrow(
      '--device: expected one that onnx-cpu computes on, got gpu.',
    );
    await expect(chooseEngine({ engine: 'onnx-webgpu', device: 'cpu' })).rejects.toThrow(UsageError);
  });

  test('float16 is refused on the CPU', async () => {
    for (const engine of ['auto', 'onnx-cpu', 'tfjs'])
      await expect(chooseEngine({ engine, device: 'auto', precision: 'float16' })).rejects.toThrow(
        '--precision float16: expected a GPU, got an engine without such products. Add --device gpu, or leave --precision out.',
      );
  });

  test.skipIf(adapter === undefined)('a GPU is named, and has to compute what is asked of it', async () => {
    const { engine, reason } = await chooseEngine({ engine: 'auto', device: 'gpu' });
    await engine.dispose();
    expect(reason).toBe(`ONNX Runtime on ${adapter?.name ?? 'the GPU'} through WebGPU (as asked by --device)`);
    const half = chooseEngine({ engine: 'onnx-webgpu', device: 'auto', precision: 'float16' });
    if (adapter?.float16 === true) await (await half).engine.dispose();
    else
      await expect(half).rejects.toThrow(
        `--precision float16: expected a GPU that computes with 16-bit floats, got ${adapter?.name ?? 'the GPU'}, which does not. Leave --precision out.`,
      );
  });

  test('auto is ONNX Runtime on the CPU, and says so', async () => {
    const { engine, reason } = await chooseEngine({ engine: 'auto', device: 'auto', threads: 1 });
    await engine.dispose();
    expect([engine.name, reason]).toEqual([
      'onnx-cpu',
      'ONNX Runtime on the CPU, 1 thread (the default; samequestion doctor shows what else there is)',
    ]);
  });
});
