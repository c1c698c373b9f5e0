// oxlint-disable vitest/valid-expect -- vitest takes a message as the second argument.
import { expect, test } from 'vitest';
import {
  applyEdits,
  atMost,
  augmenterOf,
  combineVerdicts,
  createAugmenter,
  keepWords,
  lengthBetween,
  recipes,
} from '@samequestion/augment';
import type { Edit } from '@samequestion/augment';
import { defaultTools, sampleQuestions } from './shared.ts';

function edit(start: number, before: string, after: string): Edit {
  return { start, end: start + before.length, before, after, operation: 'test', verdict: 'keeps' };
}

test('edits are applied from left to right, insertions and deletions too', () => {
  expect(applyEdits('公司拖欠工资', [edit(0, '', '请问'), edit(2, '拖欠', '欠'), edit(4, '工资', '')])).toBe('请问公司欠');
});

test('edits that overlap or belong to another text are refused', () => {
  expect(() => applyEdits('公司拖欠工资', [edit(0, '公司', 'x'), edit(1, '司', 'y')])).toThrow(RangeError);
  expect(() => applyEdits('公司拖欠工资', [edit(0, '单位', 'x')])).toThrow(/expected "单位" at 0–2/);
});

test('one flip flips, two may cancel each other, one unknown makes the whole unknown', () => {
  expect(combineVerdicts([])).toBe('keeps');
  expect(combineVerdicts(['keeps', 'flips', 'keeps'])).toBe('flips');
  expect(combineVerdicts(['flips', 'flips'])).toBe('unknown');
  expect(combineVerdicts(['keeps', 'unknown'])).toBe('unknown');
});

test('counts and rates out of range, and unknown recipes, are refused in one line', async () => {
  const augmenter = await createAugmenter({ recipe: 'typos', segmenter: 'intl' });
  expect(() => augmenter.augment('公司', { count: -1 })).toThrow(RangeError);
  expect(() => augmenter.augment('公司', { rate: 1.5 })).toThrow(/expected rate from 0 to 1, got 1.5/);
  await expect(createAugmenter({ recipe: 'none' })).rejects.toThrow(/expected a recipe of eda, original, typos/);
});

test('a text with nothing to change gives no results and says why', async () => {
  const augmenter = await createAugmenter({ recipe: 'contrast', segmenter: 'intl' });
  const { results, asked, rejected } = augmenter.augment('啊', { count: 3 });
  expect(results).toEqual([]);
  expect(asked).toBe(3);
  expect(rejected['nothing to change']).toBeGreaterThan(0);
});

test('constraints of the user hold for every edit', async () => {
  const tools = await defaultTools();
  const { typos } = recipes;
  if (typos === undefined) throw new Error('no recipe typos');
  const recipe = { ...typos, constraints: [keepWords(['合同', '公司']), lengthBetween(0, 40), atMost(1)] };
  const augmenter = augmenterOf(recipe, tools);
  let made = 0;
  for (const question of sampleQuestions().filter((text) => text.includes('合同') || text.includes('公司'))) {
    for (const { text, edits } of augmenter.augment(question, { count: 3, rate: 0.5 }).results) {
      made++;
      expect(edits).toHaveLength(1);
      for (const word of ['合同', '公司']) expect(text.includes(word), text).toBe(question.includes(word));
      expect(text.length).toBeLessThanOrEqual(40);
    }
  }
  expect(made).toBeGreaterThan(100);
});
