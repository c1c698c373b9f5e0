import { describe, expect, test } from 'vitest';
import { builtInThesaurus, LexiconError, readCilin, readWordNet, Source, synonyms, thesaurusFrom } from '@samequestion/augment';
import { readShared, defaultTools } from './shared.ts';

describe('the built-in thesaurus', () => {
  test('has at least 2,500 groups, each with a domain, a part of speech and two words', () => {
    const { groups } = builtInThesaurus();
    expect(groups.length).toBeGreaterThanOrEqual(2500);
    for (const { domain, partOfSpeech, words } of groups) {
      expect(domain).toMatch(/^[a-z]+$/);
      expect(partOfSpeech).toMatch(/^[a-z]$/);
      expect(new Set(words).size).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('a word of several senses', () => {
  const thesaurus = thesaurusFrom([
    { domain: 'banking', partOfSpeech: 'v', words: ['打款', '汇款'] },
    { domain: 'banking', partOfSpeech: 'n', words: ['账户', '户头'] },
    { domain: 'family', partOfSpeech: 'v', words: ['打款', '给钱'] },
    { domain: 'general', partOfSpeech: 'r', words: ['怎么', '如何'] },
  ]);

  test('has the sense whose domain the text shares', () => {
    expect(thesaurus.synonyms('打款', thesaurus.domainsIn('怎么打款到账户'))).toEqual(['汇款']);
  });

  test('has no synonym where the text does not tell', () => {
    expect(thesaurus.synonyms('打款', thesaurus.domainsIn('怎么打款'))).toEqual([]);
    expect(thesaurus.synonyms('怎么', thesaurus.domainsIn('怎么打款'))).toEqual(['如何']);
  });

  test('is what the operation on synonyms goes by', async () => {
    const source = new Source('怎么打款到账户', await defaultTools());
    const made = synonyms({ thesaurus })
      .propose(source)
      .flatMap(({ choices }) => choices);
    expect(made).toEqual(['如何', '汇款', '户头']);
  });
});

describe('loaders', () => {
  test('Cilin: groups of the same meaning only', () => {
    expect(readCilin('Aa01A02= 人类 生人 全人类\r\nAa01A10# 男人 女人\nAa01A11@ 独自\n')).toEqual([
      { domain: 'A', partOfSpeech: '', words: ['人类', '生人', '全人类'] },
    ]);
    expect(() => readCilin('人类 生人')).toThrow(LexiconError);
  });

  test('Open Multilingual WordNet: synsets of two or more words', () => {
    const text =
      '# Chinese\tcmn\n02131777-v\tcmn:lemma\t看\n02131777-v\tcmn:lemma\t瞧+见\n00001740-n\tcmn:lemma\t实体\n00001740-n\tcmn:def\t0\t定义\n';
    expect(readWordNet(text)).toEqual([{ domain: '02131777-v', partOfSpeech: 'v', words: ['看', '瞧见'] }]);
    expect(() => readWordNet('02131777-v 看')).toThrow(/line 1: expected "synset TAB kind TAB word"/);
  });

  const cilin = readShared('data/lexicons/cilin/cilin.txt');
  const wordNet = readShared('data/lexicons/cow_wordnet/wn-data-cmn.tab');
  if (cilin === undefined || wordNet === undefined)
    console.log('thesaurus: ../shared/data/lexicons is absent; the full lists are not read.');
  test.skipIf(cilin === undefined || wordNet === undefined)('the full lists are read and give synonyms', async () => {
    const tools = await defaultTools();
    for (const [groups, least] of [
      [readCilin(cilin ?? ''), 9000],
      [readWordNet(wordNet ?? ''), 10_000],
    ] as const) {
      expect(groups.length).toBeGreaterThan(least);
      const own = synonyms({ thesaurus: thesaurusFrom(groups) });
      const proposed = ['孩子的抚养费由谁支付', '医生开错药要赔偿吗', '邻居半夜吵闹怎么投诉'].flatMap((text) =>
        own.propose(new Source(text, tools)),
      );
      expect(proposed.length).toBeGreaterThan(0);
    }
  });
});
