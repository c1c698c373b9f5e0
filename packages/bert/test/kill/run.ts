// A training run in a process of its own, to be killed: `run.ts FOLDER`. Goes on from the folder's newest checkpoint if there is one. Prints a line
// at the first event and, at the end, the SHA-256 of the final weights.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createConfig, createTfjsEngine, initialiseParameters, readRunCheckpoint, train } from '@samequestion/bert';
import { pairs, tiny } from '../support.ts';

const [, , folder = ''] = process.argv;
mkdirSync(folder, { recursive: true });
const config = createConfig({ ...tiny, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 });
const resume = await readRunCheckpoint(folder);
const run = train({
  engine: createTfjsEngine({ backend: 'cpu' }),
  config,
  parameters: initialiseParameters(config, { seed: 1 }),
  pairs: (epoch) => pairs(20, 100 + epoch),
  maxLength: config.max_position_embeddings,
  evaluationPairs: pairs(10, 7),
  limit: { steps: 40 },
  evaluateEvery: 3,
  checkpoints: { folder, every: 2 },
  averageDecay: 0.95,
  symmetric: true,
  batchSize: 4,
  partSize: 3,
  learningRate: 1e-3,
  seed: 11,
  ...(resume === undefined ? {} : { resume }),
});
let told = false;
for await (const event of run) {
  if (!told) process.stdout.write('started\n');
  told = true;
  if (event.event !== 'done') continue;
  const hash = createHash('sha256').update(JSON.stringify([event.step, event.best]));
  for (const [name, { data }] of Object.entries(event.parameters))
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  process.stdout.write(`${hash.digest('hex')}\n`);
}
