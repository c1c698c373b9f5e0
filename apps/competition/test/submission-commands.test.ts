import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';
import { type SmallData, succeed, writeSmallData } from './cli/small-data.ts';

let data: SmallData;
let qids: readonly string[];

/** A file of predictions whose probability of label 1 is given by row. */
async function writePredictions(name: string, probability: (row: number) => number): Promise<string> {
  const rows = qids.map((qid, row) => `${qid}\t${1 - probability(row)}\t${probability(row)}\t${probability(row) > 0.5 ? 1 : 0}\n`);
  await writeFile(data.path(name), `qid\tprobability0\tprobability1\tlabel\n${rows.join('')}`);
  return data.path(name);
}

beforeAll(async () => {
  data = await writeSmallData({ groups: 3, rows: 40 });
  qids = (await readFile(data.sampleSubmission, 'utf8'))
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split('\t')[0] ?? '');
});
afterAll(() => data.remove());

describe('samequestion submit', () => {
  test('writes the sample byte for byte but for the labels, and records a fixed threshold', async () => {
    const input = await writePredictions('p.tsv', (row) => row / 64);
    const out = data.path('fixed.csv');
    const files = ['--test', data.test, '--sample-submission', data.sampleSubmission];
    const { code, stdout } = await samequestion(['submit', '--input', input, ...files, '--out', out, '--threshold', '0.25', '--json']);
    expect(code).toBe(0);
    const bytes = await readFile(out);
    expect(bytes.toString('utf8')).toBe(qids.map((qid, row) => `${qid}\t${row / 64 >= 0.25 ? 1 : 0}\r\n`).join(''));
    const record = JSON.parse(await readFile(`${out}.json`, 'utf8')) as unknown;
    expect(record).toEqual(JSON.parse(stdout));
    expect(record).toMatchObject({
      threshold: { rule: 'fixed', threshold: 0.25 },
      positives: 24,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  test('reaches a share of positives, or the best macro-F1 on labelled predictions', async () => {
    const input = await writePredictions('q.tsv', (row) => row / 64);
    await writeFile(data.path('labels.tsv'), qids.map((qid, row) => `${qid}\t${row >= 10 ? 1 : 0}\n`).join(''));
    const submit = ['submit', '--input', input, '--test', data.test, '--json'];
    const [byShare, tuned] = await Promise.all([
      samequestion([...submit, '--positive-share', '0.3', '--out', data.path('share.csv')]),
      samequestion([...submit, '--tune-predictions', input, '--tune-labels', data.path('labels.tsv'), '--out', data.path('tuned.csv')]),
    ]);
    expect(JSON.parse(byShare.stdout)).toMatchObject({ positives: 12, threshold: { rule: 'share', share: 0.3 } });
    expect(JSON.parse(tuned.stdout)).toMatchObject({ positives: 30, threshold: { rule: 'macro-f1', macroF1: 1, tunedOn: 40 } });
  });

  test("reads google's headerless test_results.tsv", async () => {
    await writeFile(data.path('test_results.tsv'), qids.map((_, row) => `${row % 2 === 0 ? '0.9\t0.1' : '0.2\t0.8'}\n`).join(''));
    const args = ['submit', '--input', data.path('test_results.tsv'), '--test', data.test, '--out', data.path('google.csv'), '--json'];
    const { code, stdout } = await samequestion(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 40, positives: 20 });
  });
});

describe('samequestion ensemble', () => {
  test('weighs as the original entry did: the published four rows give the published result', async () => {
    const rows = ['0.9516069\t0.048393086', '0.9997036\t0.0002963326', '0.9974492\t0.0025507766', '0.9990158\t0.0009841687'];
    await writeFile(data.path('one.csv'), 'qid\tquestion1\tquestion2\n0\t甲\t乙\n');
    const files = await Promise.all(
      rows.map(async (row, index) => {
        await writeFile(data.path(`model-${index}.tsv`), `${row}\n`);
        return data.path(`model-${index}.tsv`);
      }),
    );
    const out = data.path('combined.tsv');
    const weights = ['.9584489', '.9682052', '.9674128', '.96884906'];
    const members = ['--input', ...files, '--weights', ...weights];
    await succeed(['ensemble', ...members, '--test', data.path('one.csv'), '--method', 'weighted-mean', '--out', out]);
    const [, row = ''] = (await readFile(out, 'utf8')).split('\n');
    const [, probability0, probability1, label] = row.split('\t').map(Number);
    // The published numbers have eight digits.
    expect(probability0).toBeCloseTo(0.98703298, 8);
    expect(probability1).toBeCloseTo(0.01296699, 8);
    expect(label).toBe(0);
  });

  test('refuses predictions for other rows, and says how far members agree', async () => {
    const [one, two] = [await writePredictions('m1.tsv', (row) => row / 64), await writePredictions('m2.tsv', (row) => (39 - row) / 64)];
    await writeFile(data.path('m3.tsv'), 'qid\tprobability0\tprobability1\tlabel\nelse\t0.5\t0.5\t0\n');
    const [agreed, refused] = await Promise.all([
      samequestion(['ensemble', '--input', one, two, '--out', data.path('m.tsv'), '--json']),
      samequestion(['ensemble', '--input', one, data.path('m3.tsv'), '--out', data.path('refused.tsv')]),
    ]);
    expect(JSON.parse(agreed.stdout)).toMatchObject({ method: 'mean', rows: 40, agreement: [{ rows: 40, share: 26 / 40 }] });
    expect([refused.code, refused.stderr.trim().split('\n').length]).toEqual([2, 1]);
  });
});

describe('samequestion validate', () => {
  test('accepts the sample and lists every deviation of a damaged file, with exit code 2', async () => {
    const files = ['--sample-submission', data.sampleSubmission, '--test', data.test, '--json'];
    const text = await readFile(data.sampleSubmission, 'utf8');
    const lines = text.split('\r\n');
    await writeFile(data.path('damaged.csv'), [...lines.slice(0, 3), `${lines[3]}.0`, '', ...lines.slice(5)].join('\r\n'));
    const [right, wrong] = await Promise.all([
      samequestion(['validate', '--input', data.sampleSubmission, ...files]),
      samequestion(['validate', '--input', data.path('damaged.csv'), ...files]),
    ]);
    expect(right.code).toBe(0);
    expect(JSON.parse(right.stdout)).toMatchObject({
      valid: true,
      deviations: [],
      sha256: createHash('sha256').update(text).digest('hex'),
    });
    expect(wrong.code).toBe(2);
    const { deviations } = JSON.parse(wrong.stdout) as { deviations: { kind: string; line: number }[] };
    expect(deviations.map(({ kind, line }) => `${kind} ${line}`)).toEqual(['label 4', 'blank-line 5', 'missing-qid 5']);
  });
});
