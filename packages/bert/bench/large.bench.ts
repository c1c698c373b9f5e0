import { readFileSync } from 'node:fs';
import { type LabelledPair, type TrainOptions, countParameters, createConfig, initialiseParameters, train } from '@samequestion/bert';
import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import type { Bench } from '../../../tools/bench-types.ts';

const large = createConfig({ hidden_size: 1024, num_hidden_layers: 24, num_attention_heads: 16 });
const BATCH = 32;
const LENGTH = 128;

/** What the original entry's card had, in bytes. */
const LIMIT = 11e9;

/** The most memory that this process ever had, in GB (10⁹ bytes), where the system tells. */
function peakGigabytes(): number {
  const line = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync('/proc/self/status', 'utf8'));
  return (Number(line?.[1] ?? Number.NaN) * 1024) / 1e9;
}

function somePairs(): LabelledPair[] {
  return Array.from({ length: BATCH }, (_, row) => {
    const ids = Int32Array.from({ length: LENGTH }, (__, place) => 106 + ((row * 7919 + place * 104_729) % 21_000));
    return { ids, types: ids.map((__, place) => (place < LENGTH / 2 ? 0 : 1)), label: row % 2 };
  });
}

export const bench: Bench = {
  name: 'bert-large-memory',
  about:
    '24 × 1024, random weights: one effective batch of 32 × 128 in parts of 4, activations recomputed; the most memory of the process.',
  run: async (report) => {
    const engine = await createOnnxEngine({ memory: 'small' });
    const options: TrainOptions = {
      engine,
      config: large,
      parameters: () => initialiseParameters(large, { seed: 1 }),
      pairs: somePairs(),
      limit: { steps: 1 },
      seed: 1,
      batchSize: BATCH,
      partSize: 4,
      recompute: true,
      learningRate: 1e-5,
      warmup: 0,
      decay: 'constant',
    };
    const state = (countParameters(large) * 4) / 1e9;
    report({ name: 'weights alone', value: state, unit: 'GB', note: 'as much again for each of gradients, first and second moments' });
    report({ name: 'peak before training', value: peakGigabytes(), unit: 'GB' });
    for await (const event of train(options)) {
      if (event.event !== 'step') continue;
      report({ name: 'effective batch', value: event.seconds, unit: 's', note: `loss ${event.loss.toFixed(4)}` });
      report({
        name: 'peak memory',
        value: peakGigabytes(),
        unit: 'GB',
        baseline: '11 GB',
        ratio: (peakGigabytes() * 1e9) / LIMIT,
        note: `${(peakGigabytes() / state).toFixed(1)} times the weights`,
      });
      break;
    }
    await engine.dispose();
  },
};
