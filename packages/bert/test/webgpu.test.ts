import { afterAll, describe, expect, it } from 'vitest';
import {
  type StepOptions,
  type TensorValue,
  LOSS_SCALING,
  collate,
  collateLabels,
  createConfig,
  dropoutOffsets,
  dropoutSites,
  lossScaleNames,
  trainingSignature,
  trainingStep,
} from '@samequestion/bert';
import { type OnnxProgram, createOnnxEngine } from '@samequestion/tfjs-onnx';
import { findAdapter } from '../../../tools/software-gpu.ts';
import { batchOf as batchOfCase, cases, startOf } from './engine-steps.ts';
import { firstState, largestDifference, pairs, plainOptions, scalar, tiny } from './support.ts';

const adapter = await findAdapter('the training step on WebGPU');

const withDropout = createConfig({ ...tiny, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2 });
const options: StepOptions = plainOptions(withDropout, { average: true, lossScaling: { ...LOSS_SCALING, growthInterval: 8 } });
const signature = trainingSignature(options);

function batchOf(step: number): Record<string, TensorValue> {
  const some = pairs(3 + (step % 2), step + 1);
  return {
    ...collate(some, options.config, 4),
    ...collateLabels(some, some.length),
    dropout_offsets: dropoutOffsets(1, step, dropoutSites(options)),
    learning_rate: scalar(1e-3),
    average_decay: scalar(0.9),
  };
}

const bytesOf = (values: Readonly<Record<string, TensorValue>>): number =>
  Object.values(values).reduce((sum, { data }) => sum + data.byteLength, 0);

/** All that an update changes. */
const changing = Object.keys(signature.state).filter((name) => !/^(?:dropout|loss_scale)/u.test(name));

describe.skipIf(adapter === undefined)('the training step on WebGPU', async () => {
  const cpu = await createOnnxEngine({ threads: 1 });
  const gpu = await createOnnxEngine({ provider: 'webgpu' });
  afterAll(() => Promise.all([cpu.dispose(), gpu.dispose()]));
  const started = async (engine: typeof cpu): Promise<OnnxProgram> => {
    const program = await engine.compile(trainingStep(options), signature);
    await program.load(firstState(options));
    return program;
  };

  it('gives the loss and the parameters that the CPU gives, on the GPU alone, and no state crosses', async () => {
    const [program, reference] = [await started(gpu), await started(cpu)];
    const before = await program.traffic();
    let inputs = 0;
    for (let step = 0; step < 20; step++) {
      const batch = batchOf(step);
      inputs += bytesOf(batch);
      const [actual, expected] = [await program.run(batch), await reference.run(batch)];
      for (const name of ['loss', 'gradient_norm'])
        expect(Math.abs((actual[name]?.data[0] ?? Number.NaN) - (expected[name]?.data[0] ?? 0))).toBeLessThan(1e-5);
      expect(actual['loss_scale']?.data).toEqual(expected['loss_scale']?.data);
    }
    const after = await program.traffic();
    // Loss, norm and scale come back; the batch with the places of its masks, and a few numbers about its sizes, go out.
    expect(after.toHost - before.toHost).toBe(20 * 3 * 4);
    expect(after.toDevice - before.toDevice).toBeLessThan(inputs + 20 * 1024);
    expect(20 * 1024).toBeLessThan(bytesOf(firstState(options)) / 20);
    const [state, wanted] = [await program.read(changing), await reference.read(changing)];
    // The bound; key biases, whose gradient is rounding alone, stay within it at this rate.
    for (const [name, { data }] of Object.entries(wanted)) expect(largestDifference(state[name]?.data ?? [], data)).toBeLessThan(1e-4);
    const nodes = await program.explain(batchOf(0));
    expect(nodes.length).toBeGreaterThan(300);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);

    // An overflow, in float32 by a scale near its end.
    const names = Object.values(lossScaleNames);
    expect((await program.read(names))[lossScaleNames.scale]?.data).toEqual(Float32Array.of(2 ** 18));
    await program.load({ [lossScaleNames.scale]: scalar(2 ** 127) });
    const { gradient_norm: norm } = await program.run(batchOf(20));
    expect(Number.isFinite(norm?.data[0])).toBe(false);
    expect(await program.read(changing)).toEqual(state);
    expect(await program.read(names)).toMatchObject({
      [lossScaleNames.scale]: { data: Float32Array.of(2 ** 126) },
      [lossScaleNames.goodSteps]: { data: Float32Array.of(0) },
    });
    await program.dispose();
    await reference.dispose();
  });

  // A software GPU compiles and runs shaders slowly; SAMEQUESTION_ALL_ENGINES=1 asks for every case.
  it.runIf(process.env['SAMEQUESTION_ALL_ENGINES'] === '1').each(cases)('runs %s on the GPU alone', async (_, each) => {
    const program = await gpu.compile(trainingStep(each), trainingSignature(each));
    await program.load(startOf(each));
    const nodes = await program.explain(batchOfCase(each, 0));
    expect(nodes.length).toBeGreaterThan(300);
    expect(nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')).toEqual([]);
    await program.dispose();
  });
});
