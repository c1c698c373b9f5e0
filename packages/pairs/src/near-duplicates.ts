import { DisjointSets } from './disjoint-sets.ts';
import { editDistance } from './edit-distance.ts';
import { HashTable } from './hash-table.ts';
import { mix, type Hash } from './hash.ts';
import { normalForm } from './normal-form.ts';

/**
 * Two texts are at most one edit apart exactly if deleting one character at the same place, from both or from the longer one alone,
 * leaves the same text. Each such remainder, with its place, is a key; texts under the same key are neighbours, whichever they are. The
 * keys of a text of n characters are its n deletions and its n + 1 gaps, found in time proportional to n from prefix and suffix hashes.
 *
 * The deletion neighbourhood is that of Mor and Fraenkel 1982; joining it with the place of the edit, so that a bucket needs no
 * comparison of all its members, is done here.
 */
function forEachKey(form: string, callback: (key: Hash) => void): void {
  const characters = Array.from(form, (character) => character.codePointAt(0) ?? 0);
  const count = characters.length;
  const suffixHigh = new Int32Array(count + 1).fill(0x3c6ef372);
  const suffixLow = new Int32Array(count + 1).fill(0x1f83d9ab);
  for (let at = count - 1; at >= 0; at -= 1) {
    suffixHigh[at] = step(suffixHigh[at + 1] ?? 0, characters[at] ?? 0, 0x9e3779b1);
    suffixLow[at] = step(suffixLow[at + 1] ?? 0, characters[at] ?? 0, 0x85ebca77);
  }
  let high = 0x6a09e667;
  let low = 0x2545f491;
  const emit = (suffix: number): void => {
    const upper = mix(Math.imul(high, 0x27d4eb2f) ^ (suffixHigh[suffix] ?? 0));
    callback({ high: upper, low: mix(Math.imul(low, 0x165667b1) ^ (suffixLow[suffix] ?? 0) ^ upper) });
  };
  for (let at = 0; at <= count; at += 1) {
    emit(at);
    if (at === count) return;
    emit(at + 1);
    high = step(high, characters[at] ?? 0, 0x9e3779b1);
    low = step(low, characters[at] ?? 0, 0x85ebca77);
  }
}

function step(hash: number, character: number, factor: number): number {
  const mixed = Math.imul(hash ^ character, factor);
  return ((mixed << 15) | (mixed >>> 17)) + character;
}

/**
 * The sets of different questions that are near duplicates of one another, directly or through others: their normal forms are equal or at
 * most one character edit apart. Only sets of two or more are given; their order, and that within them, follows the input.
 */
export function nearDuplicateSets(questions: Iterable<string>): readonly (readonly string[])[] {
  const byForm = groupByForm(questions);
  const forms = [...byForm.keys()];
  const table = new HashTable();
  const owners: number[] = [];
  const sets = new DisjointSets();
  sets.grow(forms.length);
  forms.forEach((form, index) => {
    forEachKey(form, (key) => {
      const bucket = table.add(key);
      const owner = owners[bucket];
      if (owner === undefined) owners.push(index);
      else sets.union(owner, index);
    });
  });
  const found = new Map<number, string[]>();
  forms.forEach((form, index) => {
    const root = sets.find(index);
    const set = found.get(root) ?? [];
    found.set(root, set);
    set.push(...(byForm.get(form) ?? []));
  });
  return [...found.values()].filter((set) => set.length > 1);
}

function groupByForm(questions: Iterable<string>): Map<string, string[]> {
  const byForm = new Map<string, string[]>();
  for (const question of new Set(questions)) {
    const form = normalForm(question);
    const same = byForm.get(form);
    if (same === undefined) byForm.set(form, [question]);
    else same.push(question);
  }
  return byForm;
}

/** A question close to another one, but not the same text. */
export interface NearQuestion {
  readonly question: string;
  /** Edits between the normal forms: 0 or 1. */
  readonly distance: 0 | 1;
}

/** Finds, for any question, a near duplicate among the questions that it was built from. */
export class NearDuplicateIndex {
  readonly #byForm: Map<string, string[]>;
  readonly #forms: readonly string[];
  readonly #table = new HashTable();
  /** The first two forms under each key: one of them differs from any form that is looked up. */
  readonly #firstOwners: number[] = [];
  readonly #secondOwners = new Map<number, number>();

  constructor(questions: Iterable<string>) {
    this.#byForm = groupByForm(questions);
    this.#forms = [...this.#byForm.keys()];
    this.#forms.forEach((form, index) => forEachKey(form, (key) => this.#own(this.#table.add(key), index)));
  }

  /** A near duplicate of the question, the closest kind first; `undefined` if there is none. The question itself does not count. */
  find(question: string): NearQuestion | undefined {
    const form = normalForm(question);
    const same = this.#byForm.get(form)?.find((other) => other !== question);
    if (same !== undefined) return { question: same, distance: 0 };
    let found: string | undefined;
    forEachKey(form, (key) => {
      found ??= this.#neighbour(form, this.#table.get(key));
    });
    const neighbour = found === undefined ? undefined : this.#byForm.get(found)?.[0];
    return neighbour === undefined ? undefined : { question: neighbour, distance: 1 };
  }

  #own(bucket: number, form: number): void {
    if (bucket === this.#firstOwners.length) this.#firstOwners.push(form);
    else if (!this.#secondOwners.has(bucket)) this.#secondOwners.set(bucket, form);
  }

  /** The distance is computed once more, so that equal hashes of different texts do no harm. */
  #neighbour(form: string, bucket: number): string | undefined {
    if (bucket < 0) return undefined;
    for (const owner of [this.#firstOwners[bucket], this.#secondOwners.get(bucket)]) {
      const other = owner === undefined ? undefined : this.#forms[owner];
      if (other !== undefined && other !== form && editDistance(form, other, 1) === 1) return other;
    }
    return undefined;
  }
}
