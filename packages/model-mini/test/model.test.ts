import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { createPredictor, createTfjsEngine, loadModel } from '@samequestion/bert';
import { modelFolder } from '@samequestion/model-mini';
import { readTokenizer } from '@samequestion/tokenizer/node';
import { expect, test } from 'vitest';

test('the folder loads whole: nothing missing, nothing extra, sizes as the card says', async () => {
  const model = await loadModel(modelFolder);
  expect(model.extra).toEqual([]);
  expect(model.initialised).toEqual([]);
  expect(model.config).toMatchObject({
    num_hidden_layers: 4,
    hidden_size: 312,
    vocab_size: 7725,
    pair_token_types: 'side-match-and-sound',
  });
  expect((await readTokenizer(modelFolder)).vocabulary.size).toBe(7725);
});

test('the weights take less than 16 MB', async () => {
  expect((await stat(join(modelFolder, 'model.safetensors'))).size).toBeLessThan(16_000_000);
});

test('before any fine-tuning it tells a typing error from a changed party', async () => {
  const { config, parameters } = await loadModel(modelFolder);
  const tokenizer = await readTokenizer(modelFolder);
  const predictor = await createPredictor(createTfjsEngine({ backend: 'cpu' }), config, parameters);
  const pairs = [
    ['寻衅滋事会怎么处罚', '寻衅兹事会怎么处罚'],
    ['原告可以撤诉吗', '被告可以撤诉吗'],
  ] as const;
  const encoded = pairs.map(([left, right]) => {
    const { ids, types } = tokenizer.encode(left, right);
    return { ids, types };
  });
  const labels: number[] = [];
  for await (const { label } of predictor.predict(encoded)) labels.push(label);
  await predictor.dispose();
  expect(labels).toEqual([1, 0]);
});
