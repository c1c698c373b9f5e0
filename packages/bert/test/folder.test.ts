import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Vocabulary, createTokenizer } from '@samequestion/tokenizer';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ModelError,
  type TensorValue,
  type TensorValues,
  createConfig,
  createPredictor,
  createTfjsEngine,
  extendTokenTypes,
  initialiseParameters,
  loadModel,
  saveModel,
} from '@samequestion/bert';
import { golden, goldenWeights, largestDifference, pairs, readTensors, tiny } from './support.ts';

const root = mkdtempSync(join(tmpdir(), 'bert-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A model folder put together from golden files, each as `name in the folder: file`. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const [target, file] of Object.entries(files)) copyFileSync(goldenWeights(file), join(folder, target));
  return folder;
}

const config = { 'config.json': 'configs/hf-folder.json' };
const layouts: Record<string, Readonly<Record<string, string>>> = {
  safetensors: { ...config, 'model.safetensors': 'hf-folder/model.safetensors' },
  'PyTorch zip': { ...config, 'pytorch_model.bin': 'pytorch_model.bin' },
  'PyTorch before zip': { ...config, 'pytorch_model.bin': 'pytorch_model_legacy.bin' },
  google: {
    'bert_config.json': 'configs/google.json',
    'bert_model.ckpt.index': 'google/bert_model.ckpt.index',
    'bert_model.ckpt.data-00000-of-00001': 'google/bert_model.ckpt.data-00000-of-00001',
  },
};

const engine = createTfjsEngine({ backend: 'cpu' });

describe('loadModel', () => {
  it.each(Object.entries(layouts))('reads the layout "%s" to the bit', async (name, files) => {
    const expected = await readTensors(goldenWeights('hf-folder/model.safetensors'));
    const { parameters, initialised } = await loadModel(folderOf(name, files));
    expect(initialised).toEqual([]);
    expect(parameters).toEqual(expected);
  });

  it.each(Object.entries(layouts))('gives the logits of the reference from the layout "%s"', async (name, files) => {
    const model = await loadModel(folderOf(`${name} logits`, files));
    const tokenizer = createTokenizer(Vocabulary.fromText(readFileSync(golden('predict/vocab.txt'), 'utf8')));
    const rows = (file: string): string[][] =>
      readFileSync(golden(`predict/${file}`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
    const some = rows('pairs.tsv')
      .slice(1)
      .map(([, first = '', second = '']) => tokenizer.encode(first, second));
    const predictor = await createPredictor(engine, model.config, model.parameters);
    const expected = rows('logits.tsv').map(([, ...logits]) => logits.map(Number));
    const actual: (readonly number[])[] = [];
    for await (const { logits } of predictor.predict(some)) actual.push(logits);
    // The file holds seven digits behind the point; the bound.
    expect(largestDifference(actual.flat(), expected.flat())).toBeLessThan(1e-5);
  });

  it('reads a masked language model, its head or a new classifier', async () => {
    const folder = folderOf('mlm', { 'config.json': 'configs/hf-folder-mlm.json', 'model.safetensors': 'hf-folder-mlm/model.safetensors' });
    const masked = await loadModel(folder, { heads: { classifier: false, maskedLanguageModel: true } });
    expect(masked).toMatchObject({ initialised: [], extra: [] });
    await expect(loadModel(folder)).rejects.toThrow('missing (4): bert.pooler.dense.weight');
    const fresh = await loadModel(folder, { newHeadsSeed: 1 });
    expect(fresh.initialised).toEqual(['bert.pooler.dense.weight', 'bert.pooler.dense.bias', 'classifier.weight', 'classifier.bias']);
    expect(fresh.extra).toContain('cls.predictions.bias');
  });

  it('extends the token types by copies of the sides', async () => {
    const { config: extended, parameters } = await loadModel(folderOf('extended', layouts['safetensors'] ?? {}), {
      config: { pair_token_types: 'side-and-match', unmatched_token_ids: [0, 1, 2, 3, 4] },
    });
    const types = parameters['bert.embeddings.token_type_embeddings.weight'];
    expect(types?.shape).toEqual([4, extended.hidden_size]);
    expect(types?.data.slice(64)).toEqual(types?.data.slice(0, 64));
  });

  it('extends them by matches in context that start as the matches that they refine', () => {
    const finer = createConfig({
      ...tiny,
      pair_token_types: 'side-match-sound-and-context',
      type_vocab_size: 10,
      unmatched_token_ids: [0],
    });
    const width = finer.hidden_size;
    const rowsOf = (rows: number): TensorValue => ({
      dtype: 'float32',
      shape: [rows, width],
      data: Float32Array.from({ length: rows * width }, (_, index) => Math.floor(index / width)),
    });
    const firsts = (rows: number): number[] => {
      const { data } = extendTokenTypes(rowsOf(rows), finer);
      return Array.from({ length: 10 }, (_, row) => data[row * width] ?? -1);
    };
    expect(firsts(2)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(firsts(4)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1]);
    expect(firsts(6)).toEqual([0, 1, 2, 3, 4, 5, 2, 3, 4, 5]);
  });

  it('lists what is missing and misshaped', async () => {
    const folder = folderOf('other', layouts['safetensors'] ?? {});
    const text = readFileSync(join(folder, 'config.json'), 'utf8');
    writeFileSync(
      join(folder, 'config.json'),
      text.replace('"num_hidden_layers": 3', '"num_hidden_layers": 4').replace('"vocab_size": 120', '"vocab_size": 121'),
    );
    const error: unknown = await loadModel(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect((error as ModelError).missing).toHaveLength(16);
    expect((error as ModelError).misshaped).toEqual([
      'bert.embeddings.word_embeddings.weight: expected float32 [121, 32], got float32 [120, 32]',
    ]);
    expect((error as ModelError).message).not.toContain('\n');
  });

  it.each([
    ['a folder that does not exist', 'nowhere', {}, 'expected a folder'],
    ['no configuration', 'bare', {}, 'config.json or bert_config.json'],
    ['a checkpoint of a run', 'run', { 'trainer.json': 'configs/hf-folder.json' }, 'This is a checkpoint of a run'],
    ['no weights', 'weightless', config, 'expected one of model.safetensors'],
  ])('refuses %s', async (_, name, files, message) => {
    const folder = name === 'nowhere' ? join(root, name) : folderOf(name, files);
    await expect(loadModel(folder)).rejects.toThrow(message);
    await expect(loadModel(folder)).rejects.toBeInstanceOf(ModelError);
  });
});

describe('saveModel', () => {
  it('writes a folder that loads to equal weights, tables included', async () => {
    const own = createConfig({
      ...tiny,
      type_vocab_size: 6,
      pair_token_types: 'side-match-and-sound',
      unmatched_token_ids: [0, 1, 2],
      classifier_head: 'mean',
    });
    const soundClasses = Int32Array.from({ length: own.vocab_size }, (_, id) => id % 5);
    const parameters: TensorValues = initialiseParameters(own, { seed: 4, soundClasses });
    const folder = join(root, 'saved');
    await saveModel(folder, { config: own, parameters }, { 'vocab.txt': 'a\nb\n' });
    expect(readdirSync(folder).toSorted()).toEqual(['config.json', 'model.safetensors', 'vocab.txt']);
    const loaded = await loadModel(folder);
    expect(loaded.config).toEqual(own);
    expect(loaded.parameters).toEqual(parameters);
    const [before, after] = [
      await createPredictor(engine, own, parameters),
      await createPredictor(engine, loaded.config, loaded.parameters),
    ];
    expect(await before.evaluate(pairs(5))).toEqual(await after.evaluate(pairs(5)));
  });

  it('refuses file names that leave the folder', async () => {
    await expect(saveModel(join(root, 'escape'), { config: tiny, parameters: {} }, { '../vocab.txt': '' })).rejects.toThrow(TypeError);
  });
});
