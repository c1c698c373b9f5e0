// oxlint-disable vitest/valid-expect -- vitest takes a message as the second argument.
import { describe, expect, test } from 'vitest';
import {
  applyEdits,
  augmentPair,
  balanceNearPairs,
  combineVerdicts,
  countNearPairs,
  createAugmenter,
  isWithinDistance,
  labelAfter,
  sameEdits,
} from '@samequestion/augment';
import type { Pair } from '@samequestion/augment';
import { sampleQuestions } from './shared.ts';

const questions = sampleQuestions();
const pairs: readonly Pair[] = questions
  .slice(1, 400)
  .map((question2, index) => ({ question1: questions[index] ?? '', question2, label: index % 3 === 0 ? 0 : 1 }));

describe('labels after edits', () => {
  test('follow from the verdicts', () => {
    expect(labelAfter(1, 'keeps')).toBe(1);
    expect(labelAfter(0, 'keeps')).toBe(0);
    expect(labelAfter(1, 'flips')).toBe(0);
    expect(labelAfter(0, 'flips')).toBeUndefined();
    expect(labelAfter(1, 'unknown')).toBeUndefined();
    expect(labelAfter(1, 'flips', 'flips')).toBeUndefined();
    expect(labelAfter(1, 'keeps', 'flips')).toBe(0);
  });

  test('every augmented pair has the label of its verdicts, and edits that make its texts', async () => {
    const augmenter = await createAugmenter({ recipe: 'balanced', segmenter: 'intl' });
    const seen = new Set<string>();
    for (const pair of pairs) {
      for (const made of augmentPair(augmenter, pair, { count: 3, seed: 4 }).results) {
        const [one, other] = made.change === 'swapped' ? [pair.question2, pair.question1] : [pair.question1, pair.question2];
        expect(applyEdits(one, made.edits1)).toBe(made.question1);
        expect(applyEdits(other, made.edits2)).toBe(made.question2);
        const verdict1 = combineVerdicts(made.edits1.map(({ verdict }) => verdict));
        const verdict2 = combineVerdicts(made.edits2.map(({ verdict }) => verdict));
        expect(made.label).toBe(made.change === 'alike' ? pair.label : labelAfter(pair.label, verdict1, verdict2));
        seen.add(`${made.change} ${pair.label} ${made.label}`);
      }
    }
    for (const kind of ['question1 1 0', 'question2 1 0', 'question1 1 1', 'question2 0 0', 'both 1 1', 'swapped 1 1', 'alike 1 1'])
      expect(seen).toContain(kind);
    expect([...seen].filter((kind) => kind.endsWith('0 1'))).toEqual([]);
  });

  test('pairs with an unknown label are made only when asked for', async () => {
    const augmenter = await createAugmenter({ recipe: 'original', segmenter: 'intl' });
    const labels = (keepUnknown: boolean): (number | undefined)[] =>
      pairs.slice(0, 60).flatMap((pair) => augmentPair(augmenter, pair, { count: 4, keepUnknown }).results.map(({ label }) => label));
    expect(labels(false)).not.toContain(undefined);
    expect(labels(true)).toContain(undefined);
  });

  test('the same edit on both sides leaves the label, where the place is clear', () => {
    const edits = [{ start: 0, end: 2, before: '公司', after: '单位', operation: 'test', verdict: 'flips' }] as const;
    expect(sameEdits(edits, '公司不给工资', '为什么公司不给')).toEqual([{ ...edits[0], start: 3, end: 5 }]);
    expect(sameEdits(edits, '公司不给工资', '公司和公司')).toBeUndefined();
    expect(sameEdits(edits, '公司不给工资', '老板不给')).toBeUndefined();
  });
});

describe('near pairs', () => {
  test('the distance is that of a full table', () => {
    const texts = ['', '公司', '公司不', '不公司', '单位', '公示', '公司不给钱', '公事不给钱了', '\u{20BB7}公司'];
    const table = (a: readonly string[], b: readonly string[]): number => {
      if (a.length === 0 || b.length === 0) return Math.max(a.length, b.length);
      const replaced = table(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1);
      return Math.min(replaced, table(a.slice(1), b) + 1, table(a, b.slice(1)) + 1);
    };
    for (const a of texts) {
      for (const b of texts) {
        for (const most of [0, 1, 2, 3])
          expect(isWithinDistance(a, b, most), `${a} ${b} ${most}`).toBe(table(Array.from(a), Array.from(b)) <= most);
      }
    }
  });

  test('both kinds are built until they balance', async () => {
    const augmenter = await createAugmenter({ recipe: 'balanced', segmenter: 'intl' });
    const { added, before, after } = balanceNearPairs(augmenter, pairs, { least: 120 });
    expect(after).toEqual({ positives: Math.max(120, before.positives), negatives: Math.max(120, before.negatives) });
    const built = added.map(({ question1, question2, label }) => ({ question1, question2, label: label ?? 0 }) as const);
    const counts = countNearPairs([...pairs, ...built]);
    expect(counts).toEqual(after);
    for (const { label, edits2 } of added)
      expect(combineVerdicts(edits2.map(({ verdict }) => verdict))).toBe(label === 1 ? 'keeps' : 'flips');
  });
});
