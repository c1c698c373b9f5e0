import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { auditLeakage, countCorpus, readGroupsFile, readPairsFile } from '@samequestion/pairs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';
import { type SmallData, succeed, writeSmallData } from './cli/small-data.ts';

let data: SmallData;
beforeAll(async () => {
  data = await writeSmallData({ groups: 40, rows: 30 });
});
afterAll(() => data.remove());

describe('samequestion prepare', () => {
  test('writes parts that share no question and prints the counts of the groups as JSON', async () => {
    const { code, stdout } = await samequestion([
      'prepare',
      '--train',
      data.train,
      '--out',
      data.path('parts'),
      '--dev-share',
      '0.2',
      '--json',
    ]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ ...countCorpus(await readGroupsFile(data.train)) });
    const [train, dev] = [await readPairsFile(data.path('parts/train.tsv')), await readPairsFile(data.path('parts/dev.tsv'))];
    expect([result['train_pairs'], result['dev_pairs']]).toEqual([train.length, dev.length]);
    expect(auditLeakage(train, dev)).toMatchObject({ leaks: false });
  });

  test('refuses a split that leaks, writes nothing, and goes on loudly with --allow-leaks', async () => {
    const args = ['prepare', '--train', data.train, '--split-by', 'pair', '--positives', 'mirrored', '--no-stratified', '--out'];
    const refused = await samequestion([...args, data.path('refused')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused.stderr).toContain('--allow-leaks');
    expect(existsSync(data.path('refused'))).toBe(false);
    const allowed = await samequestion([...args, data.path('leaky'), '--allow-leaks']);
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toMatch(/LEAK: both questions of \d+\.\d % of the dev pairs stand in train/);
  });

  test('follows the building rules: caps, mirrors, extra negatives for training alone', async () => {
    const prepare = async (name: string, ...rules: string[]): Promise<{ train: number; dev: number; positives: number }> => {
      const stdout = await succeed(['prepare', '--train', data.train, '--out', data.path(name), '--json', ...rules]);
      const result = JSON.parse(stdout) as { train_pairs: number; dev_pairs: number; train: { positives: number } };
      return { train: result.train_pairs, dev: result.dev_pairs, positives: result.train.positives };
    };
    const [plain, mirrored, extra, capped] = await Promise.all([
      prepare('plain'),
      prepare('mirrored', '--positives', 'mirrored'),
      prepare('extra', '--extra-negatives', 'hard', '--extra-per-group', '3'),
      prepare('capped', '--max-pairs-per-group', '4'),
    ]);
    expect(mirrored.positives).toBe(2 * plain.positives);
    expect(extra.dev).toBe(plain.dev);
    expect(extra.train).toBeGreaterThan(plain.train);
    expect(capped.train + capped.dev).toBe(4 * 40);
  });
});

describe('samequestion audit', () => {
  test('finds a planted leak, exits with 2 and still prints the audit as JSON', async () => {
    await writeFile(data.path('a.tsv'), '借钱不还怎么办\t欠钱不还怎么办\t1\n');
    await writeFile(data.path('b.tsv'), '欠钱不还怎么办\t借钱不还怎么办\t1\n护照丢了\t护照怎么补办\t0\n');
    const args = ['audit', '--train', data.path('a.tsv'), '--dev', data.path('b.tsv'), '--json'];
    const [leaky, allowed] = await Promise.all([samequestion(args), samequestion([...args, '--allow-leaks'])]);
    expect([leaky.code, allowed.code]).toEqual([2, 0]);
    expect(JSON.parse(leaky.stdout)).toEqual(JSON.parse(allowed.stdout));
    expect(JSON.parse(leaky.stdout)).toMatchObject({
      leaks: true,
      sharedQuestions: { count: 2 },
      mirrors: { count: 1 },
      sharedComponents: { count: 1 },
    });
  });
});

describe('samequestion folds', () => {
  test('puts every pair into exactly one dev file, and no question on two sides', async () => {
    const { code, stdout } = await samequestion(['folds', '--train', data.train, '--folds', '3', '--out', data.path('folds'), '--json']);
    expect(code).toBe(0);
    const { folds } = JSON.parse(stdout) as { folds: { files: { train: string; dev: string }; shared_questions: number }[] };
    const devs = await Promise.all(folds.map(({ files }) => readPairsFile(files.dev)));
    const all = devs.flat().map(({ question1, question2 }) => `${question1}\t${question2}`);
    expect(new Set(all).size).toBe(all.length);
    for (const [index, { files, shared_questions: shared }] of folds.entries()) {
      const train = await readPairsFile(files.train);
      expect(shared).toBe(0);
      expect(train.length + (devs[index]?.length ?? 0)).toBe(all.length);
      expect(auditLeakage(train, devs[index] ?? []).leaks).toBe(false);
    }
  });
});

describe('samequestion closure', () => {
  test('shows contradictions with a proof and repairs the least confident answer of a test file', async () => {
    await writeFile(data.path('three.csv'), 'qid\tquestion1\tquestion2\n1\tA\tB\n2\tB\tC\n3\tA\tC\n');
    const rows = ['1\t0.05\t0.95\t1', '2\t0.4\t0.6\t1', '3\t0.9\t0.1\t0'];
    await writeFile(data.path('three.tsv'), `qid\tprobability0\tprobability1\tlabel\n${rows.join('\n')}\n`);
    const out = data.path('three-result.csv');
    const files = ['--input', data.path('three.tsv'), '--test', data.path('three.csv'), '--out', out];
    const stdout = await succeed(['closure', ...files, '--repair', 'confidence', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      classes: 1,
      contradictionCount: 1,
      contradictions: [{ question1: 'A', question2: 'C', proof: ['A', 'B', 'C'] }],
      repair: { changes: 1, optimal: true },
    });
    expect(await readFile(out, 'utf8')).toBe('1\t1\r\n2\t0\r\n3\t0\r\n');
  });
});

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
const real = `${shared}data/diac2019/train_set.xml`;
if (!existsSync(real)) console.warn('pair-commands: skipped on the real training file: ../shared is not there');

test.skipIf(!existsSync(real))('prepare --json gives every count of the real training file under its golden key', async () => {
  const golden = JSON.parse(await readFile(`${shared}golden/pairs.json`, 'utf8')) as Record<string, number>;
  const { code, stdout } = await samequestion(['prepare', '--train', real, '--out', data.path('real'), '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject(golden);
});
