import { DisjointSets } from './disjoint-sets.ts';
import { HashTable } from './hash-table.ts';
import { compareHashes, hashText, type Hash } from './hash.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** Something that is put into a part as a whole at the least: a group or a pair. */
export interface SplitItem {
  readonly questions: Iterable<string>;
  /** Pairs with label 1 that it brings. */
  readonly positives: number;
  /** Pairs with label 0 that it brings. */
  readonly negatives: number;
  /** The name of its group, for a split by group. */
  readonly group?: string | undefined;
}

/** Items that must stay together, with what is needed to place them. */
export interface Unit {
  /** The smallest hash of its questions: the same for every order of the input. */
  readonly key: Hash;
  readonly positives: number;
  readonly negatives: number;
}

/** Which unit each item belongs to. */
export interface Units {
  readonly units: readonly Unit[];
  /** Unit of each item, by position. */
  readonly unitOf: Int32Array;
}

/** How a pair counts in a split. */
export function itemOfPair({ question1, question2, label, group }: Pair): SplitItem {
  return { questions: [question1, question2], positives: label, negatives: 1 - label, group };
}

/** How a group counts in a split: by the pairs that it builds. */
export function itemOfGroup({ id, equivalents, nonEquivalents }: QuestionGroup): SplitItem {
  const count = equivalents.length;
  return {
    questions: [...equivalents, ...nonEquivalents],
    positives: (count * (count - 1)) / 2,
    negatives: count * nonEquivalents.length,
    group: id,
  };
}

/**
 * Joins items that share a question, directly or through others, into units. Holds hashes of the questions, never the questions.
 */
export class ComponentBuilder {
  readonly #questions = new HashTable();
  readonly #sets = new DisjointSets();
  readonly #items = new GrowingArrays();

  add(item: SplitItem): void {
    let first = -1;
    for (const question of item.questions) first = this.#join(first, hashText(question));
    this.#items.push(first, item.positives, item.negatives);
  }

  /** Joins texts without adding an item, as near duplicates are. */
  link(texts: Iterable<string>): void {
    let first = -1;
    for (const text of texts) first = this.#join(first, hashText(text));
  }

  finish(): Units {
    const unitOfRoot = new Int32Array(this.#sets.size).fill(-1);
    const builder = new UnitSums();
    const { count, questions, positives, negatives } = this.#items;
    const unitOf = new Int32Array(count);
    for (let item = 0; item < count; item += 1) {
      const question = questions[item] ?? -1;
      const root = question < 0 ? -1 : this.#sets.find(question);
      let unit = root < 0 ? -1 : (unitOfRoot[root] ?? -1);
      if (unit < 0) unit = builder.create();
      if (root >= 0) unitOfRoot[root] = unit;
      builder.add(unit, positives[item] ?? 0, negatives[item] ?? 0);
      unitOf[item] = unit;
    }
    this.#questions.forEach((hash, number) => {
      const unit = unitOfRoot[this.#sets.find(number)] ?? -1;
      if (unit >= 0) builder.key(unit, hash);
    });
    return { units: builder.units(), unitOf };
  }

  #join(first: number, hash: Hash): number {
    const number = this.#questions.add(hash);
    this.#sets.grow(this.#questions.size);
    if (first >= 0) this.#sets.union(first, number);
    return first >= 0 ? first : number;
  }
}

/** Units by a name of their own (a group, a single pair) rather than by shared questions. */
export class NamedUnitBuilder {
  readonly #names = new HashTable();
  readonly #keys: Hash[] = [];
  readonly #sums = new UnitSums();
  readonly #unitOf: number[] = [];

  add(item: SplitItem, name: string): void {
    const key = hashText(name);
    const unit = this.#names.add(key);
    if (unit === this.#keys.length) {
      this.#keys.push(key);
      this.#sums.create();
      this.#sums.key(unit, key);
    }
    this.#sums.add(unit, item.positives, item.negatives);
    this.#unitOf.push(unit);
  }

  finish(): Units {
    return { units: this.#sums.units(), unitOf: Int32Array.from(this.#unitOf) };
  }
}

/** Sums per unit while items are added. */
class UnitSums {
  readonly #keys: (Hash | undefined)[] = [];
  readonly #positives: number[] = [];
  readonly #negatives: number[] = [];

  create(): number {
    this.#keys.push(undefined);
    this.#positives.push(0);
    return this.#negatives.push(0) - 1;
  }

  add(unit: number, positives: number, negatives: number): void {
    this.#positives[unit] = (this.#positives[unit] ?? 0) + positives;
    this.#negatives[unit] = (this.#negatives[unit] ?? 0) + negatives;
  }

  /** Keeps the smallest. */
  key(unit: number, hash: Hash): void {
    const known = this.#keys[unit];
    if (known === undefined || compareHashes(hash, known) < 0) this.#keys[unit] = hash;
  }

  units(): readonly Unit[] {
    return this.#keys.map((key, unit) => ({
      key: key ?? { high: 0, low: 0 },
      positives: this.#positives[unit] ?? 0,
      negatives: this.#negatives[unit] ?? 0,
    }));
  }
}

/** Three columns of integers that double in place as items arrive. */
class GrowingArrays {
  count = 0;
  questions = new Int32Array(1024);
  positives = new Int32Array(1024);
  negatives = new Int32Array(1024);

  push(question: number, positives: number, negatives: number): void {
    if (this.count === this.questions.length) {
      this.questions = doubled(this.questions);
      this.positives = doubled(this.positives);
      this.negatives = doubled(this.negatives);
    }
    this.questions[this.count] = question;
    this.positives[this.count] = positives;
    this.negatives[this.count] = negatives;
    this.count += 1;
  }
}

function doubled(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}
