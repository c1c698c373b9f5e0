import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { env } from '@tensorflow/tfjs';
import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import { afterAll, describe, expect, it } from 'vitest';
import { type Engine, createTfjsEngine } from '@samequestion/bert';
import { findAdapter } from '../../../tools/software-gpu.ts';
import { cases, disagreements, tenSteps } from './engine-steps.ts';

const eager = createTfjsEngine({ backend: 'cpu' });
const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

const started = async (engine: Engine | Promise<Engine>): Promise<Engine> => {
  engines.push(await engine);
  return engine;
};

describe('ten steps on the eager engine and on ONNX Runtime agree', async () => {
  const engine = await started(createOnnxEngine({ threads: 1 }));
  it.each(cases)('with %s', async (_, options) => {
    expect(disagreements(await tenSteps(eager, options), await tenSteps(engine, options))).toEqual([]);
  });
});

it('an engine that gives memory back at once computes the same bits', async () => {
  const [, options] = cases.find(([name]) => name === 'layers computed again') ?? cases[0] ?? [];
  if (options === undefined) throw new Error('no case');
  const [fast, small] = [await started(createOnnxEngine({ threads: 1 })), await started(createOnnxEngine({ threads: 1, memory: 'small' }))];
  expect(await tenSteps(small, options)).toEqual(await tenSteps(fast, options));
});

const withoutGpu = (await findAdapter('steps on WebGPU')) === undefined;

describe.skipIf(withoutGpu)('ten steps on the eager engine and on WebGPU agree', async () => {
  const engine = withoutGpu ? eager : await started(createOnnxEngine({ provider: 'webgpu' }));
  // A software GPU compiles and runs shaders slowly; SAMEQUESTION_ALL_ENGINES=1 asks for every case.
  const some = process.env['SAMEQUESTION_ALL_ENGINES'] === '1' ? cases : cases.slice(0, 1);
  it.each(some)('with %s', async (_, options) => {
    expect(disagreements(await tenSteps(eager, options), await tenSteps(engine, options))).toEqual([]);
  });
});

// The folder whose node_modules hold @tensorflow/tfjs-node, linked by `samequestion link-tensorflow`.
const home = process.env['SAMEQUESTION_TFJS_NODE'];
const tensorflow = home !== undefined && existsSync(join(home, 'node_modules/@tensorflow/tfjs-node/lib'));
if (!tensorflow) process.stderr.write('steps on tfjs-node skipped: SAMEQUESTION_TFJS_NODE names no folder with it, linked\n');

describe.skipIf(!tensorflow)('ten steps on the eager engine and on tfjs-node agree', async () => {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Its copy of the other backends' kernels would warn of each that is there already.
  env().set('PROD', true);
  if (tensorflow) await import(createRequire(join(home, 'package.json')).resolve('@tensorflow/tfjs-node'));
  it.each(cases)('with %s', async (_, options) => {
    const engine = createTfjsEngine({ backend: 'tensorflow' });
    expect(disagreements(await tenSteps(eager, options), await tenSteps(engine, options))).toEqual([]);
  });
});
