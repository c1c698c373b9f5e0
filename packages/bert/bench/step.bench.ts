import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import type { Bench } from '../../../tools/bench-types.ts';
import {
  BERT_OPTIMIZER,
  type BertConfig,
  type Engine,
  type StepOptions,
  type TensorValue,
  collate,
  collateLabels,
  countParameters,
  createConfig,
  dropoutOffsets,
  dropoutRates,
  dropoutSites,
  initialState,
  initialiseParameters,
  largestWindow,
  trainingSignature,
  trainingStep,
} from '@samequestion/bert';

const scalar = (value: number): TensorValue => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });

/** Seconds of each of some training steps on random tokens, after one to warm up. */
async function timeSteps(
  engine: Engine,
  options: StepOptions,
  size: { readonly batch: number; readonly length: number; readonly steps: number },
): Promise<number[]> {
  const { config } = options;
  const program = await engine.compile(trainingStep(options), trainingSignature(options));
  await program.load(initialState(options, initialiseParameters(config, { seed: 1 }), 1));
  const pairs = Array.from({ length: size.batch }, (_, row) => {
    const ids = Int32Array.from({ length: size.length }, (__, place) => 5 + ((row * 7919 + place * 104729) % (config.vocab_size - 5)));
    return { ids, types: ids.map((__, place) => (place < size.length / 2 ? 0 : 1)), label: row % 2 };
  });
  const times: number[] = [];
  for (let step = 0; step <= size.steps; step++) {
    const batch = {
      ...collate(pairs, config),
      ...collateLabels(pairs, size.batch),
      learning_rate: scalar(1e-4),
      ...(dropoutRates(config).length > 0 ? { dropout_offsets: dropoutOffsets(1, step, dropoutSites(options)) } : {}),
    };
    const started = performance.now();
    await program.run(batch);
    if (step > 0) times.push((performance.now() - started) / 1000);
  }
  await program.dispose();
  return times;
}

/** FLOPs of a step as design.md counts them: six for each weight outside the embeddings and token, and the products of attention. */
function stepFlops(config: BertConfig, batch: number, length: number): number {
  const rows = config.vocab_size + config.max_position_embeddings + config.type_vocab_size;
  const weights = countParameters(config) - rows * config.hidden_size;
  return 6 * weights * batch * length + 12 * config.num_hidden_layers * batch * length ** 2 * config.hidden_size;
}

const small = createConfig({
  vocab_size: 6785,
  hidden_size: 312,
  num_hidden_layers: 4,
  num_attention_heads: 12,
  pair_token_types: 'side-and-match',
  unmatched_token_ids: [0, 1, 2, 3, 4],
});

export const bench: Bench = {
  name: 'bert-step',
  about: 'A whole training step of 4 × 312 (forward, backward, clipping, AdamW, dropout) at 32 × 64 on ONNX Runtime’s CPU provider.',
  run: async (report) => {
    const engine = await createOnnxEngine();
    const plain: StepOptions = { config: small, task: 'classification', optimizer: BERT_OPTIMIZER, window: largestWindow(small, 32, 64) };
    const variants: [string, StepOptions][] = [
      ['plain', plain],
      ['without dropout', { ...plain, config: createConfig({ ...small, hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 }) }],
      ['FGM', { ...plain, adversarial: { kind: 'fgm', epsilon: 1 } }],
      ['R-Drop', { ...plain, rDrop: 1 }],
      ['recomputed', { ...plain, recompute: true }],
    ];
    let baseline = 0;
    for (const [name, options] of variants) {
      const times = await timeSteps(engine, options, { batch: 32, length: 64, steps: 8 });
      const best = Math.min(...times);
      if (name === 'plain') baseline = best;
      report({
        name: `step, ${name}`,
        value: best,
        unit: 's',
        baseline: 'plain',
        ratio: best / baseline,
        note: `${(stepFlops(small, 32, 64) / best / 1e9).toFixed(0)} GFLOP/s for one pass as design.md counts`,
      });
    }
    await engine.dispose();
  },
};
