import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';

import { readPairsFile, scoreLabels } from '@samequestion/pairs';
import { combinePredictions, readPredictions, readSubmission } from '@samequestion/submission';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { finished, samequestion, startSamequestion } from './cli/samequestion.ts';
import { type SmallData, succeed, tiny, writeSmallData } from './cli/small-data.ts';

let data: SmallData;
let inputs: readonly string[];
beforeAll(async () => {
  data = await writeSmallData({ groups: 36, rows: 60 });
  inputs = ['--train', data.train, '--test', data.test, '--test-labels', data.testLabels, '--sample-submission', data.sampleSubmission];
});
afterAll(() => data.remove());

interface Manifest {
  readonly inputs: Readonly<Record<string, { readonly sha256: string }>>;
  readonly scores: readonly { readonly name: string; readonly macroF1: number }[];
  readonly start: { readonly sha256: string };
  readonly settings: { readonly seed: number; readonly rules: Readonly<Record<string, unknown>> };
  readonly preset?: string;
  readonly warning?: string;
}

const manifestOf = async (name: string): Promise<Manifest> =>
  JSON.parse(await readFile(data.path(`${name}/manifest.json`), 'utf8')) as Manifest;
/** Files of a run folder by name, as text that is equal only for equal bytes. */
const bytesOf = async (name: string, files: readonly string[]): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, (await readFile(data.path(`${name}/${file}`))).toString('base64')] as const)),
  );

/** A run of a tiny model, with its result. */
async function run(
  name: string,
  ...options: string[]
): Promise<{ readonly scores: readonly { readonly macroF1: number }[] } & Record<string, unknown>> {
  const stdout = await succeed(['run', ...inputs, ...tiny, '--steps', '12', '--out', data.path(name), '--json', ...options]);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof run>>;
}

describe('samequestion run', () => {
  test('fills the run folder, and the same seed gives the same bytes', { timeout: 120_000 }, async () => {
    const [result] = await Promise.all([run('one'), run('again'), run('other', '--seed', '8')]);
    const files = await readdir(data.path('one'), { recursive: true });
    const wanted = ['manifest.json', 'data/train.tsv', 'data/dev.tsv', 'log.jsonl', 'predictions.tsv', 'result.csv', 'report.html'];
    const model = ['config.json', 'vocab.txt', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];
    expect(files).toEqual(expect.arrayContaining([...wanted, ...model.map((name) => `model/${name}`)]));
    const same = ['result.csv', 'predictions.tsv', 'model/model.safetensors', 'data/train.tsv', 'data/dev.tsv'];
    expect(await bytesOf('again', same)).toEqual(await bytesOf('one', same));
    expect(await bytesOf('other', ['predictions.tsv'])).not.toEqual(await bytesOf('one', ['predictions.tsv']));

    const manifest = await manifestOf('one');
    expect(manifest.inputs['train']?.sha256).toBe(
      createHash('sha256')
        .update(await readFile(data.train))
        .digest('hex'),
    );
    const labels = await readSubmission(data.testLabels);
    const answers = new Map((await readSubmission(data.path('one/result.csv'))).map(({ qid, label }) => [qid, label]));
    const scores = scoreLabels(
      labels.map(({ label }) => label),
      labels.map(({ qid }) => answers.get(qid) ?? 0),
    );
    expect(result.scores[0]?.macroF1).toBe(scores.macroF1);
    expect(manifest.scores.map(({ name }) => name)).toEqual(['this model', 'character overlap', 'majority']);
    const lines = (await readFile(data.path('one/log.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lines.filter(({ event }) => event === 'step')).toHaveLength(12);
    const valid = await samequestion(['validate', '--input', data.path('one/result.csv'), '--sample-submission', data.sampleSubmission]);
    expect(valid.code).toBe(0);

    const compared = await succeed(['compare', data.path('one'), data.path('other'), '--out', data.path('compare.html'), '--json']);
    const { differences, agreements } = JSON.parse(compared) as {
      differences: { setting: string; values: string[] }[];
      agreements: { rows: number }[];
    };
    expect(differences).toContainEqual({ setting: 'seed', values: ['7', '8'] });
    expect(agreements).toMatchObject([{ rows: 60 }]);
    expect(await readFile(data.path('compare.html'), 'utf8')).toMatch(/<svg[\s\S]*<svg/u);
  });

  test('says the leak of the original entry loudly: on the terminal, in the manifest, in the report', async () => {
    const result = await run('original', '--preset', 'original', '--seed', '3');
    const { settings, preset, warning } = await manifestOf('original');
    expect(preset).toBe('original');
    expect(settings).toMatchObject({ batchSize: 32, learningRate: 2e-5, maxLength: 48, limit: { steps: 12 } });
    expect(settings.rules).toMatchObject({ positives: 'mirrored', splitBy: 'pair', stratified: false, devShare: 0.2 });
    expect(warning).toMatch(/^LEAK: both questions of \d+\.\d % of the dev pairs stand in train/u);
    expect(result['warning']).toBe(warning);
    expect(await readFile(data.path('original/report.html'), 'utf8')).toContain('<p class="warning" role="alert">LEAK');
  });
});

describe('samequestion run --folds', () => {
  test(
    'starts each fold from the same weights, judges each pair by a model that has not seen it, and goes on after Ctrl-C',
    { timeout: 180_000 },
    async () => {
      const result = await run('folds', '--folds', '3');
      const folds = [1, 2, 3].map((fold) => `folds/fold-${fold}`);
      const starts = await Promise.all(folds.map(async (fold) => (await manifestOf(fold)).start.sha256));
      expect(starts[0]).toMatch(/^[0-9a-f]{64}$/u);
      expect(new Set(starts).size).toBe(1);

      const members = await Promise.all(
        folds.map(async (fold) => {
          const pairs = await readPairsFile(data.path(`${fold}/data/dev.tsv`));
          const own = await readPredictions(data.path(`${fold}/data/dev_predictions.tsv`));
          const { macroF1: weight } = scoreLabels(
            pairs.map(({ label }) => label),
            own.map(({ label }) => label),
          );
          const train = new Set(
            (await readPairsFile(data.path(`${fold}/data/train.tsv`))).flatMap(({ question1, question2 }) => [question1, question2]),
          );
          expect(pairs.some(({ question1, question2 }) => train.has(question1) || train.has(question2))).toBe(false);
          return { name: fold, predictions: await readPredictions(data.path(`${fold}/predictions.tsv`)), weight };
        }),
      );
      const combined = combinePredictions(members, 'weighted-mean');
      expect(await readPredictions(data.path('folds/predictions.tsv'))).toEqual(combined);
      expect(result['folds']).toMatchObject(members.map(({ weight }) => ({ macroF1: weight, weight })));
      expect(await readFile(data.path('folds/report.html'), 'utf8')).toContain('Folds side by side');

      const child = startSamequestion(['run', ...inputs, ...tiny, '--steps', '12', '--folds', '3', '--out', data.path('stopped')]);
      child.stdout?.on('data', (part: Buffer) => {
        if (part.toString('utf8').includes('fold 2   of 3')) child.kill('SIGINT');
      });
      const stopped = await finished(child);
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toMatch(/fold 1 is kept\. Go on with: samequestion run --resume/u);
      expect(existsSync(data.path('stopped/result.csv'))).toBe(false);
      const resumed = await succeed(['run', '--resume', data.path('stopped')]);
      expect(resumed).toContain('fold 1   finished before, kept');
      const same = [
        'result.csv',
        'predictions.tsv',
        'data/dev_predictions.tsv',
        'fold-2/model/model.safetensors',
        'fold-3/predictions.tsv',
      ];
      expect(await bytesOf('stopped', same)).toEqual(await bytesOf('folds', same));
    },
  );
});
