/** One merge: the two symbols, what they became, and how often they stood together. */
export interface Merge {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

/** Room for right symbols in a pair's key. */
const RIGHT = 2 ** 26;

/** Words as sequences of symbols, of which the most frequent neighbours are joined one pair after the other (Sennrich et al. 2016). */
export class PairMerger {
  readonly #words: Int32Array[] = [];
  readonly #counts: number[] = [];
  readonly #pairs = new Map<number, number>();
  readonly #places = new Map<number, Set<number>>();
  readonly #heap = new PairHeap();

  /** Adds a word that occurs `count` times. All words come before the first merge. */
  add(symbols: readonly number[], count: number): void {
    const word = this.#words.length;
    this.#words.push(Int32Array.from(symbols));
    this.#counts.push(count);
    for (let i = 1; i < symbols.length; i++) this.#change(symbols[i - 1] ?? 0, symbols[i] ?? 0, word, count);
  }

  /** Puts all pairs in order; call it once between the last word and the first merge. */
  start(): void {
    for (const [key, count] of this.#pairs) this.#heap.push(key, count);
  }

  /** The most frequent pair, the one of older symbols where two are as frequent; `undefined` if no word has two symbols. */
  best(): Merge | undefined {
    for (;;) {
      const top = this.#heap.top();
      if (top === undefined) return undefined;
      const count = this.#pairs.get(top.key) ?? 0;
      if (count === top.count) return { left: Math.floor(top.key / RIGHT), right: top.key % RIGHT, count };
      this.#heap.pop();
      if (count > 0) this.#heap.push(top.key, count);
    }
  }

  /** Replaces the pair by a symbol in every word. */
  merge({ left, right }: Merge, symbol: number): void {
    const key = left * RIGHT + right;
    const changed = new Set<number>();
    for (const word of this.#places.get(key) ?? []) this.#mergeIn(word, { left, right, symbol }, changed);
    this.#pairs.delete(key);
    this.#places.delete(key);
    for (const pair of changed) {
      const count = this.#pairs.get(pair) ?? 0;
      if (count > 0) this.#heap.push(pair, count);
    }
  }

  #mergeIn(word: number, { left, right, symbol }: { left: number; right: number; symbol: number }, changed: Set<number>): void {
    const symbols = this.#words[word] ?? new Int32Array();
    const count = this.#counts[word] ?? 0;
    const merged: number[] = [];
    let found = false;
    for (let i = 0; i < symbols.length; i++) {
      const join = symbols[i] === left && symbols[i + 1] === right;
      merged.push(join ? symbol : (symbols[i] ?? 0));
      if (join) {
        found = true;
        i++;
      }
    }
    if (!found) return;
    for (let i = 1; i < symbols.length; i++) this.#change(symbols[i - 1] ?? 0, symbols[i] ?? 0, word, -count);
    for (let i = 1; i < merged.length; i++) changed.add(this.#change(merged[i - 1] ?? 0, merged[i] ?? 0, word, count));
    this.#words[word] = Int32Array.from(merged);
  }

  #change(left: number, right: number, word: number, count: number): number {
    const key = left * RIGHT + right;
    this.#pairs.set(key, (this.#pairs.get(key) ?? 0) + count);
    if (count > 0) {
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, new Set([word]));
      else places.add(word);
    }
    return key;
  }
}

interface PairCount {
  readonly key: number;
  readonly count: number;
}

/** A binary heap: the largest count first, then the smallest key. */
class PairHeap {
  readonly #items: PairCount[] = [];

  top(): PairCount | undefined {
    return this.#items[0];
  }

  push(key: number, count: number): void {
    const items = this.#items;
    let at = items.length;
    const item = { key, count };
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || !before(item, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      let below = items[child];
      if (below === undefined) break;
      const other = items[child + 1];
      if (other !== undefined && before(other, below)) {
        child++;
        below = other;
      }
      if (!before(below, last)) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
  }
}

function before(a: PairCount, b: PairCount): boolean {
  return a.count > b.count || (a.count === b.count && a.key < b.key);
}
