import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import type { Bench } from '../../../tools/bench-types.ts';
import { BERT_SIZES, bertBatch, bertSignature, bertState, bertStep, type BertSize } from './bert-step.ts';

const MIB = 2 ** 20;

/** A small encoder: what leaks does so at every size. */
const SMALL: BertSize = {
  ...(BERT_SIZES['4x312'] as BertSize),
  layers: 2,
  width: 48,
  heads: 4,
  inner: 96,
  vocabulary: 2000,
};

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
    const engine = await createOnnxEngine({ threads: 1 });
    const program = await engine.compile(bertStep(SMALL), bertSignature(SMALL));
    await program.load(bertState(SMALL));
    const batches = LENGTHS.map((length) => bertBatch(SMALL, 8, length));
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
      const one = await createOnnxEngine({ threads: 1 });
      const own = await one.compile(bertStep(SMALL), bertSignature(SMALL));
      await own.load(bertState(SMALL));
      await own.run(batches[0] ?? {});
      await one.dispose();
      after.push(await resident());
    }
    report({ name: 'after the 3rd of ten engines', value: after[2] ?? NaN, unit: 'MiB' });
    report({ name: 'after the 10th', value: after[9] ?? NaN, unit: 'MiB' });
    report({ name: 'growth per engine, 3rd to 10th', value: ((after[9] ?? NaN) - (after[2] ?? NaN)) / 7, unit: 'MiB' });
  },
};
