import { describe, expect, test } from 'vitest';
import {
  augmenterOf,
  fillMaskedWords,
  fillMaskFrom,
  jiebaSegmenter,
  maskedWords,
  segmenterFrom,
  Source,
  translateBack,
  translateFrom,
  weigh,
} from '@samequestion/augment';
import type { FillMask } from '@samequestion/augment';
import { defaultTools } from './shared.ts';

/** Fills any gap from counts of what stood between the same two characters in a small text: a model small enough to read. */
function smallModel(text: string): FillMask {
  const counts = new Map<string, Map<string, number>>();
  for (let at = 1; at < text.length - 2; at++) {
    const key = text.charAt(at - 1) + text.charAt(at + 2);
    const words = counts.get(key) ?? new Map<string, number>();
    counts.set(key, words.set(text.slice(at, at + 2), (words.get(text.slice(at, at + 2)) ?? 0) + 1));
  }
  return (before, after) => {
    const words = [...(counts.get(before.slice(-1) + after.slice(0, 1)) ?? [])].sort(([, a], [, b]) => b - a);
    const total = words.reduce((sum, [, times]) => sum + times, 0);
    return Promise.resolve(words.map(([word, times]) => ({ text: word, score: times / total })));
  };
}

describe('masked words', () => {
  test('come from the model, above the threshold, and only where nothing is protected', async () => {
    const fill = smallModel('他的房子被卖。他的车子被卖。他的车子被卖。她的合同被改');
    const source = new Source('他的房子被卖，未还3万', await defaultTools());
    const found = await fillMaskedWords(source, fill, { threshold: 0.5 });
    expect(found.flatMap(({ choices }) => choices)).toEqual(['车子']);
    const recipe = {
      name: 'masked',
      about: '',
      rate: 0,
      variants: [{ weight: 1, verdict: 'unknown', once: weigh([maskedWords(), 1]) }],
    } as const;
    const { results } = augmenterOf(recipe, await defaultTools()).augment(source);
    expect(results).toMatchObject([{ text: '他的车子被卖，未还3万', verdict: 'unknown' }]);
    expect(await fillMaskedWords(source, fill, { threshold: 0.9 })).toEqual([]);
  });

  test('a transformers.js pipeline is a model', async () => {
    const asked: string[] = [];
    const fill = fillMaskFrom((text) => {
      asked.push(text);
      return Promise.resolve([{ token_str: '车 ##子', score: 0.8 }]);
    });
    expect(await fill('他的', '被卖')).toEqual([{ text: '车子', score: 0.8 }]);
    expect(asked).toEqual(['他的[MASK]被卖']);
  });
});

describe('back-translation', () => {
  const there = translateFrom((text) => Promise.resolve([{ translation_text: `en:${text}` }]));

  test('gives one smallest edit, unknown', async () => {
    const made = await translateBack('公司拖欠工资怎么办', there, (text) => Promise.resolve(text.slice(3).replace('拖欠', '不付')));
    expect(made).toMatchObject({
      text: '公司不付工资怎么办',
      verdict: 'unknown',
      edits: [{ start: 2, end: 4, before: '拖欠', after: '不付' }],
    });
  });

  test('keeps where only punctuation changed, and gives nothing where nothing did', async () => {
    expect(await translateBack('可以吗?', there, () => Promise.resolve('可以吗？'))).toMatchObject({ verdict: 'keeps' });
    expect(await translateBack('可以吗?', there, (text) => Promise.resolve(text.slice(3)))).toBeUndefined();
  });
});

describe('segmenters', () => {
  test('any function will do, if its words make up the text', () => {
    const halves = segmenterFrom('halves', (text) => [text.slice(0, 2), text.slice(2)]);
    expect(new Source('公司拖欠', { segmenter: halves }).words).toEqual([
      { text: '公司', start: 0, end: 2 },
      { text: '拖欠', start: 2, end: 4 },
    ]);
    const lossy = segmenterFrom('lossy', (text) => [text.slice(1)]);
    expect(() => new Source('公司', { segmenter: lossy }).words).toThrow(/expected words of lossy that make up the text/);
    expect(() => new Source('公司').words).toThrow(/expected a segmenter/);
  });

  test('nodejieba is used where it is installed and named with its version; where it is not, the error says so', async () => {
    const outcome = await jiebaSegmenter().then(
      ({ name, segment }) => `${name.replace(/ [\d.]+$/, '')} ${segment('劳动合同').join('')}`,
      (error: Error) => error.message,
    );
    expect([
      'nodejieba 劳动合同',
      'jiebaSegmenter: expected the package nodejieba, got none that loads. Install it, or use intlSegmenter().',
    ]).toContain(outcome);
  });
});
