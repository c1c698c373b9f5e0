import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import type { Bench } from '../../../tools/bench-types.ts';
import { encoderStep, type EncoderCase } from './encoder-step.ts';

const MIB = 2 ** 20;

const THREADS = 2;

/** A small encoder, because what leaks does so at every size; with as many weights as AdamW's second thread takes to start. */
const small = (length: number): EncoderCase => ({
  name: 'small',
  size: { layers: 2, width: 128, heads: 4, inner: 512 },
  batch: 8,
  length,
  dropout: 0.1,
  threads: THREADS,
});

const LENGTHS = [8, 16, 24, 32];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident memory of the process, workers included, in MiB, without what the collector would take. */
const resident = async (): Promise<number> => {
  collect();
  await new Promise((resolve) => setTimeout(resolve, 20));
  collect();
  return process.memoryUsage.rss() / MIB;
};

export const bench: Bench = {
  name: 'memory',
  about: 'Resident memory over 1,000 steps of changing length and over ten engines that are created and disposed of.',
  run: async (report) => {
    const engine = await createOnnxEngine({ threads: THREADS });
    const { step: training, signature, state } = encoderStep(small(Math.max(...LENGTHS)));
    const program = await engine.compile(training, signature);
    await program.load(state());
    const batches = LENGTHS.map((length) => encoderStep(small(length)).batch(0));
    let early = NaN;
    for (let step = 1; step <= 1000; step++) {
      await program.run(batches[step % batches.length] ?? {});
      if (step === 200) early = await resident();
      if (step === 200 || step === 600 || step === 1000) report({ name: `after ${step} steps`, value: await resident(), unit: 'MiB' });
    }
    report({ name: 'growth from step 200 to 1,000', value: (await resident()) - early, unit: 'MiB' });
    await engine.dispose();
    const after: number[] = [];
    for (let count = 1; count <= 10; count++) {
      const one = await createOnnxEngine({ threads: THREADS });
      const own = await one.compile(training, signature);
      await own.load(state());
      await own.run(batches[0] ?? {});
      await one.dispose();
      after.push(await resident());
    }
    report({ name: 'after the 3rd of ten engines', value: after[2] ?? NaN, unit: 'MiB' });
    report({ name: 'after the 10th', value: after[9] ?? NaN, unit: 'MiB' });
    report({ name: 'growth per engine, 3rd to 10th', value: ((after[9] ?? NaN) - (after[2] ?? NaN)) / 7, unit: 'MiB' });
  },
};
