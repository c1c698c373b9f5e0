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

const withoutGpu = (await findAdapter('steps on WebGPU')) === undefined;

describe.skipIf(withoutGpu)('ten steps on the eager engine and on WebGPU agree', async () => {
  const engine = withoutGpu ? eager : await started(createOnnxEngine({ provider: 'webgpu' }));
  // A software GPU compiles and runs shaders slowly; SAMEQUESTION_ALL_ENGINES=1 asks for every case.
  const some = process.env['SAMEQUESTION_ALL_ENGINES'] === '1' ? cases : cases.slice(0, 1);
  it.each(some)('with %s', async (_, options) => {
    expect(disagreements(await tenSteps(eager, options), await tenSteps(engine, options))).toEqual([]);
  });
});

const tfjsNode = await import('@tensorflow/tfjs-node' as string).then(
  () => true,
  () => false,
);
if (!tfjsNode) process.stderr.write('steps on @tensorflow/tfjs-node skipped: it is not installed or not linked\n');

describe.skipIf(!tfjsNode)('ten steps on the eager engine and on tfjs-node agree', () => {
  it.each(cases)('with %s', async (_, options) => {
    const engine = createTfjsEngine({ backend: 'tensorflow' });
    expect(disagreements(await tenSteps(eager, options), await tenSteps(engine, options))).toEqual([]);
  });
});
