import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenizer, SPECIAL_TOKENS, tokenizerFiles, tokenizerFromFiles, Vocabulary, VocabularyError } from '@samequestion/tokenizer';
import { readTokenizer, readVocabulary, writeTokenizer } from '@samequestion/tokenizer/node';
import { describe, expect, it } from 'vitest';

const vocabulary = new Vocabulary([...Object.values(SPECIAL_TOKENS), '借', '条', 'é', 'e', '1', '##1', '__proto__']);

describe('tokenizerFiles', () => {
  it('are read back as they were written, from tokenizer.json and from vocab.txt', () => {
    for (const options of [{}, { lowercase: false }, { stripAccents: false }, { splitCjk: false }]) {
      const tokenizer = createTokenizer(vocabulary, options);
      const files = tokenizerFiles(tokenizer);
      const fromJson = tokenizerFromFiles(files);
      const fromText = tokenizerFromFiles({ 'vocab.txt': files['vocab.txt'], 'tokenizer_config.json': files['tokenizer_config.json'] });
      for (const read of [fromJson, fromText]) {
        expect(read.rules).toEqual(tokenizer.rules);
        expect(read.vocabulary.tokens).toEqual(vocabulary.tokens);
        expect(read.vocabulary.specialIds).toEqual(vocabulary.specialIds);
        expect(read.encode('借条É11', 'e').ids).toEqual(tokenizer.encode('借条É11', 'e').ids);
      }
    }
  });

  it('keep added tokens and other names of special tokens', () => {
    const named = new Vocabulary(['<pad>', '<unk>', '<s>', '</s>', '<mask>', '借'], {
      specialTokens: { padding: '<pad>', unknown: '<unk>', classification: '<s>', separator: '</s>', mask: '<mask>' },
    }).addTokens(['[E1]']);
    const read = tokenizerFromFiles(tokenizerFiles(createTokenizer(named)));
    expect(read.vocabulary.specialTokens).toEqual(named.specialTokens);
    expect(read.vocabulary.addedTokens).toEqual(['[E1]']);
    expect(read.encode('借[E1]').tokens).toEqual(['<s>', '借', '[E1]', '</s>']);
  });

  it('say how long a text the model takes', () => {
    const { 'tokenizer_config.json': config } = tokenizerFiles(createTokenizer(vocabulary), { maxLength: 128 });
    expect(JSON.parse(config)).toMatchObject({ model_max_length: 128, tokenizer_class: 'BertTokenizer', do_lower_case: true });
  });
});

describe('tokenizerFromFiles', () => {
  const written = tokenizerFiles(createTokenizer(vocabulary));
  const changed = (change: (json: { [key: string]: Record<string, unknown> }) => void): { 'tokenizer.json': string } => {
    const json = JSON.parse(written['tokenizer.json']) as { [key: string]: Record<string, unknown> };
    change(json);
    return { 'tokenizer.json': JSON.stringify(json) };
  };

  it('follows null accents to lower case, and lets the caller overrule', () => {
    const files = changed(({ normalizer }) => Object.assign(normalizer ?? {}, { strip_accents: null, lowercase: false }));
    expect(tokenizerFromFiles(files).rules).toMatchObject({ lowercase: false, stripAccents: false });
    expect(tokenizerFromFiles(files, { lowercase: true, stripAccents: true }).rules).toMatchObject({ lowercase: true, stripAccents: true });
  });

  it('refuses what it would read wrongly', () => {
    const cases: readonly (readonly [files: object, message: string])[] = [
      [{}, 'tokenizerFromFiles: expected tokenizer.json or vocab.txt, got neither.'],
      [{ 'tokenizer.json': '{' }, 'tokenizer.json: expected JSON, got text that is none'],
      [{ 'tokenizer.json': '[]' }, 'tokenizer.json: expected a JSON object, got [].'],
      [
        changed((json) => Object.assign(json['model'] ?? {}, { type: 'BPE' })),
        'tokenizer.json: expected a model of type WordPiece, got "BPE".',
      ],
      [
        changed((json) => Object.assign(json['normalizer'] ?? {}, { type: 'NFC' })),
        'expected a normalizer of type BertNormalizer, got "NFC".',
      ],
      [
        changed((json) => Object.assign(json['pre_tokenizer'] ?? {}, { type: 'Split' })),
        'expected a pre_tokenizer of type BertPreTokenizer, got "Split".',
      ],
      [
        changed((json) => Object.assign(json['model'] ?? {}, { continuing_subword_prefix: '@@' })),
        'expected the continuing_subword_prefix "##", got "@@".',
      ],
      [
        changed((json) => Object.assign(json['model'] ?? {}, { vocab: { '[PAD]': 0, '[UNK]': 2 } })),
        'expected one piece with the id 2, got two: [UNK] and [CLS].',
      ],
      [
        changed((json) => Object.assign(json['model']?.['vocab'] ?? {}, { far: 99 })),
        'expected a piece for every id from 0 to 99, got none for 12.',
      ],
    ];
    for (const [files, message] of cases) {
      expect(() => tokenizerFromFiles(files)).toThrow(VocabularyError);
      expect(() => tokenizerFromFiles(files)).toThrow(message);
    }
  });
});

describe('folders', () => {
  it('are written and read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tokenizer-'));
    try {
      const tokenizer = createTokenizer(vocabulary, { lowercase: false });
      await writeTokenizer(join(folder, 'model'), tokenizer);
      expect((await readdir(join(folder, 'model'))).sort()).toEqual([
        'special_tokens_map.json',
        'tokenizer.json',
        'tokenizer_config.json',
        'vocab.txt',
      ]);
      expect((await readTokenizer(join(folder, 'model'))).rules).toEqual(tokenizer.rules);
      expect((await readVocabulary(join(folder, 'model', 'vocab.txt'))).tokens).toEqual(vocabulary.tokens);
      await expect(readTokenizer(folder)).rejects.toThrow(
        'expected tokenizer.json or vocab.txt in the folder, got neither. Check the path.',
      );
      await expect(readVocabulary(join(folder, 'none.txt'))).rejects.toThrow(
        'expected a vocabulary file, got nothing there. Check the path.',
      );
      await writeFile(join(folder, 'gbk.txt'), Buffer.from([0xbd, 0xe8, 0x0a]));
      await expect(readVocabulary(join(folder, 'gbk.txt'))).rejects.toThrow('expected UTF-8, got other bytes. Save the file as UTF-8.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
