// Ten training steps of a tiny model on one engine: `ten-steps.ts ENGINE OUT [PACKAGE FOLDER]`. Prints the losses, writes the weights to OUT.
import {
  createConfig,
  createTfjsEngine,
  initialiseParameters,
  saveModel,
  train,
  uniformAt,
  type Engine,
  type LabelledPair,
} from '@samequestion/bert';
import { createOnnxEngine } from '@samequestion/tfjs-onnx';

import { importTensorflow } from '../../src/choose-engine.ts';
import { packageAt } from '../../src/tensorflow/find-package.ts';

const [name = '', out = '', folder = ''] = process.argv.slice(2);

async function engineNamed(): Promise<Engine> {
  if (name === 'onnx-cpu') return createOnnxEngine({ provider: 'cpu', threads: 2 });
  if (name === 'onnx-webgpu') return createOnnxEngine({ provider: 'webgpu' });
  if (name === 'tfjs-cpu') return createTfjsEngine({ backend: 'cpu' });
  const installed = packageAt(folder);
  if (installed === undefined) throw new Error(`expected a package in ${folder}, found none`);
  await importTensorflow(installed);
  return createTfjsEngine({ backend: 'tensorflow' });
}

const config = createConfig({
  vocab_size: 40,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  max_position_embeddings: 24,
  pair_token_types: 'side-and-match',
  unmatched_token_ids: [0, 1, 2, 3, 4],
  initializer_range: 0.1,
});
const token = (index: number): number => 5 + Math.floor(uniformAt(9, index) * 35);
const tokens = (count: number, key: number): number[] => Array.from({ length: count }, (_, index) => token(key + index));
const pairs = Array.from({ length: 24 }, (_, pair): LabelledPair => {
  const first = tokens(3 + (pair % 5), 100 * pair);
  const second = pair % 2 === 0 ? first.toReversed() : tokens(4, 100 * pair + 50);
  const types = [...Array<number>(first.length + 2).fill(0), ...Array<number>(second.length + 1).fill(1)];
  return { ids: [2, ...first, 3, ...second, 3], types, label: pair % 2 === 0 ? 1 : 0 };
});
const engine = await engineNamed();
const losses: number[] = [];
const adversarial = { kind: 'fgm', epsilon: 0.5 } as const;
const parameters = initialiseParameters(config, { seed: 4 });
for await (const event of train({
  engine,
  config,
  parameters,
  pairs,
  limit: { steps: 10 },
  seed: 4,
  batchSize: 8,
  learningRate: 1e-3,
  adversarial,
})) {
  if (event.event === 'step') losses.push(event.loss, event.gradientNorm);
  if (event.event === 'done') await saveModel(out, { config, parameters: event.parameters });
}
await engine.dispose();
process.stdout.write(`LOSSES ${JSON.stringify(losses)}\n`);
