import {
  BasicTokenizer,
  characterVocabulary,
  createTokenizer,
  SPECIAL_TOKENS,
  Vocabulary,
  type TokenizerOptions,
} from '@samequestion/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hardText } from './arbitraries.ts';
import { greedyPieces } from './reference-word-piece.ts';

const RUNS = 50_000;
const characters = characterVocabulary(['abcxyz0123.,[]()中国借条𠮷eacoδσς각국뼈 a\u302E\uA9C0 \u{1D158}\u{1D165} a≠ ß i']);
const vocabulary = new Vocabulary([
  ...characters.tokens.filter((token) => token !== '##z' && token !== '3'),
  ...'ab ##bc abc ##ca abca bcab ##01 12 ##ab ##abc ##ὀ'.split(' '),
]);

const VARIANTS: readonly (readonly [name: string, options: TokenizerOptions])[] = [
  ['uncased', {}],
  ['cased', { lowercase: false }],
];

/** Sigma's small form depends on what stands beside a slice. */
const sameSigma = (text: string): string => text.replaceAll('ς', 'σ');

describe.each(VARIANTS)('%s', (_, options) => {
  const tokenizer = createTokenizer(vocabulary, options);
  const basic = new BasicTokenizer(options);

  it('splits words as the plain longest-match-first loop does', () => {
    fc.assert(
      fc.property(hardText, (text) => {
        // Two lone halves of a pair that only a dropped character parts are two characters, but no string of words can say so.
        fc.pre(!/[\uDC00-\uDFFF]/u.test(text));
        const expected = basic.words(text).flatMap((word) => greedyPieces(word, vocabulary));
        expect(tokenizer.tokenize(text)).toEqual(expected);
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });

  it('gives each piece the slice that normalises to it, [UNK] its word, and shares slices only where one character was split', () => {
    fc.assert(
      fc.property(hardText, (text) => {
        const { tokens, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false });
        const words = basic.words(text);
        let word = 0;
        let left = words[0] ?? '';
        let lastEnd = 0;
        for (let token = 0; token < tokens.length;) {
          const [start, end] = offsets[token] ?? [0, 0];
          expect(start).toBeGreaterThanOrEqual(lastEnd);
          expect(end).toBeGreaterThan(start);
          let group = token + 1;
          while (group < tokens.length && offsets[group]?.[0] === start && offsets[group]?.[1] === end) group++;
          const own = tokens.slice(token, group);
          const expected =
            own.length === 1 && own[0] === SPECIAL_TOKENS.unknown ? left : own.map((piece) => piece.replace(/^##(?=.)/su, '')).join('');
          expect(sameSigma(basic.words(text.slice(start, end)).join(''))).toBe(sameSigma(expected));
          expect(left.startsWith(expected)).toBe(true);
          left = left.slice(expected.length);
          if (left === '') left = words[++word] ?? '';
          lastEnd = end;
          token = group;
        }
        expect(word).toBe(words.length);
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });
});

describe('any string', () => {
  const tokenizer = createTokenizer(vocabulary);

  it('is encoded without an error, UTF-16 units in any order, special tokens in the text or not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), fc.boolean(), (units, specialTokensInText) => {
        const text = String.fromCharCode(...units);
        const { ids, offsets } = tokenizer.encode(text, text, { specialTokensInText });
        expect(ids.every((id) => id >= 0 && id < vocabulary.size)).toBe(true);
        expect(offsets.every(([start, end]) => start <= end && end <= text.length)).toBe(true);
      }),
      { numRuns: 5000, seed: 3 },
    );
  });

  it('gives a batch the ids that single calls give, whatever the padding', () => {
    const options = fc.record({
      maxLength: fc.integer({ min: 3, max: 20 }),
      padToMultipleOf: fc.constantFrom(1, 8),
      paddingSide: fc.constantFrom('left' as const, 'right' as const),
      truncation: fc.constantFrom('longest_first' as const, 'only_first' as const, 'only_second' as const),
    });
    const input = fc.oneof(hardText, fc.tuple(hardText, hardText));
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 4 }), options, (inputs, given) => {
        const batch = tokenizer.encodeBatch(inputs, given);
        for (const [row, texts] of inputs.entries()) {
          const [left, right] = typeof texts === 'string' ? [texts, undefined] : texts;
          const one = tokenizer.encode(left, right, { ...given, padTo: batch.length });
          const range = [row * batch.length, (row + 1) * batch.length] as const;
          expect(Array.from(batch.ids.slice(...range))).toEqual(one.ids);
          expect(Array.from(batch.types.slice(...range))).toEqual(one.types);
          expect(Array.from(batch.mask.slice(...range))).toEqual(one.mask);
          expect(batch.truncated[row]).toBe(one.truncated);
          expect(batch.lengths[row]).toBe(one.mask.reduce((sum, bit) => sum + bit, 0));
        }
      }),
      { numRuns: 2000, seed: 4 },
    );
  });
});
