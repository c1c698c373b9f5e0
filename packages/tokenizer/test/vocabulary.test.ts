import { characterVocabulary, SPECIAL_TOKENS, Vocabulary, VocabularyError } from '@samequestion/tokenizer';
import { describe, expect, it } from 'vitest';

const SPECIAL = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n';

function errorOf(make: () => unknown): VocabularyError {
  try {
    make();
  } catch (error) {
    if (error instanceof VocabularyError) return error;
    throw error;
  }
  throw new Error('expected a VocabularyError, got none');
}

describe('Vocabulary', () => {
  it('finds ids by piece and pieces by id', () => {
    const vocabulary = Vocabulary.fromText(`${SPECIAL}借\n##条\n`);
    expect(vocabulary.size).toBe(7);
    expect(vocabulary.id('##条')).toBe(6);
    expect(vocabulary.token(5)).toBe('借');
    expect([vocabulary.id('条'), vocabulary.token(7), vocabulary.has('借')]).toEqual([undefined, undefined, true]);
    expect(vocabulary.specialIds).toEqual({ padding: 0, unknown: 1, classification: 2, separator: 3, mask: 4 });
    expect([vocabulary.isSpecial(4), vocabulary.isSpecial(5)]).toEqual([true, false]);
  });

  it('reads CRLF, a byte order mark, white space around pieces and a last line without an end', () => {
    const vocabulary = Vocabulary.fromText(`\uFEFF${SPECIAL.replaceAll('\n', '\r\n')}  借\u3000\r\n\u3000\r\n条`);
    expect(vocabulary.tokens.slice(5)).toEqual(['借', '\u3000', '条']);
  });

  it('writes what it reads', () => {
    const text = `${SPECIAL}借\n##条\n`;
    expect(Vocabulary.fromText(text).toText()).toBe(text);
  });

  it('names the line of an empty line and of a repeated piece', () => {
    const empty = errorOf(() => Vocabulary.fromText(`${SPECIAL}\n借\n`, { source: 'my.txt' }));
    expect(empty.message).toBe('my.txt: line 6: expected a piece, got an empty line. Remove it: an id is a line number.');
    expect([empty.source, empty.line]).toEqual(['my.txt', 6]);
    const repeated = errorOf(() => Vocabulary.fromText(`${SPECIAL}借\n借\n`));
    expect(repeated.message).toBe('vocab.txt: line 7: expected each piece once, got "借" again (first on line 6). Remove one.');
  });

  it('names the special pieces that are missing', () => {
    expect(errorOf(() => Vocabulary.fromText('[PAD]\n[UNK]\nhello\n')).message).toBe(
      'vocab.txt: expected [PAD], [UNK], [CLS], [SEP], [MASK] among the pieces, got 3 pieces without [CLS], [SEP], [MASK]. Is it the vocab.txt of a BERT model?',
    );
    const named = new Vocabulary(['<pad>', '[UNK]', '<s>', '</s>', '[MASK]'], {
      specialTokens: { padding: '<pad>', classification: '<s>', separator: '</s>' },
    });
    expect(named.specialIds.separator).toBe(3);
  });

  it('adds pieces at the end and leaves itself as it was', () => {
    const vocabulary = Vocabulary.fromText(SPECIAL);
    const more = vocabulary.addTokens(['新', '[MASK]', '新']);
    expect([vocabulary.size, more.size, more.id('新'), more.modelSize]).toEqual([5, 6, 5, 5]);
    expect(more.addedTokens).toEqual(['新', '[MASK]']);
    expect(more.addTokens(['新'])).toBe(more);
  });
});

describe('characterVocabulary', () => {
  it('has the special tokens and each normalised character, plain and with ##, in code-point order', () => {
    expect(characterVocabulary(['条B', '𠮷 借b', 'É\uD800']).tokens).toEqual([
      ...Object.values(SPECIAL_TOKENS),
      ...'b ##b e ##e 借 ##借 条 ##条 𠮷 ##𠮷'.split(' '),
    ]);
    expect(characterVocabulary(['É'], { lowercase: false }).tokens.slice(5)).toEqual(['É', '##É']);
  });
});
