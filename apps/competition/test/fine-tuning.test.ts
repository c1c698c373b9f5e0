import { appendFile, copyFile, readFile } from 'node:fs/promises';

import { type LabelledPair, loadModel } from '@samequestion/bert';
import { characterVocabulary, createTokenizer } from '@samequestion/tokenizer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { trainingPairs } from '../src/augment-training.ts';
import { encodeLabelled } from '../src/encode-pairs.ts';
import { describeFineTuning, fineTuning } from '../src/fine-tuning.ts';
import { UsageError } from '../src/usage-error.ts';
import { samequestion } from './cli/samequestion.ts';
import { questions } from './cli/tiny-model.ts';
import { type SmallData, succeed, tiny, writeSmallData } from './cli/small-data.ts';

describe('fineTuning', () => {
  test('leaves everything to the training package where nothing is asked for', () => {
    expect(fineTuning({}, 32)).toEqual({ optimizer: {} });
    expect(describeFineTuning(fineTuning({}, 32))).toEqual([]);
  });

  test('names losses, parts and adversaries as training does', () => {
    const craft = fineTuning({ labelSmoothing: 0.1, classWeights: [1, 2], accumulate: 3, adversarial: 'pgd', freeze: 0, ema: 0.9 }, 32);
    expect(craft).toEqual({
      loss: { labelSmoothing: 0.1, classWeights: [1, 2] },
      adversarial: { kind: 'pgd', epsilon: 1, steps: 3, alpha: 2 / 3 },
      averageDecay: 0.9,
      partSize: 11,
      optimizer: { frozenLayers: 0 },
    });
    expect(describeFineTuning(craft)).toContain('PGD, ε 1 (4 passes a step)');
  });

  test('refuses what does not go together', () => {
    expect(() => fineTuning({ epsilon: 1 }, 32)).toThrow(UsageError);
    expect(() => fineTuning({ accumulate: 33 }, 32)).toThrow('--accumulate: expected 1 to 32 parts of a batch, got 33.');
  });
});

describe('trainingPairs', () => {
  test('gives the same edited pairs for the same seed and epoch, others for another, in number and place as they were', async () => {
    const pairs = questions.map(([question1, question2], index) => ({
      question1,
      question2,
      label: index % 2 === 0 ? (1 as const) : (0 as const),
    }));
    const tokenizer = createTokenizer(characterVocabulary(questions.flat()));
    const source = async (seed: number, share: number): Promise<(epoch: number) => readonly LabelledPair[]> => {
      const made = await trainingPairs(pairs, { tokenizer, maxLength: 64, seed, augmentation: { recipe: 'balanced', share } });
      return made.pairs as (epoch: number) => readonly LabelledPair[];
    };
    const [one, again, other, none] = await Promise.all([source(1, 1), source(1, 1), source(2, 1), source(1, 1e-9)]);
    expect(again(3)).toEqual(one(3));
    expect(one(4)).not.toEqual(one(3));
    expect(other(3)).not.toEqual(one(3));
    expect(one(3)).toHaveLength(pairs.length);
    expect(none(3)).toEqual(encodeLabelled(tokenizer, pairs, 64));
    for (const [index, { label }] of one(3).entries()) expect(label).toBeLessThanOrEqual(pairs[index]?.label ?? 0);
  });
});

describe('samequestion train', () => {
  let data: SmallData;
  const log = async (name: string): Promise<readonly Record<string, unknown>[]> =>
    (await readFile(data.path(`${name}/log.jsonl`), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  beforeAll(async () => {
    data = await writeSmallData({ groups: 12, rows: 4 });
  });
  afterAll(() => data.remove());

  test('takes every option of the craft at once, and starts a new run from what came out', async () => {
    const craft = [
      '--label-smoothing',
      '0.1',
      '--focal',
      '2',
      '--class-weights',
      '1,2',
      '--r-drop',
      '0.5',
      '--warmup',
      '2',
      '--decay',
      'cosine',
    ];
    const passes = ['--adversarial', 'freelb', '--epsilon', '0.5', '--adversarial-steps', '2', '--adversarial-rate', '0.3', '--recompute'];
    const optimizer = [
      '--layer-decay',
      '0.9',
      '--freeze',
      '0',
      '--weight-decay',
      '0.02',
      '--clip-norm',
      '2',
      '--bias-correction',
      '--ema',
      '0.5',
    ];
    const run = [
      '--steps',
      '4',
      '--batch-size',
      '12',
      '--accumulate',
      '2',
      '--evaluate-every',
      '2',
      '--fixed-order',
      '--symmetric',
      '--dropout',
      '0',
    ];
    const all = ['--train', data.train, ...tiny, ...craft, ...passes, ...optimizer, ...run, '--checkpoint-every', '0'];
    const result = JSON.parse(await succeed(['train', ...all, '--out', data.path('first'), '--json'])) as Record<string, unknown>;
    expect(result).toMatchObject({ steps: 4, dev: { orderFlipRate: expect.any(Number) as number } });
    const steps = (await log('first')).filter(({ event }) => event === 'step');
    expect(steps.map(({ learningRate }) => learningRate)).toHaveLength(4);
    expect(steps.every(({ loss, gradientNorm }) => Number.isFinite(loss) && Number(gradientNorm) > 0)).toBe(true);

    const second = ['--train', data.train, '--init', data.path('first/model'), '--epochs', '1', '--augment', 'none', '--threads', '1'];
    await succeed(['train', ...second, '--freeze', '1', '--patience', '1', '--evaluate-every', '1', '--out', data.path('second')]);
    const [before, after] = await Promise.all(['first', 'second'].map((name) => loadModel(data.path(`${name}/model`))));
    const changed = Object.keys(before?.parameters ?? {}).filter(
      (name) => before?.parameters[name]?.data.join() !== after?.parameters[name]?.data.join(),
    );
    expect(changed.toSorted()).toEqual(['bert.pooler.dense.bias', 'bert.pooler.dense.weight', 'classifier.bias', 'classifier.weight']);
    expect((await log('second')).at(-1)).toMatchObject({ event: 'done' });
  });

  test('edits training pairs anew each epoch, and never the dev part', async () => {
    const run = async (name: string, ...options: string[]): Promise<readonly Record<string, unknown>[]> => {
      const all = ['--train', data.train, ...tiny, '--epochs', '2', '--dropout', '0', '--checkpoint-every', '0', ...options];
      await succeed(['train', ...all, '--out', data.path(name)]);
      return (await log(name)).map(({ event, loss, tokens, pairs }) => ({ event, loss, tokens, pairs }));
    };
    const [one, plain] = await Promise.all([
      run('one', '--augment', 'balanced', '--augment-share', '0.8'),
      run('plain', '--augment', 'none'),
    ]);
    const tokensOfEpochs = (lines: typeof one): number[] => {
      const tokens = lines.filter(({ event }) => event === 'step').map((line) => Number(line['tokens']));
      const half = tokens.length / 2;
      return [tokens.slice(0, half), tokens.slice(half)].map((epoch) => epoch.reduce((sum, count) => sum + count, 0));
    };
    expect(new Set(tokensOfEpochs(plain)).size).toBe(1);
    expect(new Set(tokensOfEpochs(one)).size).toBe(2);
    const dev = (lines: typeof one): unknown[] => lines.filter(({ event }) => event === 'evaluation').map(({ pairs }) => pairs);
    expect(dev(one)).toEqual(dev(plain));
  });

  test('goes on only with the run that was begun: other options, other files, finished weights and another command are refused', async () => {
    const begun = data.path('begun');
    await copyFile(data.train, data.path('copy.xml'));
    await succeed(['train', '--train', data.path('copy.xml'), ...tiny, '--steps', '2', '--out', begun]);
    const answers = await Promise.all([
      samequestion(['train', '--resume', begun, '--learning-rate', '0.1']),
      samequestion(['train', '--resume', begun, '--init', data.path('first/model')]),
      samequestion(['train', '--resume', data.path('begun/model')]),
      samequestion(['run', '--resume', begun]),
      samequestion(['train', '--train', data.train, '--init', data.path('begun/checkpoints/step-2'), '--out', data.path('never')]),
      samequestion(['train', '--train', data.train, '--steps', '2', '--epochs', '2', '--out', data.path('never')]),
    ]);
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    const said = [
      '--learning-rate',
      '--init starts a new run',
      'use --init',
      'run of `run`',
      'checkpoint of a run',
      'expected one of them',
    ];
    for (const [index, text] of said.entries()) expect(answers[index]?.stderr).toContain(text);
    expect(answers.every(({ stderr }) => stderr.trimEnd().split('\n').length === 1)).toBe(true);
    await appendFile(data.path('copy.xml'), '<!-- changed -->');
    const changed = await samequestion(['train', '--resume', begun]);
    expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('copy.xml has changed since') as string });
  });
});
