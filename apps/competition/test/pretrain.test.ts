import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import { uniformAt } from '@samequestion/bert';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { finished, samequestion, startSamequestion } from './cli/samequestion.ts';
import { succeed } from './cli/small-data.ts';

const topics = ['劳动合同', '抚养费', '交通事故', '社会保险', '借条', '租房押金', '工伤认定', '离婚登记'];
const asked = [
  '到期以后应该怎么办？',
  '被拖欠了如何处理？',
  '需要哪些材料才能办理？',
  '应当向哪个部门投诉？',
  '多长时间可以办完？',
  '可以要求赔偿吗？',
];

/** Paragraphs of two questions each. */
const corpus = Array.from({ length: 120 }, (_, index) => {
  const sentence = (place: number): string => {
    const pick = (from: readonly string[], draw: number): string => from[Math.floor(uniformAt(place, draw) * from.length)] ?? '';
    return `${pick(topics, 2 * index)}${pick(asked, 2 * index + 1)}`;
  };
  return `${sentence(1)}${sentence(2)}\n`;
}).join('');

const size = ['--layers', '1', '--hidden', '12', '--heads', '2', '--max-length', '48', '--batch-size', '4', '--threads', '1'];
const steps = 80;

type Line = Readonly<Record<string, unknown>>;

describe('samequestion pretrain', { timeout: 180_000 }, () => {
  let root = '';
  const path = (name: string): string => join(root, name);
  const log = async (run: string): Promise<Line[]> =>
    (await readFile(path(`${run}/log.jsonl`), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const weights = (run: string): Promise<Buffer> => readFile(path(`${run}/model/model.safetensors`));
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'pretrain-'));
    await writeFile(path('text.txt'), corpus);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test('goes from text to an encoder, from text to pairs, and on from both', async () => {
    await succeed(['pretrain', '--data', path('text.txt'), '--steps', '30', '--learning-rate', '1e-2', '--out', path('text'), ...size]);
    const masked = (await log('text')).filter(({ event }) => event === 'step').map(({ loss }) => Number(loss));
    expect(masked).toHaveLength(30);
    // Far fewer tokens occur than the vocabulary holds, so that even a tiny model soon leaves the loss of a guess (ln 6,900 = 8.8).
    expect(Math.min(...masked.slice(-5))).toBeLessThan((masked[0] ?? 0) - 2);
    const right = (await log('text')).filter(({ event }) => event === 'step').map(({ maskedAccuracy }) => Number(maskedAccuracy));
    for (const share of right) expect(share).toBeGreaterThanOrEqual(0);
    expect(Math.max(...right)).toBeLessThanOrEqual(1 + 1e-6);
    expect(Math.max(...right.slice(-5))).toBeGreaterThan(Math.max(...right.slice(0, 5)));

    await succeed(['make-pairs', '--data', path('text.txt'), '--count', '60', '--out', path('pairs.tsv.gz')]);
    const rows = gunzipSync(await readFile(path('pairs.tsv.gz')))
      .toString('utf8')
      .trim()
      .split('\n');
    expect(rows[0]).toBe('question1\tquestion2\tlabel');
    expect(rows).toHaveLength(61);
    expect(new Set(rows.slice(1).map((row) => row.split('\t')[2]))).toEqual(new Set(['0', '1']));

    const pairs = ['--task', 'pairs', '--init', path('text/model'), '--data', path('pairs.tsv.gz'), '--steps', '4'];
    await succeed(['pretrain', ...pairs, '--batch-size', '4', '--accumulate', '2', '--threads', '1', '--out', path('pairs')]);
    const judged = (await log('pairs')).filter(({ event }) => event === 'step');
    for (const { pairLoss, maskedLoss } of judged) for (const loss of [pairLoss, maskedLoss]) expect(Number(loss)).toBeGreaterThan(0);
    for (const { pairAccuracy } of judged) expect([0, 0.25, 0.5, 0.75, 1]).toContain(Number(Number(pairAccuracy).toFixed(4)));
    expect((await weights('pairs')).equals(await weights('text'))).toBe(false);
  });

  test('killed and resumed, ends with the same bytes and a log without gaps', async () => {
    const args = ['pretrain', '--data', path('text.txt'), '--steps', String(steps), '--checkpoint-every', '4', '--dropout', '0.1', ...size];
    await succeed([...args, '--out', path('whole')]);
    const child = startSamequestion([...args, '--out', path('killed')]);
    const end = finished(child);
    while (!existsSync(path('killed/checkpoints/step-8')) && child.exitCode === null) await wait(5);
    child.kill('SIGKILL');
    expect((await end).signal).toBe('SIGKILL');
    await succeed([...args, '--out', path('killed'), '--resume']);
    expect((await weights('killed')).equals(await weights('whole'))).toBe(true);
    const numbers = (await log('killed')).filter(({ event }) => event === 'step').map(({ step }) => step);
    expect(numbers).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
  });

  test('stopped by Ctrl-C keeps the weights, says how to go on and exits with 130', async () => {
    const args = [
      'pretrain',
      '--data',
      path('text.txt'),
      '--steps',
      '100000',
      '--checkpoint-every',
      '4',
      ...size,
      '--out',
      path('stopped'),
    ];
    const child = startSamequestion(args);
    const end = finished(child);
    while (!existsSync(path('stopped/checkpoints/step-4')) && child.exitCode === null) await wait(5);
    child.kill('SIGINT');
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toContain('--resume');
    expect(existsSync(path('stopped/model/model.safetensors'))).toBe(true);
  });

  test('refuses to begin where checkpoints are, and to go on where nothing began', async () => {
    const args = ['pretrain', '--data', path('text.txt'), '--steps', '4', ...size];
    const again = await samequestion([...args, '--out', path('whole')]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('expected a folder without checkpoints')]);
    const nothing = await samequestion([...args, '--out', path('never'), '--resume']);
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('expected a pre-training run in --out')]);
    expect(existsSync(path('never'))).toBe(false);
  });
});
