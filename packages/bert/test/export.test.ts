import { toOnnx } from '@samequestion/tfjs-onnx';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import {
  EXPORT_INPUTS,
  collate,
  createConfig,
  createPredictor,
  createTfjsEngine,
  exportedModel,
  initialiseParameters,
} from '@samequestion/bert';
import { largestDifference, pairs, tensors, tiny } from './support.ts';

const config = createConfig({ ...tiny, pair_token_types: 'side-and-match', type_vocab_size: 4, unmatched_token_ids: [0, 1, 2] });
const weights = initialiseParameters(config, { seed: 2 });

it('gives as exported the logits of prediction', async () => {
  const some = pairs(5);
  const predictor = await createPredictor(createTfjsEngine({ backend: 'cpu' }), config, weights);
  const expected: number[] = [];
  for await (const { logits } of predictor.predict(some)) expected.push(...logits);
  await tf.setBackend('cpu');
  const { logits } = exportedModel(config)(tensors(collate(some, config)), tensors(weights));
  // One batch of all pairs there, batches by length here: other paddings.
  expect(largestDifference(logits?.dataSync() ?? [], expected)).toBeLessThan(1e-5);
});

it('becomes a standalone ONNX model with the standard inputs', () => {
  const { model, data } = toOnnx(exportedModel(config), EXPORT_INPUTS, { weights });
  const text = Buffer.from(model).toString('latin1');
  for (const name of [...Object.keys(EXPORT_INPUTS), 'logits', 'bert.embeddings.word_embeddings.weight']) expect(text).toContain(name);
  expect(data).toBeUndefined();
});

it('names the inputs that it lacks', () => {
  expect(() => exportedModel(config)({}, {})).toThrow('input_ids, attention_mask, token_type_ids, got none');
});
