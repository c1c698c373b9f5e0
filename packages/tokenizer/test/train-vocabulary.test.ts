import { createTokenizer, SPECIAL_TOKENS, trainVocabulary, VocabularyTrainer, type TrainingProgress } from '@samequestion/tokenizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const SPECIAL = Object.values(SPECIAL_TOKENS);

/** Byte-pair merging told plainly: count all pairs anew for every merge; the earlier symbols win a tie. */
function plainMerges(words: readonly string[], alphabet: readonly string[], size: number, minFrequency: number): string[] {
  const pieces = [...alphabet];
  const split = words.map((word) => Array.from(word, (character, i) => (i === 0 ? character : `##${character}`)));
  while (pieces.length < size) {
    const counts = new Map<string, { left: string; right: string; count: number }>();
    for (const symbols of split) {
      for (let i = 1; i < symbols.length; i++) {
        const [left = '', right = ''] = [symbols[i - 1], symbols[i]];
        const entry = counts.get(`${left} ${right}`) ?? { left, right, count: 0 };
        counts.set(`${left} ${right}`, { left, right, count: entry.count + 1 });
      }
    }
    const rank = (piece: string): number => pieces.indexOf(piece);
    const [best] = [...counts.values()].sort((a, b) => b.count - a.count || rank(a.left) - rank(b.left) || rank(a.right) - rank(b.right));
    if (best === undefined || best.count < minFrequency) break;
    const joined = best.left + best.right.slice(2);
    if (!pieces.includes(joined)) pieces.push(joined);
    for (const symbols of split) {
      for (let i = 0; i + 1 < symbols.length; i++)
        if (symbols[i] === best.left && symbols[i + 1] === best.right) symbols.splice(i, 2, joined);
    }
  }
  return pieces;
}

describe('trainVocabulary', () => {
  it('lists special tokens, characters in code-point order, then pieces as they are learned', async () => {
    const texts = ['low low low lower lowest', '借条 借条', 'newer newer'];
    const vocabulary = await trainVocabulary(texts, { vocabularySize: 33, minFrequency: 2 });
    const learned = 'e l n o r w 借 条 ##e ##l ##n ##o ##r ##w lo low ##er ne ##wer newer';
    expect(vocabulary.tokens).toEqual([...SPECIAL, ...learned.split(' ')]);
  });

  it('joins the same pairs as counting anew for every merge', () => {
    const word = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 8 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 3 }), (words, minFrequency) => {
        const trainer = new VocabularyTrainer({ vocabularySize: 60, minFrequency, minCharacterFrequency: 1 });
        trainer.add(words.join(' '));
        const { tokens } = trainer.finish();
        const alphabet = tokens.filter((token) => SPECIAL.includes(token) || token.replace('##', '').length === 1);
        expect(tokens).toEqual(plainMerges(words, alphabet, 60, minFrequency));
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('gives the same vocabulary for the same texts, from a stream as from a list', async () => {
    const texts = ['2019年11月14日', 'COVID-19 covid', '借条2019'];
    async function* stream(): AsyncGenerator<string> {
      yield* texts;
    }
    const options = { vocabularySize: 60, minFrequency: 1, minCharacterFrequency: 1 };
    const [list, streamed] = [await trainVocabulary(texts, options), await trainVocabulary(stream(), options)];
    expect(streamed.tokens).toEqual(list.tokens);
    expect(createTokenizer(list).tokenize('2019 covid')).toEqual(['2019', 'covid']);
  });

  it('leaves out rare characters, keeps the required ones, and stops at the limit of the alphabet', async () => {
    const texts = ['借借借条条有', 'aaab'];
    const pieces = async (options: object): Promise<string> =>
      (await trainVocabulary(texts, { vocabularySize: 40, minFrequency: 99, ...options })).tokens.slice(5).join(' ');
    expect(await pieces({})).toBe('a 借 条 ##a');
    expect(await pieces({ minCharacterFrequency: 1 })).toBe('a b 借 有 条 ##a ##b');
    expect(await pieces({ alphabet: '有效' })).toBe('a 借 效 有 条 ##a');
    expect(await pieces({ alphabetLimit: 2 })).toBe('a 借 ##a');
    expect(await pieces({ vocabularySize: 7 })).toBe('a ##a');
  });

  it('forgets the rarest words where there are too many, and says so', async () => {
    const events: TrainingProgress[] = [];
    const texts = Array.from({ length: 300 }, (_, i) => `common w${i} common`);
    const vocabulary = await trainVocabulary(texts, {
      vocabularySize: 80,
      minFrequency: 50,
      maxWords: 50,
      onProgress: (event) => events.push(event),
    });
    expect(vocabulary.has('common')).toBe(true);
    const [last] = events.slice(-1);
    expect(last?.stage === 'done' && last.droppedWords > 0 && last.pieces === vocabulary.size).toBe(true);
  });

  it('tells how far it is', async () => {
    const events: TrainingProgress[] = [];
    await trainVocabulary(['借'.repeat(2_000_000)], { vocabularySize: 10, onProgress: (event) => events.push(event) });
    expect(events).toEqual([
      { stage: 'reading', texts: 1, units: 2_000_000, words: 0 },
      { stage: 'done', pieces: 6, characters: 1, droppedWords: 0 },
    ]);
  });

  it('refuses sizes that make no sense', async () => {
    await expect(trainVocabulary([], { vocabularySize: 5 })).rejects.toThrow(
      'trainVocabulary: expected vocabularySize to be a whole number from 6 up, got 5.',
    );
    await expect(trainVocabulary([], { vocabularySize: 50, minFrequency: 0 })).rejects.toThrow(RangeError);
  });
});
