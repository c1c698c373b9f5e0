import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recipes } from '@samequestion/augment';
import type { Pair } from '@samequestion/pairs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Robustness, attackPairs, describeRobustness, oneTypo } from '../src/robustness.ts';
import { succeed } from './cli/small-data.ts';
import { questions, writeTinyModel } from './cli/tiny-model.ts';

const pairs: readonly Pair[] = questions.map(([question1, question2], index) => ({ question1, question2, label: index % 2 === 0 ? 1 : 0 }));

/** How many characters of two texts of equal length differ; -1 for texts of different length. */
const differing = (one: string, other: string): number => {
  const [left, right] = [[...one], [...other]];
  return left.length === right.length ? left.filter((character, index) => character !== right[index]).length : -1;
};

describe('attackPairs', () => {
  test('with a typo replaces one character of one question and leaves the label', async () => {
    const edited = await attackPairs(pairs, { recipe: oneTypo, verdict: 'keeps', seed: 7 });
    expect(edited).toHaveLength(pairs.length);
    for (const [index, pair] of pairs.entries()) {
      const made = edited[index];
      expect(made?.label).toBe(pair.label);
      expect([differing(pair.question1, made?.question1 ?? ''), differing(pair.question2, made?.question2 ?? '')].toSorted()).toEqual([
        0, 1,
      ]);
    }
    expect(await attackPairs(pairs, { recipe: oneTypo, verdict: 'keeps', seed: 7 })).toEqual(edited);
    expect(await attackPairs(pairs, { recipe: oneTypo, verdict: 'keeps', seed: 8 })).not.toEqual(edited);
  });

  test('gives nothing for a pair that it can not edit', async () => {
    const bare: Pair = { question1: 'a', question2: 'b', label: 1 };
    const contrast = recipes['contrast'] ?? oneTypo;
    expect(await attackPairs([bare], { recipe: contrast, verdict: 'flips', seed: 1 })).toEqual([undefined]);
  });
});

describe('samequestion evaluate --attack', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'robustness-'));
    await writeTinyModel(join(folder, 'model'));
    const rows = pairs.map(({ question1, question2, label }) => `${question1}\t${question2}\t${label}\n`);
    await writeFile(join(folder, 'dev.tsv'), `question1\tquestion2\tlabel\n${rows.join('')}`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('adds scores under each attack, and says them', async () => {
    const stdout = await succeed(['evaluate', '--model', join(folder, 'model'), '--data', join(folder, 'dev.tsv'), '--attack', '--json']);
    const { robustness } = JSON.parse(stdout) as { robustness: Robustness };
    expect(robustness.typo).toMatchObject({ pairs: 5, edited: 5 });
    expect(robustness.edits.pairs).toBe(5);
    expect(robustness.flips.pairs).toBeGreaterThan(0);
    expect(robustness.flips.pairs).toBeLessThanOrEqual(3);
    for (const share of [robustness.typo.macroF1, robustness.edits.accuracy, robustness.flips.recognised]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(describeRobustness(robustness)).toHaveLength(3);
  });
});
