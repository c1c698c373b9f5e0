// Reference: google-research/bert tokenization.py at eedf571 on CPython 3.11.7 (Unicode 14.0.0), vocabulary of bert-base-chinese.
import { createHash } from 'node:crypto';
import { BasicTokenizer, createTokenizer, Vocabulary } from '@samequestion/tokenizer';
import { describe, expect, it } from 'vitest';
import { sharedLines, sharedText } from './shared.ts';

type CodePointCase = readonly [codePoint: number, uncased: readonly string[], cased: readonly string[]];
interface StringCase {
  readonly text: string;
  readonly uncased: readonly string[];
  readonly uncasedIds: readonly number[];
  readonly cased: readonly string[];
  readonly casedIds: readonly number[];
}
interface PairCase {
  readonly left: string;
  readonly right: string;
  readonly maxLength: number;
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

const vocabularyText = sharedText('data/bert_vocab/vocab.txt');
const codePoints = sharedLines<CodePointCase>('golden/tokenizer/code-points.jsonl.gz');
const strings = sharedLines<StringCase>('golden/tokenizer/strings.jsonl.gz');
const pairs = sharedLines<PairCase>('golden/tokenizer/pairs.jsonl.gz');
const digest = sharedText('golden/tokenizer/dev_set.digest.json');
const rows = sharedText('data/diac2019/dev_set.csv');

describe.skipIf(vocabularyText === undefined)('the reference’s output (skipped where ../shared is absent)', () => {
  const vocabulary = Vocabulary.fromText(vocabularyText ?? '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n');
  const uncased = createTokenizer(vocabulary);
  const cased = createTokenizer(vocabulary, { lowercase: false });

  it.skipIf(codePoints === undefined)('is met on every assigned code point', () => {
    const basic = { uncased: new BasicTokenizer(), cased: new BasicTokenizer({ lowercase: false }) };
    const listed = codePoints ?? [];
    expect(listed.length).toBeGreaterThan(280_000);
    const wrong = listed.filter(([codePoint, lower, plain]) => {
      const character = String.fromCodePoint(codePoint);
      const text = `a${character}b中${character}国`;
      return !same(basic.uncased.words(text), lower) || !same(basic.cased.words(text), plain);
    });
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it.skipIf(strings === undefined)('is met on difficult strings', () => {
    for (const { text, ...expected } of strings ?? []) {
      const options = { addSpecialTokens: false };
      const small = uncased.encode(text, undefined, options);
      const large = cased.encode(text, undefined, options);
      expect({ text, uncased: small.tokens, uncasedIds: small.ids, cased: large.tokens, casedIds: large.ids }).toEqual({
        text,
        ...expected,
      });
      expect(uncased.tokenize(text)).toEqual(expected.uncased);
    }
  });

  it.skipIf(pairs === undefined)('is met on pairs cut to a length', () => {
    for (const { left, right, maxLength, ids, types } of pairs ?? []) {
      const one = uncased.encode(left, right, { maxLength });
      expect({ ids: one.ids, types: one.types }).toEqual({ ids, types });
      const batch = uncased.encodeBatch([[left, right]], { maxLength, padTo: maxLength });
      expect(Array.from(batch.ids.subarray(0, ids.length))).toEqual(ids);
      expect(Array.from(batch.types.subarray(0, ids.length))).toEqual(types);
    }
  });

  it.skipIf(digest === undefined || rows === undefined)('is met on the whole test file', () => {
    const expected = JSON.parse(digest ?? '{}') as { readonly tokens: number; readonly sha256: string };
    const hash = createHash('sha256');
    let tokens = 0;
    for (const row of (rows ?? '').trimEnd().split('\r\n').slice(1)) {
      const [, left = '', right = ''] = row.split('\t');
      const { ids } = uncased.encode(left, right);
      tokens += ids.length;
      hash.update(`${ids.join(' ')}\n`);
    }
    expect({ tokens, sha256: hash.digest('hex') }).toEqual({ tokens: expected.tokens, sha256: expected.sha256 });
  });
});

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((word, i) => word === right[i]);
}
