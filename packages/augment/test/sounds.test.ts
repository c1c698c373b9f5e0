// oxlint-disable vitest/valid-expect -- vitest takes a message as the second argument.
import { describe, expect, test } from 'vitest';
import { contextReader, homophones, readingsOf, soundClasses, soundsAlike, Source } from '@samequestion/augment';
import { augmenterWith, defaultTools } from './shared.ts';

describe('sounds', () => {
  test('levels tell tone, syllable and confusable syllable apart', () => {
    expect(soundsAlike('fa3', 'fa3', 'exact')).toBe(true);
    expect(soundsAlike('fa3', 'fa1', 'exact')).toBe(false);
    expect(soundsAlike('fa3', 'fa1', 'toneless')).toBe(true);
    for (const [one, other] of [
      ['zhang1', 'zang4'],
      ['chi1', 'ci2'],
      ['shi4', 'si4'],
      ['nan2', 'lan2'],
      ['fu2', 'hu2'],
      ['ren2', 'len4'],
      ['xin1', 'xing1'],
      ['shen1', 'sheng4'],
      ['fan4', 'fang2'],
      ['zhuang1', 'zhuan3'],
      ['sang1', 'shan4'],
    ] as const) {
      expect(soundsAlike(one, other, 'confusable'), `${one} ${other}`).toBe(true);
    }
    expect(soundsAlike('fa3', 'fa1', 'confusable')).toBe(false);
    expect(soundsAlike('ma1', 'ba1', 'confusable')).toBe(false);
  });

  test('a character has all its readings, the main one first', () => {
    expect(readingsOf('法')).toContain('fa3');
    expect(readingsOf('行').length).toBeGreaterThan(1);
    expect(readingsOf('a')).toEqual([]);
    expect(readingsOf('\u{20BB7}')).toEqual([]);
  });

  test('characters with several readings are read in context', async () => {
    const readText = await contextReader();
    const source = new Source('重庆银行的行长很重要', { readText });
    const [first = '', , , bank = ''] = source.readings;
    expect([first, bank]).toEqual(['chong2', 'hang2']);
    expect(source.readings[8]).toBe('zhong4');
  });

  test('homophones of a character read in context sound like that reading', async () => {
    const tools = await defaultTools();
    const augmenter = augmenterWith(homophones('exact'), tools);
    const heavy = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      for (const { edits } of augmenter.augment('重庆', { seed }).results)
        for (const edit of edits) if (edit.before === '重') heavy.add(edit.after);
    }
    expect(heavy.size).toBeGreaterThan(0);
    for (const character of heavy) expect(readingsOf(character)).toContain('chong2');
  });

  test('a reader that joins characters is not trusted', () => {
    const source = new Source('银行', { readText: () => ['yinhang'] });
    expect(source.readings).toEqual(['yin2', 'xing2']);
  });
});

describe('sound classes of a vocabulary', () => {
  test('tokens of one syllable share a number, others have none', () => {
    const [law, hair, yuan, word, mark, letter] = soundClasses(['法', '发', '元', '合同', '[SEP]', 'a']);
    expect(law).toBe(hair);
    expect(law).not.toBe(yuan);
    expect(law).toBeGreaterThan(0);
    expect([word, mark, letter]).toEqual([0, 0, 0]);
  });

  test('the numbers do not depend on the order of the tokens', () => {
    const tokens = Array.from('一丁七万法发愿原告');
    const forward = soundClasses(tokens);
    const backward = soundClasses(tokens.toReversed()).toReversed();
    expect(backward).toEqual(forward);
  });
});
