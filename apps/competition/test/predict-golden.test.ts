import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readPredictions } from '@samequestion/submission';
import { afterAll, describe, expect, test } from 'vitest';

import { succeed } from './cli/small-data.ts';

// Reference: Hugging Face transformers 5.23 on PyTorch 2.13, fp32, CPU; logits.tsv has seven digits. The files and their origin stand with the
// packages that read them: weights in packages/checkpoints/test/golden, the rest in packages/bert/test/golden.
const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
const golden = join(packages, 'bert/test/golden/predict/');
const weights = join(packages, 'checkpoints/test/golden/');
const configs = join(packages, 'bert/test/golden/configs/');
const tolerance = 1e-5;

/** The files of each model folder, by their names in it. */
const layouts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hf: { 'config.json': `${configs}hf-folder.json`, 'model.safetensors': `${weights}hf-folder/model.safetensors` },
  bin: { 'config.json': `${configs}hf-folder.json`, 'pytorch_model.bin': `${weights}pytorch_model.bin` },
  legacy: { 'config.json': `${configs}hf-folder.json`, 'pytorch_model.bin': `${weights}pytorch_model_legacy.bin` },
  google: {
    'bert_config.json': `${configs}google.json`,
    'bert_model.ckpt.index': `${weights}google/bert_model.ckpt.index`,
    'bert_model.ckpt.data-00000-of-00001': `${weights}google/bert_model.ckpt.data-00000-of-00001`,
  },
};

const folder = mkdtempSync(join(tmpdir(), 'samequestion-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('samequestion predict on the golden pairs', () => {
  test.for(Object.keys(layouts))('gives the logits of the reference from the folder %s', async (kind) => {
    const out = join(folder, `${kind}.tsv`);
    const model = join(folder, kind);
    mkdirSync(model);
    for (const [name, file] of Object.entries({ ...layouts[kind], 'vocab.txt': `${golden}vocab.txt` }))
      copyFileSync(file, join(model, name));
    const files = ['--model', model, '--input', `${golden}pairs.tsv`, '--out', out];
    const stdout = await succeed(['predict', ...files, '--logits', '--threads', '1', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 150, file: out });
    const rows = (await readFile(`${golden}logits.tsv`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    const predictions = await readPredictions(out);
    expect(predictions.map(({ qid }) => qid)).toEqual(rows.map(([qid]) => qid));
    const differences = predictions.flatMap(({ logits = [] }, row) =>
      logits.map((logit, label) => Math.abs(logit - Number(rows[row]?.[label + 1]))),
    );
    expect(differences).toHaveLength(300);
    expect(Math.max(...differences)).toBeLessThan(tolerance);
  });
});
