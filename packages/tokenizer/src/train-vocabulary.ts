import { CorpusCounter } from './corpus-counter.ts';
import { PairMerger } from './pair-merger.ts';
import { CONTINUATION } from './piece-trie.ts';
import { tokenizerRules, type TokenizerOptions } from './tokenizer-options.ts';
import { SPECIAL_TOKENS, Vocabulary, type SpecialTokens } from './vocabulary.ts';

/** What a vocabulary is trained to be. */
export interface TrainingOptions extends TokenizerOptions {
  /** Pieces at most, special tokens counted. */
  readonly vocabularySize: number;
  /** Pieces of several characters must stand this often in the texts; 10 by default. */
  readonly minFrequency?: number;
  /** Characters must stand this often in the texts; 2 by default. */
  readonly minCharacterFrequency?: number;
  /** Characters at most, the most frequent ones; no limit but the vocabulary's by default. */
  readonly alphabetLimit?: number;
  /** Characters that are in the vocabulary however rare they are. */
  readonly alphabet?: Iterable<string>;
  /** Other names for the special tokens. */
  readonly specialTokens?: Partial<SpecialTokens>;
  /** How many different words are remembered; beyond it the rarest are forgotten. 500,000 by default, some 100 MB. */
  readonly maxWords?: number;
  /** Hears how far the training is. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** How far the training is. */
export type TrainingProgress =
  | { readonly stage: 'reading'; readonly texts: number; readonly units: number; readonly words: number }
  | { readonly stage: 'merging'; readonly pieces: number; readonly vocabularySize: number }
  | { readonly stage: 'done'; readonly pieces: number; readonly characters: number; readonly droppedWords: number };

/** UTF-16 units between two events of reading. */
const REPORT_EVERY = 2_000_000;
const MERGES_PER_REPORT = 500;

/**
 * Learns a WordPiece vocabulary from a stream of texts, read once: first the characters, then the most frequent joins of pieces within
 * words, until the vocabulary is full or no join is frequent enough. The same texts in the same order give the same vocabulary.
 *
 * Where CJK characters are words of their own (BERT's rule) nothing joins them: such a vocabulary is its characters and pieces of
 * Latin words and numbers. Characters come first for that reason.
 *
 * @throws {RangeError} If an option is no whole number in its range.
 */
export async function trainVocabulary(texts: Iterable<string> | AsyncIterable<string>, options: TrainingOptions): Promise<Vocabulary> {
  const trainer = new VocabularyTrainer(options);
  for await (const text of texts) trainer.add(text);
  return trainer.finish();
}

/** {@link trainVocabulary} for callers that hand over the texts one by one. */
export class VocabularyTrainer {
  readonly #options: TrainingOptions;
  readonly #counter: CorpusCounter;
  #reported = 0;

  /** @throws {RangeError} If an option is no whole number in its range. */
  constructor(options: TrainingOptions) {
    const { maxWordCharacters } = tokenizerRules(options);
    const { vocabularySize, minFrequency = 10, minCharacterFrequency = 2, alphabetLimit, maxWords = 500_000 } = options;
    checkWhole('vocabularySize', vocabularySize, Object.keys(SPECIAL_TOKENS).length + 1);
    checkWhole('minFrequency', minFrequency, 1);
    checkWhole('minCharacterFrequency', minCharacterFrequency, 1);
    checkWhole('alphabetLimit', alphabetLimit ?? 1, 1);
    checkWhole('maxWords', maxWords, 2);
    this.#options = options;
    this.#counter = new CorpusCounter(options, maxWords, maxWordCharacters);
  }

  /** Reads one text. */
  add(text: string): void {
    const counter = this.#counter;
    counter.add(text);
    if (counter.units - this.#reported < REPORT_EVERY) return;
    this.#reported = counter.units;
    this.#options.onProgress?.({ stage: 'reading', texts: counter.texts, units: counter.units, words: counter.words.size });
  }

  /** The vocabulary of what was read. */
  finish(): Vocabulary {
    const { vocabularySize, minFrequency = 10, onProgress, specialTokens = {} } = this.#options;
    const names = { ...SPECIAL_TOKENS, ...specialTokens };
    const pieces = new PieceList(Object.values(names));
    const characters = this.#chooseCharacters(vocabularySize - pieces.size);
    for (const character of characters.plain) pieces.add(character);
    for (const character of characters.continuing) pieces.add(CONTINUATION + character);
    const merger = this.#merger(pieces);
    for (let best = merger.best(); best !== undefined && pieces.size < vocabularySize; best = merger.best()) {
      if (best.count < minFrequency) break;
      merger.merge(best, pieces.add(pieces.text(best.left) + pieces.text(best.right).slice(CONTINUATION.length)));
      if (pieces.size % MERGES_PER_REPORT === 0) onProgress?.({ stage: 'merging', pieces: pieces.size, vocabularySize });
    }
    onProgress?.({
      stage: 'done',
      pieces: pieces.size,
      characters: characters.plain.length,
      droppedWords: this.#counter.dropped,
    });
    return new Vocabulary(pieces.texts, { specialTokens: names });
  }

  /** The characters to have, most frequent first while there is room; in code-point order. Those seen in longer words also with `##`. */
  #chooseCharacters(room: number): { readonly plain: readonly string[]; readonly continuing: readonly string[] } {
    const { minCharacterFrequency = 2, alphabetLimit = Number.POSITIVE_INFINITY, alphabet = [] } = this.#options;
    const { initial, continuing } = this.#counter;
    const inWords = this.#charactersOfWords();
    const required = new Set(Array.from(alphabet, (character) => character.codePointAt(0) ?? 0));
    const count = (codePoint: number): number =>
      required.has(codePoint) ? Number.POSITIVE_INFINITY : initial.get(codePoint) + continuing.get(codePoint);
    const candidates = [...new Set([...initial.codePoints(), ...continuing.codePoints(), ...required])].filter(
      (codePoint) => count(codePoint) >= minCharacterFrequency && !(codePoint >= 0xd800 && codePoint <= 0xdfff),
    );
    candidates.sort((a, b) => (count(a) === count(b) ? a - b : count(b) - count(a)));
    const chosen: number[] = [];
    let used = 0;
    for (const codePoint of candidates) {
      used += inWords.has(codePoint) ? 2 : 1;
      if (used > room || chosen.length >= alphabetLimit) break;
      chosen.push(codePoint);
    }
    chosen.sort((a, b) => a - b);
    return {
      plain: chosen.map((codePoint) => String.fromCodePoint(codePoint)),
      continuing: chosen.filter((codePoint) => inWords.has(codePoint)).map((codePoint) => String.fromCodePoint(codePoint)),
    };
  }

  #charactersOfWords(): Set<number> {
    const found = new Set(this.#counter.continuing.codePoints());
    for (const word of this.#counter.words.keys()) found.add(word.codePointAt(0) ?? 0);
    return found;
  }

  /** The words whose characters are all in the vocabulary; others are unknown whatever is joined. */
  #merger(pieces: PieceList): PairMerger {
    const merger = new PairMerger();
    for (const [word, count] of this.#counter.words) {
      const symbols = Array.from(word, (character, i) => pieces.id(i === 0 ? character : CONTINUATION + character));
      if (!symbols.includes(undefined)) merger.add(symbols as number[], count);
    }
    merger.start();
    return merger;
  }
}

/** Pieces in the order in which they came, each once. */
class PieceList {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(texts: readonly string[]) {
    for (const text of texts) this.add(text);
  }

  get size(): number {
    return this.texts.length;
  }

  id(text: string): number | undefined {
    return this.#ids.get(text);
  }

  text(id: number): string {
    return this.texts[id] ?? '';
  }

  /** @returns The piece's id, an old one if it is known. */
  add(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    this.#ids.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`trainVocabulary: expected ${name} to be a whole number from ${least} up, got ${value}.`);
}
