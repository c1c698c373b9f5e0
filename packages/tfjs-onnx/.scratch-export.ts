import * as tf from '@tensorflow/tfjs';
import { writeFileSync, mkdirSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { toOnnx } from '@samequestion/tfjs-onnx';
import { createConfig, initialiseParameters, pairLogits, headsOf } from '../bert/src/index.ts';
mkdirSync('/tmp/exp', { recursive: true });
for (const [name, extra, max] of [
  ['side', {}, 2e9],
  ['side-and-match', { pair_token_types: 'side-and-match' }, 2e9],
  ['external', {}, 1000],
] as const) {
  const config = createConfig({
    vocab_size: 60,
    hidden_size: 16,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 32,
    max_position_embeddings: 40,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    initializer_range: 0.3,
    ...extra,
    unmatched_token_ids: [0, 1, 2, 3],
  } as never);
  const weights = initialiseParameters(config, { seed: 3 });
  const spec = { dtype: 'int64', shape: ['batch', 'sequence'] } as const;
  const t = performance.now();
  const file = toOnnx(
    ({ input_ids, attention_mask, token_type_ids }, w) => ({
      logits: pairLogits(w, { ids: input_ids!, mask: attention_mask!, sides: token_type_ids! }, config),
    }),
    { input_ids: spec, attention_mask: spec, token_type_ids: spec },
    { weights, name: 'pairs', description: 'says whether', metadata: { labels: 'no,yes' }, maximumBytes: max },
  );
  writeFileSync(`/tmp/exp/${name}.onnx`, file.model);
  if (file.data) {
    writeFileSync(`/tmp/exp/${file.data.file}`, Buffer.concat(file.data.parts));
  }
  const session = await InferenceSession.create(`/tmp/exp/${name}.onnx`);
  console.log(name, performance.now() - t, file.model.length, session.inputMetadata, session.outputMetadata);
  tf.setBackend('cpu');
  for (const [B, S] of [
    [1, 5],
    [3, 12],
    [4, 40],
    [1, 1],
  ] as const) {
    const r = (n: number) => Array.from({ length: B * S }, () => Math.floor(Math.random() * n));
    const ids = r(60),
      mask = r(2).map((v, i) => (i % S === 0 ? 1 : v)),
      sides = r(2);
    const big = (a: number[]) => new Tensor('int64', BigInt64Array.from(a.map(BigInt)), [B, S]);
    const out = await session.run({ input_ids: big(ids), attention_mask: big(mask), token_type_ids: big(sides) });
    const w = Object.fromEntries(Object.entries(weights).map(([k, v]) => [k, tf.tensor(v.data, [...v.shape], v.dtype)]));
    const l = pairLogits(
      w,
      { ids: tf.tensor(ids, [B, S], 'int32'), mask: tf.tensor(mask, [B, S], 'int32'), sides: tf.tensor(sides, [B, S], 'int32') },
      config,
    ).dataSync();
    console.log(Math.max(...[...l].map((v, i) => Math.abs(v - (out.logits!.data as Float32Array)[i]!))), l[0]);
  }
}
