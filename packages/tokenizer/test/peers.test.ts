// Other libraries reading the folder that this package writes: the same ids, but where they are known to differ.
// Versions: @xenova/transformers 2.17.2, @huggingface/transformers 4.3.0, @huggingface/tokenizers 0.2.0, tokenizers (Rust) 0.23.2.
import { characterVocabulary, createTokenizer, tokenizerFiles, Vocabulary } from '@samequestion/tokenizer';
import { describe, expect, it } from 'vitest';
import { installedPeers } from '../bench/peers.ts';
import { realQuestions } from '../bench/questions.ts';

const JAVASCRIPT = ['@xenova/transformers', '@huggingface/transformers', '@huggingface/tokenizers'];
const ALL = [...JAVASCRIPT, 'tokenizers (Rust)'];

interface Difference {
  readonly text: string;
  readonly reason: string;
  /** Pieces by library; whoever is not named gives ours. */
  readonly theirs: Readonly<Record<string, string>>;
}

const each = (names: readonly string[], pieces: string): Record<string, string> => Object.fromEntries(names.map((name) => [name, pieces]));

const DIFFERENCES: readonly Difference[] = [
  { text: 'a𠮷b', reason: 'they test UTF-16 units, so CJK beyond the BMP is not split off', theirs: each(JAVASCRIPT, 'a ##𠮷 ##b') },
  {
    text: 'a\u{2B825}b',
    reason: 'as above; the Rust table begins that block at U+2B920 rather than U+2B820',
    theirs: each(ALL, 'a ##\u{2B825} ##b'),
  },
  { text: 'a\u0591b', reason: 'it strips the marks from U+0300 to U+036F only', theirs: { '@xenova/transformers': '[UNK]' } },
  {
    text: 'a\u1ACDb',
    reason: 'as above; the Rust tables are older than this mark of Unicode 14',
    theirs: { '@xenova/transformers': '[UNK]', 'tokenizers (Rust)': '[UNK]' },
  },
  {
    text: 'a\u061Db',
    reason: 'the Rust tables are older than this punctuation of Unicode 14',
    theirs: { 'tokenizers (Rust)': 'a ##\u061D ##b' },
  },
  { text: 'a\uE000b', reason: 'they drop private-use characters as if they were controls', theirs: each(ALL, 'a ##b') },
  { text: 'ΟΔΟΣ', reason: 'it lowers character by character and knows no final sigma', theirs: { 'tokenizers (Rust)': '[UNK]' } },
  { text: 'a\uD800b', reason: 'they drop lone surrogates', theirs: each(ALL, 'a ##b') },
  { text: 'a[SEP]b', reason: 'special tokens in a text become the real ones', theirs: each(ALL, 'a [SEP] b') },
  { text: 'a[MASK]b', reason: 'special tokens in a text become the real ones', theirs: each(ALL, 'a [MASK] b') },
];

const AGREED = [
  '借条 A-b',
  '각',
  'a\u302E\uA9C0b',
  'a\u2028b',
  'a\u0085b',
  'İb',
  'ẞa',
  '\u212A',
  'a≠b',
  'a\uFFFDb',
  'é',
  'ǅ',
  'a'.repeat(150),
];

const texts = [...DIFFERENCES.map(({ text }) => text), ...AGREED];
// Without the small final sigma's other form, so that a wrong sigma is seen.
const characters = characterVocabulary([...texts, ...texts.map((text) => text.normalize('NFD')), 'mask']);
const tokenizer = createTokenizer(new Vocabulary(characters.tokens.filter((token) => !token.includes('σ'))));
const peers = await installedPeers(tokenizerFiles(tokenizer));

describe.skipIf(peers.length === 0)('the files that are written (skipped unless bench/peers is installed)', () => {
  describe.each(peers.map((peer) => [peer.name, peer] as const))('%s', (name, peer) => {
    const pieces = (ids: readonly number[]): string =>
      ids
        .slice(1, -1)
        .map((id) => tokenizer.vocabulary.tokens[id])
        .join(' ');

    it('gives the same ids where nothing is known to differ', async () => {
      for (const text of AGREED) expect(pieces((await peer.encode(text)).ids)).toBe(tokenizer.tokenize(text).join(' '));
    });

    it.each(DIFFERENCES.map((difference) => [JSON.stringify(difference.text), difference] as const))(
      'differs on %s as the README says',
      async (_, { text, theirs }) => {
        const ours = tokenizer.tokenize(text).join(' ');
        expect(pieces((await peer.encode(text)).ids)).toBe(theirs[name] ?? ours);
        expect(theirs[name]).not.toBe(ours);
      },
    );

    const real = realQuestions();
    it.skipIf(real === undefined)('gives the same ids and types on real pairs (skipped where ../shared is absent)', async () => {
      const chinese = createTokenizer(Vocabulary.fromText(real?.vocabulary ?? ''));
      const [same] = await installedPeers(tokenizerFiles(chinese), [name.replace(' (Rust)', '')]);
      for (const [left, right] of (real?.pairs ?? []).slice(0, 500)) {
        const { ids, types } = chinese.encode(left, right);
        expect(await same?.encode(left, right)).toEqual({ ids, types });
      }
    });
  });
});
