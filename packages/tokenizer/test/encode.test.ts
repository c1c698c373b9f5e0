import { characterVocabulary, createTokenizer, SPECIAL_TOKENS, Vocabulary } from '@samequestion/tokenizer';
import { describe, expect, it } from 'vitest';

const vocabulary = new Vocabulary([
  ...Object.values(SPECIAL_TOKENS),
  ...'借条有效吗没写日期[]().,!?',
  'mask',
  '##s',
  'cat',
  'un',
  '##aff',
  '##able',
  '-',
  'e',
]);
const tokenizer = createTokenizer(vocabulary);
const id = (token: string): number => vocabulary.id(token) ?? -1;

describe('encode', () => {
  it('gives ids, types, mask, tokens, offsets and the special-tokens mask of a pair', () => {
    expect(tokenizer.encode('借条', 'cats 吗')).toEqual({
      ids: [2, id('借'), id('条'), 3, id('cat'), id('##s'), id('吗'), 3],
      types: [0, 0, 0, 0, 1, 1, 1, 1],
      mask: [1, 1, 1, 1, 1, 1, 1, 1],
      tokens: ['[CLS]', '借', '条', '[SEP]', 'cat', '##s', '吗', '[SEP]'],
      offsets: [
        [0, 0],
        [0, 1],
        [1, 2],
        [0, 0],
        [0, 3],
        [3, 4],
        [5, 6],
        [0, 0],
      ],
      specialTokensMask: [1, 0, 0, 1, 0, 0, 0, 1],
      truncated: 0,
    });
  });

  it('reads special tokens in a text as text unless asked not to', () => {
    expect(tokenizer.tokenize('借[MASK]条[SEP]')).toEqual(['借', '[', 'mask', ']', '条', '[', '[UNK]', ']']);
    const { tokens, specialTokensMask, offsets } = tokenizer.encode('借[MASK]条', undefined, { specialTokensInText: true });
    expect(tokens).toEqual(['[CLS]', '借', '[MASK]', '条', '[SEP]']);
    expect(specialTokensMask).toEqual([1, 0, 0, 0, 1]);
    expect(offsets[2]).toEqual([1, 7]);
  });

  it('treats an empty second text as a text', () => {
    expect(tokenizer.encode('借', '').tokens).toEqual(['[CLS]', '借', '[SEP]', '[SEP]']);
    expect(tokenizer.encode('').tokens).toEqual(['[CLS]', '[SEP]']);
  });

  it('keeps the special tokens and reports what it cut', () => {
    const cut = tokenizer.encode('借条有效吗', '没写日期', { maxLength: 7 });
    expect(cut.tokens).toEqual(['[CLS]', '借', '条', '[SEP]', '没', '写', '[SEP]']);
    expect(cut.truncated).toBe(5);
    expect(tokenizer.encode('借条', '没写', { maxLength: 3 }).tokens).toEqual(['[CLS]', '[SEP]', '[SEP]']);
    expect(tokenizer.encode('借条', '没写', { maxLength: 4, truncation: 'none' }).ids).toHaveLength(7);
    expect(() => tokenizer.encode('借', '条', { maxLength: 2 })).toThrow(
      'encode: expected maxLength of at least 3, the special tokens, got 2. Give it more room.',
    );
  });

  it('pads to a length or a multiple on either side', () => {
    const right = tokenizer.encode('借', undefined, { padTo: 5 });
    expect(right.tokens).toEqual(['[CLS]', '借', '[SEP]', '[PAD]', '[PAD]']);
    expect(right.mask).toEqual([1, 1, 1, 0, 0]);
    expect(right.specialTokensMask).toEqual([1, 0, 1, 1, 1]);
    const left = tokenizer.encode('借', undefined, { padToMultipleOf: 4, paddingSide: 'left' });
    expect(left.tokens).toEqual(['[PAD]', '[CLS]', '借', '[SEP]']);
    expect(() => tokenizer.encode('借', undefined, { padTo: 1.5 })).toThrow(RangeError);
  });

  it('leaves the special tokens out if asked to', () => {
    expect(tokenizer.encode('借', '条', { addSpecialTokens: false }).ids).toEqual([id('借'), id('条')]);
  });

  it('makes a word unknown beyond the longest word, counted after accents are gone', () => {
    const short = createTokenizer(new Vocabulary([...Object.values(SPECIAL_TOKENS), 'e', '##e']), { maxWordCharacters: 3 });
    expect(short.tokenize('e\u0301e\u0301e\u0301')).toEqual(['e', '##e', '##e']);
    const { tokens, offsets } = short.encode('eeee e', undefined, { addSpecialTokens: false });
    expect(tokens).toEqual(['[UNK]', 'e']);
    expect(offsets).toEqual([
      [0, 4],
      [5, 6],
    ]);
    for (const maxWordCharacters of [0, 1.5, Number.POSITIVE_INFINITY]) {
      expect(() => createTokenizer(vocabulary, { maxWordCharacters })).toThrow('maxWordCharacters: expected a whole number from 1 up');
    }
  });

  it('shares the slice of a character between the pieces that split it', () => {
    const jamo = createTokenizer(new Vocabulary([...Object.values(SPECIAL_TOKENS), 'aᄀ', '##ᅡ', '##ᆨ']));
    const { tokens, offsets } = jamo.encode('a각', undefined, { addSpecialTokens: false });
    expect(tokens).toEqual(['aᄀ', '##ᅡ', '##ᆨ']);
    expect(offsets).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
  });

  it('stays on its feet on a million characters of one kind', () => {
    for (const character of ['借', 'a', '\u0301', '각', '𠮷', '\uA9C0', 'Σ', '\uD842', ' ', '#']) {
      const long = tokenizer.encode(character.repeat(1_000_000), undefined, { maxLength: 16 });
      expect(long.ids.length).toBeLessThanOrEqual(16);
    }
  });
});

describe('splitCjk and stripAccents', () => {
  it('can be set apart from lowercase', () => {
    const words = createTokenizer(new Vocabulary([...Object.values(SPECIAL_TOKENS), '借条', 'É', 'é', 'E', 'e']), { splitCjk: false });
    expect(words.tokenize('借条 É')).toEqual(['借条', 'e']);
    const keep = createTokenizer(words.vocabulary, { stripAccents: false });
    expect(keep.tokenize('É')).toEqual(['é']);
    const plain = createTokenizer(words.vocabulary, { lowercase: false });
    expect(plain.tokenize('É')).toEqual(['É']);
    expect(createTokenizer(words.vocabulary, { lowercase: false, stripAccents: true }).tokenize('É')).toEqual(['E']);
  });
});

describe('encodeWindows', () => {
  it('covers a long text with windows that share tokens', () => {
    const windows = tokenizer.encodeWindows('借条有效吗', undefined, { maxLength: 5, stride: 1 });
    expect(windows.map(({ tokens }) => tokens.slice(1, -1).join(''))).toEqual(['借条有', '有效吗']);
    expect(windows.map(({ truncated }) => truncated)).toEqual([2, 2]);
    expect(windows[1]?.offsets[1]).toEqual([2, 3]);
  });

  it('keeps the first text whole beside each window of the second', () => {
    const windows = tokenizer.encodeWindows('借条', '没写日期吗', { maxLength: 7 });
    expect(windows.map(({ tokens }) => tokens.join(' '))).toEqual([
      '[CLS] 借 条 [SEP] 没 写 [SEP]',
      '[CLS] 借 条 [SEP] 日 期 [SEP]',
      '[CLS] 借 条 [SEP] 吗 [SEP]',
    ]);
  });

  it('is one window for a text that fits, and refuses a stride without room', () => {
    expect(tokenizer.encodeWindows('', undefined, { maxLength: 5 })).toHaveLength(1);
    expect(() => tokenizer.encodeWindows('借', undefined, { maxLength: 5, stride: 3 })).toThrow(
      'encodeWindows: expected stride to be a whole number from 0 to 2 (maxLength without special tokens, less one), got 3.',
    );
  });
});

describe('encodeBatch', () => {
  it('writes rows of one length, into the caller’s arrays if there are any', () => {
    const into = { ids: new Int32Array(20).fill(9), types: new Int32Array(20).fill(9), mask: new Int32Array(20).fill(9) };
    const batch = tokenizer.encodeBatch(['借', ['条', '有效']], { into });
    expect(batch).toMatchObject({ size: 2, length: 6 });
    expect(batch.ids).toBe(into.ids);
    expect(Array.from(batch.ids.subarray(0, 13))).toEqual([2, id('借'), 3, 0, 0, 0, 2, id('条'), 3, id('有'), id('效'), 3, 9]);
    expect(Array.from(batch.types.subarray(0, 12))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(Array.from(batch.mask.subarray(0, 12))).toEqual([1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    expect(Array.from(batch.lengths)).toEqual([3, 6]);
  });

  it('says which array is too small', () => {
    const into = { ids: new Int32Array(3), types: new Int32Array(2), mask: new Int32Array(3) };
    expect(() => tokenizer.encodeBatch(['借'], { into })).toThrow(
      'encodeBatch: expected into.types to hold 3 numbers, got 2. Give a larger array.',
    );
  });

  it('is empty for no texts', () => {
    expect(tokenizer.encodeBatch([])).toMatchObject({ size: 0, length: 0 });
  });

  it('counts what encode gives', () => {
    expect(tokenizer.count('借条', 'cats')).toBe(7);
    expect(tokenizer.count('借条')).toBe(4);
  });
});

describe('decode', () => {
  it('puts spaces where a reader expects them', () => {
    const english = createTokenizer(
      new Vocabulary([...characterVocabulary(['借条有效吗，。']).tokens, 'cat', '##s', 'un', '##aff', '##able', '(', ')', '.', '-', 'e']),
    );
    const { ids } = english.encode('借条cats有效吗，(unaffable) e-cat.');
    expect(english.decode(ids)).toBe('借条cats有效吗，(unaffable) e-cat.');
    expect(english.decode(ids, { cleanUp: false, skipSpecialTokens: false })).toBe(
      '[CLS] 借 条 cats 有 效 吗 ， ( unaffable ) e - cat . [SEP]',
    );
  });

  it('refuses an id that is not in the vocabulary', () => {
    expect(() => tokenizer.decode([9999])).toThrow(RangeError);
  });
});

describe('added tokens', () => {
  it('get new ids and are found in the text as written, the longest first', () => {
    const added = createTokenizer(vocabulary.addTokens(['[E1]', '借条', '借条有', 'cat']));
    expect(added.vocabulary.id('[E1]')).toBe(vocabulary.size);
    expect(added.tokenize('a[E1]借条有借条 cats CAT')).toEqual(['[UNK]', '[E1]', '借条有', '借条', 'cat', '[UNK]', 'cat']);
    expect(added.encode('[SEP]').tokens).toEqual(['[CLS]', '[', '[UNK]', ']', '[SEP]']);
    expect(() => vocabulary.addTokens([''])).toThrow('expected pieces of at least one character');
  });
});
