import { readdirSync, readFileSync } from 'node:fs';
import {
  basicTokens,
  createTokenizer,
  SPECIAL_TOKENS,
  tokenizeLine,
  UNICODE_VERSION,
  unknownReport,
  Vocabulary,
} from '@samequestion/tokenizer';
import { describe, expect, it } from 'vitest';

const tokenizer = createTokenizer(new Vocabulary([...Object.values(SPECIAL_TOKENS), ...'借条有效吗', 'b']));

describe('tokenizeLine', () => {
  it('encodes a text, a pair, or an object', () => {
    expect(JSON.parse(tokenizeLine(tokenizer, '借\t条'))).toEqual({
      ids: [2, 5, 6, 3],
      types: [0, 0, 0, 0],
      tokens: ['[CLS]', '借', '条', '[SEP]'],
      offsets: [
        [0, 0],
        [0, 1],
        [2, 3],
        [0, 0],
      ],
    });
    const ids = (line: string, format: 'pairs' | 'jsonl'): number[] =>
      (JSON.parse(tokenizeLine(tokenizer, line, { format })) as { readonly ids: number[] }).ids;
    expect(ids('借\t条', 'pairs')).toEqual([2, 5, 3, 6, 3]);
    expect(ids('{"text":"借条"}', 'jsonl')).toEqual([2, 5, 6, 3]);
    expect(ids('{"left":"借条","right":"条","maxLength":5}', 'jsonl')).toEqual([2, 5, 3, 6, 3]);
  });

  it('says which line is wrong and how', () => {
    expect(() => tokenizeLine(tokenizer, '借', { format: 'pairs', line: 3 })).toThrow(
      'tokenizeLine: line 3: expected "left<TAB>right", got "借". Two texts are separated by one tab.',
    );
    expect(() => tokenizeLine(tokenizer, 'a\tb\tc', { format: 'pairs' })).toThrow('expected "left<TAB>right"');
    for (const line of ['', '[]', '1', '{"left":1}', '{"text":"a","right":2}', '{"text":"a","maxLength":"8"}']) {
      expect(() => tokenizeLine(tokenizer, line, { format: 'jsonl', line: 1 })).toThrow('tokenizeLine: line 1: expected {"text": …}');
    }
  });
});

describe('unknownReport', () => {
  it('lists the words that the vocabulary lacks as they are written, the most frequent first', () => {
    expect(unknownReport(tokenizer, ['借A条', 'B 借a', 'Öl', 'A'])).toEqual({
      texts: 4,
      tokens: 8,
      unknown: 4,
      share: 0.5,
      textsWithUnknown: 4,
      words: [
        { text: 'A', count: 2 },
        { text: 'a', count: 1 },
        { text: 'Öl', count: 1 },
      ],
    });
    expect(unknownReport(tokenizer, ['A 龘'], 1).words).toEqual([{ text: 'A', count: 1 }]);
    expect(unknownReport(tokenizer, [])).toMatchObject({ texts: 0, share: 0 });
  });
});

describe('basicTokens', () => {
  it('normalises and splits without a vocabulary', () => {
    expect(basicTokens('Où est 中国?')).toEqual(['ou', 'est', '中', '国', '?']);
    expect(basicTokens('Où est 中国?', { lowercase: false })).toEqual(['Où', 'est', '中', '国', '?']);
    expect(basicTokens('ΟΔΟΣ ΑΣ.Α ΑΣ. Σ')).toEqual(['οδος', 'ασ', '.', 'α', 'ας', '.', 'σ']);
  });

  it('states its Unicode version', () => {
    expect(UNICODE_VERSION).toBe('14.0.0');
  });
});

describe('the main entry', () => {
  it('imports no Node module, so that browsers can load it', () => {
    const source = new URL('../src/', import.meta.url);
    const using = readdirSync(source).filter((file) => readFileSync(new URL(file, source), 'utf8').includes("from 'node:"));
    expect(using).toEqual(['node.ts']);
    expect(readFileSync(new URL('index.ts', source), 'utf8')).not.toContain('./node.ts');
  });
});
