import type { Unit } from './components.ts';
import { compareHashes, reseed } from './hash.ts';

/**
 * Puts every unit into one part so that each part gets its share of the pairs, of each label, and of the units of every size.
 *
 * Units are taken from the largest size class (powers of two of their pairs) to the smallest, within a class in an order that the seed
 * and the questions decide; each goes to the part that is furthest behind its share of what was placed so far. No part stays without pairs
 * while there are enough units with pairs. The result depends on the seed and on the units, not on their order.
 *
 * @param shares One positive number per part; only their proportions count.
 * @returns The part of each unit, by position.
 */
export function assignUnits(units: readonly Unit[], shares: readonly number[], seed: number): Uint8Array {
  const ordered = units.map((unit, index) => {
    return { unit, index, order: reseed(unit.key, seed), sizeClass: sizeClassOf(unit) };
  });
  ordered.sort((left, right) => right.sizeClass - left.sizeClass || compareHashes(left.order, right.order));
  const balance = new Balance(units, shares);
  const partOf = new Uint8Array(units.length);
  let sizeClass = Number.NaN;
  let left = ordered.filter((entry) => entry.sizeClass >= 0).length;
  for (const entry of ordered) {
    if (entry.sizeClass !== sizeClass) balance.startClass();
    sizeClass = entry.sizeClass;
    partOf[entry.index] = balance.place(entry.unit, left);
    left -= 1;
  }
  return partOf;
}

/** Puts every unit into a part at random, in proportion to the shares, with no regard to labels or sizes. */
export function drawUnits(units: readonly Unit[], shares: readonly number[], seed: number): Uint8Array {
  const ordered = units.map((unit, index) => ({ index, size: unit.positives + unit.negatives, order: reseed(unit.key, seed) }));
  ordered.sort((left, right) => compareHashes(left.order, right.order));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const pairs = ordered.reduce((sum, { size }) => sum + size, 0);
  const partOf = new Uint8Array(units.length);
  let placed = 0;
  let part = 0;
  let bound = ((shares[0] ?? 0) / total) * pairs;
  for (const { index, size } of ordered) {
    while (part < shares.length - 1 && placed + size / 2 > bound) {
      part += 1;
      bound += ((shares[part] ?? 0) / total) * pairs;
    }
    partOf[index] = part;
    placed += size;
  }
  return partOf;
}

function sizeClassOf({ positives, negatives }: Unit): number {
  return positives + negatives === 0 ? -1 : Math.floor(Math.log2(positives + negatives));
}

/** What each part has against what it should have by now; both labels, and units of the current size class. */
class Balance {
  readonly #shares: readonly number[];
  readonly #positiveScale: number;
  readonly #negativeScale: number;
  readonly #positives: Float64Array;
  readonly #negatives: Float64Array;
  readonly #units: Float64Array;
  #positivesPlaced = 0;
  #negativesPlaced = 0;
  #unitsPlaced = 0;
  #emptyParts: number;

  constructor(units: readonly Unit[], shares: readonly number[]) {
    const total = shares.reduce((sum, share) => sum + share, 0);
    this.#shares = shares.map((share) => share / total);
    const mean = (sum: number): number => Math.max(1, sum / Math.max(1, units.length));
    this.#positiveScale = mean(units.reduce((sum, unit) => sum + unit.positives, 0));
    this.#negativeScale = mean(units.reduce((sum, unit) => sum + unit.negatives, 0));
    this.#positives = new Float64Array(shares.length);
    this.#negatives = new Float64Array(shares.length);
    this.#units = new Float64Array(shares.length);
    this.#emptyParts = shares.length;
  }

  startClass(): void {
    this.#units.fill(0);
    this.#unitsPlaced = 0;
  }

  /** @param left How many units with pairs there are still, this one included; none or fewer where this one has no pairs. */
  place(unit: Unit, left: number): number {
    this.#positivesPlaced += unit.positives;
    this.#negativesPlaced += unit.negatives;
    this.#unitsPlaced += 1;
    let best = 0;
    let largest = Number.NEGATIVE_INFINITY;
    const onlyEmpty = left > 0 && left <= this.#emptyParts;
    for (let part = 0; part < this.#shares.length; part += 1) {
      if (onlyEmpty && !this.#isEmpty(part)) continue;
      const behind = this.#behind(part, unit);
      if (behind > largest) [best, largest] = [part, behind];
    }
    if (this.#isEmpty(best) && unit.positives + unit.negatives > 0) this.#emptyParts -= 1;
    this.#positives[best] = (this.#positives[best] ?? 0) + unit.positives;
    this.#negatives[best] = (this.#negatives[best] ?? 0) + unit.negatives;
    this.#units[best] = (this.#units[best] ?? 0) + 1;
    return best;
  }

  #isEmpty(part: number): boolean {
    return this.#positives[part] === 0 && this.#negatives[part] === 0;
  }

  /** How much the part lacks of what this unit brings, in units of a mean unit. */
  #behind(part: number, unit: Unit): number {
    const share = this.#shares[part] ?? 0;
    const positives = (share * this.#positivesPlaced - (this.#positives[part] ?? 0)) / this.#positiveScale;
    const negatives = (share * this.#negativesPlaced - (this.#negatives[part] ?? 0)) / this.#negativeScale;
    const units = share * this.#unitsPlaced - (this.#units[part] ?? 0);
    return (positives * unit.positives) / this.#positiveScale + (negatives * unit.negatives) / this.#negativeScale + units;
  }
}
