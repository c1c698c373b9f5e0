import { compareHashes, hashText, uniform } from './hash.ts';
import { DisjointSets } from './disjoint-sets.ts';
import { normalForm } from './normal-form.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** Negative pairs across groups. */
export interface ExtraNegativesOptions {
  /** `random`: any question of another component; `hard`: the nearest ones by character bigrams. */
  readonly kind: 'random' | 'hard';
  /** How many for each group with an equivalent question; fewer where the corpus has no more. */
  readonly perGroup: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Pairs equivalents of each group with questions of other components, label 0. Never within a component, never with a text that only
 * differs in punctuation, width or case. Draw them after splitting, from the groups of one part: pairs across components join them.
 *
 * A hard negative may be a true match that nobody noted: look at some before training on many.
 *
 * @throws {RangeError} If `perGroup` is not a positive integer.
 */
export function* extraNegatives(groups: Iterable<QuestionGroup>, options: ExtraNegativesOptions): Generator<Pair> {
  const list = [...groups];
  const source = new NegativeSource(list, options);
  for (const group of list) yield* source.negativesOf(group);
}

/** The questions of all groups, their components, and for `hard` an index of their bigrams. */
export class NegativeSource {
  readonly #options: ExtraNegativesOptions;
  readonly #questions: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #components = new DisjointSets();
  readonly #bigrams: BigramIndex | undefined;

  constructor(groups: readonly QuestionGroup[], options: ExtraNegativesOptions) {
    const { kind, perGroup } = options;
    if (!Number.isInteger(perGroup) || perGroup < 1)
      throw new RangeError(`extraNegatives: perGroup: expected a positive integer, got ${perGroup}`);
    if (kind !== 'random' && kind !== 'hard')
      throw new RangeError(`extraNegatives: kind: expected "random" or "hard", got "${String(kind)}"`);
    this.#options = options;
    this.#questions = orderedQuestions(groups);
    this.#numbers = new Map(this.#questions.map((question, number) => [question, number]));
    this.#components.grow(this.#questions.length);
    for (const { equivalents, nonEquivalents } of groups) {
      const numbers = [...equivalents, ...nonEquivalents].map((question) => this.#numbers.get(question) ?? 0);
      for (const number of numbers) this.#components.union(number, numbers[0] ?? 0);
    }
    this.#bigrams = kind === 'hard' ? new BigramIndex(this.#questions) : undefined;
  }

  *negativesOf({ id, equivalents }: QuestionGroup): Generator<Pair> {
    const anchors = [...new Set(equivalents)];
    const used = new Set<string>();
    let left = anchors.length === 0 ? 0 : this.#options.perGroup;
    for (let round = 0; left > 0 && round < this.#options.perGroup; round += 1) {
      const before = left;
      for (const question1 of anchors) {
        const question2 = left > 0 ? this.#other(question1, round, used) : undefined;
        if (question2 === undefined) continue;
        used.add(question2);
        left -= 1;
        yield { question1, question2, label: 0, group: id };
      }
      if (left === before) return;
    }
  }

  /** A question for the anchor that its group has not used yet. */
  #other(anchor: string, round: number, used: ReadonlySet<string>): string | undefined {
    const component = this.#components.find(this.#numbers.get(anchor) ?? 0);
    const form = normalForm(anchor);
    const fits = (number: number): boolean => {
      const question = this.#questions[number] ?? '';
      return this.#components.find(number) !== component && !used.has(question) && normalForm(question) !== form;
    };
    if (this.#bigrams !== undefined) return this.#questions[this.#bigrams.nearest(anchor, fits) ?? -1];
    for (const number of this.#random(anchor, round)) if (fits(number)) return this.#questions[number];
    return undefined;
  }

  /** All questions, begun at a drawn place after a few single draws, so that one is found if there is one. */
  *#random(anchor: string, round: number): Generator<number> {
    const count = this.#questions.length;
    const { high, low } = hashText(anchor);
    const seed = (this.#options.seed ?? 0) ^ high ^ Math.imul(low, round + 1);
    for (let draw = 0; draw < 20; draw += 1) yield Math.floor(uniform(seed, draw) * count);
    const start = Math.floor(uniform(seed, 20) * count);
    for (let step = 0; step < count; step += 1) yield (start + step) % count;
  }
}

/** Different questions in an order that does not depend on that of the groups. */
function orderedQuestions(groups: readonly QuestionGroup[]): readonly string[] {
  const questions = new Set(groups.flatMap(({ equivalents, nonEquivalents }) => [...equivalents, ...nonEquivalents]));
  return Array.from(questions, (question) => ({ question, hash: hashText(question) }))
    .sort((left, right) => compareHashes(left.hash, right.hash))
    .map(({ question }) => question);
}

/** Bigrams in more questions than this tell little and cost much; they are not followed. */
const MOST_POSTINGS = 1000;

/** Questions by their character bigrams, weighted by rarity. */
class BigramIndex {
  readonly #postings = new Map<string, number[]>();
  readonly #sizes: Float64Array;
  readonly #scores: Float64Array;

  constructor(questions: readonly string[]) {
    this.#sizes = new Float64Array(questions.length);
    this.#scores = new Float64Array(questions.length);
    questions.forEach((question, number) => {
      for (const bigram of bigramsOf(question)) {
        const postings = this.#postings.get(bigram);
        if (postings === undefined) this.#postings.set(bigram, [number]);
        else postings.push(number);
      }
    });
    for (const postings of this.#postings.values()) {
      for (const number of postings) this.#sizes[number] = (this.#sizes[number] ?? 0) + this.#weight(postings);
    }
  }

  /** Of the questions that fit and share a bigram, the one nearest by the cosine of their weighted bigrams. */
  nearest(question: string, fits: (number: number) => boolean): number | undefined {
    const touched: number[] = [];
    for (const bigram of bigramsOf(question)) {
      const postings = this.#postings.get(bigram) ?? [];
      if (postings.length > MOST_POSTINGS) continue;
      const weight = this.#weight(postings);
      for (const number of postings) {
        if (this.#scores[number] === 0) touched.push(number);
        this.#scores[number] = (this.#scores[number] ?? 0) + weight;
      }
    }
    let best: number | undefined;
    let highest = 0;
    for (const number of touched) {
      const score = (this.#scores[number] ?? 0) / Math.sqrt(this.#sizes[number] ?? 1);
      this.#scores[number] = 0;
      if (score < highest || (score === highest && number > (best ?? number)) || !fits(number)) continue;
      [best, highest] = [number, score];
    }
    return best;
  }

  /** Squared inverse document frequency. */
  #weight(postings: readonly number[]): number {
    return Math.log((this.#sizes.length + 1) / postings.length) ** 2;
  }
}

function bigramsOf(question: string): ReadonlySet<string> {
  const characters = Array.from(normalForm(question));
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`));
}
