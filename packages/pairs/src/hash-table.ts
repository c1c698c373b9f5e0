import type { Hash } from './hash.ts';

/**
 * Gives texts, known by their 64-bit hashes, the numbers 0, 1, 2, … in order of arrival, in 12 bytes a slot.
 *
 * Texts that share a hash (one chance in 10⁶ for 6 million texts) share a number: what is joined by mistake is never split apart, so a
 * split built on it stays free of leaks.
 */
export class HashTable {
  #high = new Int32Array(1024);
  #low = new Int32Array(1024);
  /** Number + 1; 0 marks a free slot. */
  #numbers = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of the text, a new one if it is unknown. */
  add(hash: Hash): number {
    const slot = this.#slot(hash);
    const known = this.#numbers[slot] ?? 0;
    if (known > 0) return known - 1;
    this.#high[slot] = hash.high;
    this.#low[slot] = hash.low;
    this.#size += 1;
    this.#numbers[slot] = this.#size;
    if (this.#size * 10 > this.#numbers.length * 7) this.#grow();
    return this.#size - 1;
  }

  /** The number of the text, or −1. */
  get(hash: Hash): number {
    return (this.#numbers[this.#slot(hash)] ?? 0) - 1;
  }

  /** Calls back with every hash and its number, in no particular order. */
  forEach(callback: (hash: Hash, number: number) => void): void {
    for (let slot = 0; slot < this.#numbers.length; slot += 1) {
      const number = this.#numbers[slot] ?? 0;
      if (number > 0) callback({ high: this.#high[slot] ?? 0, low: this.#low[slot] ?? 0 }, number - 1);
    }
  }

  #slot({ high, low }: Hash): number {
    const mask = this.#numbers.length - 1;
    let slot = low & mask;
    while (this.#numbers[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers];
    this.#high = new Int32Array(numbers.length * 2);
    this.#low = new Int32Array(numbers.length * 2);
    this.#numbers = new Int32Array(numbers.length * 2);
    for (let old = 0; old < numbers.length; old += 1) {
      const number = numbers[old] ?? 0;
      if (number === 0) continue;
      const hash = { high: high[old] ?? 0, low: low[old] ?? 0 };
      const slot = this.#slot(hash);
      this.#high[slot] = hash.high;
      this.#low[slot] = hash.low;
      this.#numbers[slot] = number;
    }
  }
}
