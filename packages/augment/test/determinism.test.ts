// oxlint-disable vitest/valid-expect -- vitest takes a message as the second argument.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { augmentStream, createAugmenter, Draws } from '@samequestion/augment';
import type { Item, ItemResult, StreamOptions } from '@samequestion/augment';
import { sampleQuestions } from './shared.ts';

const questions = sampleQuestions().slice(0, 300);
const pairs: readonly Item[] = questions
  .slice(1)
  .map((question2, index) => ({ question1: questions[index] ?? '', question2, label: index % 2 === 0 ? 1 : 0 }));
const fixed = [
  '劳动合同到期后公司不续签怎么办？',
  '被公司辞退了，能要到经济补偿吗',
  '婚前买的房子离婚时要不要分给对方',
  '重庆的银行晚上几点下班？',
  '借给朋友3万元没有打欠条，怎么起诉',
  '寻衅滋事一般判几年',
];
const common: StreamOptions = { recipe: 'balanced', segmenter: 'intl', count: 3, seed: 7 };

async function collect(items: readonly Item[], options: StreamOptions): Promise<readonly ItemResult[]> {
  const results: ItemResult[] = [];
  for await (const result of augmentStream(items, { ...common, ...options })) results.push(result);
  return results;
}

describe('the output depends on the item and the seed alone', () => {
  test('1, 2 and 7 workers, any batch size and no worker give the same bytes', async () => {
    const items = [...questions, ...pairs];
    const alone = JSON.stringify(await collect(items, { workers: 0 }));
    for (const [workers, batchSize] of [
      [1, 200],
      [2, 7],
      [7, 50],
    ] as const) {
      expect(JSON.stringify(await collect(items, { workers, batchSize })) === alone, `${workers} workers`).toBe(true);
    }
  });

  test('shuffled input gives the same output for each item', async () => {
    const draws = new Draws(1, 'order');
    const shuffled = pairs
      .map((item) => ({ item, rank: draws.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
    const one = new Map((await collect(pairs, { workers: 0 })).map((made) => [JSON.stringify(made.item), JSON.stringify(made)]));
    const other = await collect(shuffled, { workers: 0 });
    expect(other).toHaveLength(pairs.length);
    for (const made of other) expect(JSON.stringify(made)).toBe(one.get(JSON.stringify(made.item)));
  });

  test('another seed gives another output, and more results begin with the same ones', async () => {
    const augmenter = await createAugmenter({ recipe: 'typos', segmenter: 'intl' });
    const question = '劳动合同到期后公司不续签怎么办？';
    const five = augmenter.augment(question, { count: 5, seed: 1 }).results;
    expect(augmenter.augment(question, { count: 2, seed: 1 }).results).toEqual(five.slice(0, 2));
    expect(augmenter.augment(question, { count: 5, seed: 2 }).results).not.toEqual(five);
  });

  test('a prepared text that was augmented before gives what a fresh one gives', async () => {
    for (const recipe of ['balanced', 'contrast', 'competition-attack']) {
      const augmenter = await createAugmenter({ recipe, segmenter: 'intl' });
      for (const question of questions.slice(0, 60)) {
        const prepared = augmenter.prepare(question);
        for (const seed of [1, 2, 3])
          expect(augmenter.augment(prepared, { count: 4, seed })).toEqual(augmenter.augment(question, { count: 4, seed }));
      }
    }
  });

  test('typos have the same bytes on every Node version', async () => {
    // Readings come from this package's own table, so that the bytes don't depend on the ICU of the runtime.
    const augmenter = await createAugmenter({ recipe: 'typos', segmenter: 'intl', readings: 'main' });
    const hash = createHash('sha256');
    for (const question of fixed)
      for (const { text } of augmenter.augment(question, { count: 50, seed: 7 }).results) hash.update(`${text}\n`);
    expect(hash.digest('hex').slice(0, 16)).toBe('1658cea5f2a63bfe');
  });
});

test('workers refuse what has no name', async () => {
  const stream = augmentStream(['公司'], { segmenter: { name: 'own', segment: (text) => [text] }, workers: 2 });
  await expect(stream.next()).rejects.toThrow(/expected a recipe and a segmenter by name/);
  await expect(augmentStream(['公司'], { ...common, workers: -1 }).next()).rejects.toThrow(RangeError);
});

test('a failure in a worker reaches the caller', async () => {
  const stream = augmentStream(['公司'], { ...common, rate: 3, workers: 1 });
  await expect(stream.next()).rejects.toThrow(/expected rate from 0 to 1/);
});

test('a stream names its segmenter before its first result and may be left early', async () => {
  let name = '';
  for await (const made of augmentStream(questions, { ...common, workers: 2, onSegmenter: (used) => (name = used) })) {
    expect(made.kind).toBe('text');
    break;
  }
  expect(name).toMatch(/^Intl\.Segmenter/);
});
