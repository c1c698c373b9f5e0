import { expect, test } from 'vitest';
import { createAugmenter, formatSummary, augmentItem, editRecords, SummaryCounter } from '@samequestion/augment';
import { questionsOf, readShared, sampleQuestions } from './shared.ts';

const xml = readShared('data/diac2019/train_set.xml');
if (xml === undefined) console.log('coverage: ../shared/data/diac2019 is absent; coverage is measured on data/sample alone.');
const questions = [...sampleQuestions(), ...(xml === undefined ? [] : questionsOf(xml))].filter((_, index) => index % 10 === 0);

test('99 % of real questions have an edit that keeps, fillers, marks and width aside, and 70 % one that flips', async () => {
  const typos = await createAugmenter({ recipe: 'typos', segmenter: 'intl' });
  const contrast = await createAugmenter({ recipe: 'contrast', segmenter: 'intl' });
  const share = (has: (question: string) => boolean): number => questions.filter(has).length / questions.length;
  expect(share((question) => typos.augment(question).results.some(({ verdict }) => verdict === 'keeps'))).toBeGreaterThanOrEqual(0.99);
  expect(share((question) => contrast.augment(question).results.some(({ verdict }) => verdict === 'flips'))).toBeGreaterThanOrEqual(0.7);
});

test('a summary counts what was made and keeps samples that do not depend on the order', async () => {
  const augmenter = await createAugmenter({ recipe: 'balanced', segmenter: 'intl' });
  const items = sampleQuestions().slice(0, 120);
  const [forward, backward] = [new SummaryCounter(), new SummaryCounter()];
  for (const item of items) forward.add(augmentItem(augmenter, item, { count: 2 }));
  for (const item of items.toReversed()) backward.add(augmentItem(augmenter, item, { count: 2 }));
  const summary = forward.summary();
  expect(backward.summary()).toEqual(summary);
  expect(summary.items).toBe(120);
  expect(summary.asked).toBe(240);
  expect(summary.samples).toHaveLength(20);
  expect(summary.byVerdict.keeps + summary.byVerdict.flips + summary.byVerdict.unknown).toBe(summary.made);
  const text = formatSummary(summary);
  expect(text.split('\n')[0]).toBe(
    `${summary.made} made of 240 asked for, from 120 items; ${summary.short} items gave fewer than asked for`,
  );
  expect(text).toContain('edited questions by verdict');
});

test('records of edits name the source, the side and every edit', async () => {
  const augmenter = await createAugmenter({ recipe: 'typos', segmenter: 'intl' });
  const pair = { question1: '公司拖欠工资怎么办', question2: '工资被拖欠了怎么办', label: 1 } as const;
  const records = editRecords(augmentItem(augmenter, pair, { count: 4, changes: { question1: 1, question2: 1 } }));
  expect(records).toHaveLength(4);
  for (const { source, side, edits } of records) {
    expect(source).toBe(pair[side as 'question1' | 'question2']);
    expect(Object.keys(edits[0] ?? {}).sort()).toEqual(['after', 'before', 'end', 'operation', 'start', 'verdict']);
  }
});
