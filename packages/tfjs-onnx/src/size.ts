/**
 * Sizes that are known only when a graph runs: polynomials over the named symbols of a signature.
 *
 * tfjs knows sizes as plain numbers, so a function is traced several times with different numbers for its symbols, and
 * every number that differs between the traces is explained by one expression ({@link explain}).
 */

/** coefficient · ∏ symbolᵢ ^ powersᵢ; powers may be negative (a mean's factor is 1 / (batch · length)). */
interface Term {
  readonly coefficient: number;
  readonly powers: readonly number[];
}

/** A sum of terms that is no plain number. `key` is equal exactly for equal expressions. */
export interface Expression {
  readonly terms: readonly Term[];
  readonly key: string;
}

export type Size = number | Expression;

const fromTerms = (terms: readonly Term[]): Size => {
  const merged = new Map<string, Term>();
  for (const { coefficient: own, powers: given } of terms) {
    // Terms over few symbols equal those over more.
    const powers = given.slice(0, given.findLastIndex((power) => power !== 0) + 1);
    const key = powers.join(',');
    merged.set(key, { coefficient: own + (merged.get(key)?.coefficient ?? 0), powers });
  }
  const kept = [...merged.values()].filter((term) => term.coefficient !== 0);
  const only = kept[0];
  if (only === undefined) return 0;
  if (kept.length === 1 && only.powers.every((power) => power === 0)) return only.coefficient;
  kept.sort((a, b) => (a.powers.join(',') < b.powers.join(',') ? 1 : -1));
  return { terms: kept, key: kept.map(({ coefficient, powers }) => `${coefficient}*${powers.join('.')}`).join('+') };
};

const powersOf = (power: readonly number[], other: readonly number[]): readonly number[] =>
  Array.from({ length: Math.max(power.length, other.length) }, (_, i) => (power[i] ?? 0) + (other[i] ?? 0));

const termsOf = (size: Size, symbols: number): readonly Term[] =>
  typeof size === 'number' ? [{ coefficient: size, powers: Array.from({ length: symbols }, () => 0) }] : size.terms;

const symbolCount = (...sizes: readonly Size[]): number => {
  for (const size of sizes) if (typeof size !== 'number') return size.terms[0]?.powers.length ?? 0;
  return 0;
};

/** a + b. */
export const addSizes = (a: Size, b: Size): Size => {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const symbols = symbolCount(a, b);
  return fromTerms([...termsOf(a, symbols), ...termsOf(b, symbols)]);
};

/** a · b. */
export const multiplySizes = (a: Size, b: Size): Size => {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  const symbols = symbolCount(a, b);
  return fromTerms(
    termsOf(a, symbols).flatMap((left) =>
      termsOf(b, symbols).map((right) => ({
        coefficient: left.coefficient * right.coefficient,
        powers: powersOf(left.powers, right.powers),
      })),
    ),
  );
};

/** a / b, of a b of one term, which divides a. */
export const divideSizes = (a: Size, b: Size): Size => {
  if (typeof b === 'number') return multiplySizes(a, 1 / b);
  const [{ coefficient, powers } = { coefficient: NaN, powers: [] }] = b.terms;
  return multiplySizes(a, fromTerms([{ coefficient: 1 / coefficient, powers: powers.map((power) => -power) }]));
};

/** How many equal parts of `least` or more, and at most `most` of them, a count splits into. */
export const evenParts = (count: number, most: number, least = 1): number => {
  let parts = Math.max(1, Math.min(most, Math.floor(count / least)));
  while (count % parts !== 0) parts--;
  return parts;
};

/** A symbol beside those of a signature: how many {@link evenParts} a size splits into. */
export interface Parts {
  readonly of: Size;
  readonly most: number;
  readonly least: number;
}

/** The values of a signature's symbols, and after them those of the {@link Parts} that a graph has added. */
export const withParts = (sizes: readonly number[], parts: readonly Parts[]): readonly number[] =>
  parts.reduce((values, { of, most, least }) => [...values, evenParts(Math.round(evaluate(of, values)), most, least)], sizes);

/** The product of all sizes of a shape. */
export const productOf = (shape: readonly Size[]): Size => shape.reduce(multiplySizes, 1);

/** Whether two sizes are equal for every value of the symbols. */
export const sameSize = (a: Size, b: Size): boolean => (typeof a === 'number' || typeof b === 'number' ? a === b : a.key === b.key);

/** Whether two shapes are equal for every value of the symbols. */
export const sameShape = (a: readonly Size[], b: readonly Size[]): boolean =>
  a.length === b.length && a.every((size, i) => sameSize(size, b[i] ?? -1));

/** The number that a size has for these values of the symbols. */
export const evaluate = (size: Size, values: readonly number[]): number =>
  typeof size === 'number'
    ? size
    : size.terms.reduce(
        (sum, { coefficient, powers }) => sum + coefficient * powers.reduce((p, power, i) => p * (values[i] ?? 1) ** power, 1),
        0,
      );

const factor = (name: string, power: number): string => (power === 1 ? name : `${name}^${power}`);

/** A name for a size, for people: `batch*length`, `length-1`. */
export const sizeName = (size: Size, symbols: readonly string[]): string => {
  if (typeof size === 'number') return String(size);
  return size.terms
    .map(({ coefficient, powers }) => {
      const factors = powers.flatMap((power, i) => (power === 0 ? [] : [factor(symbols[i] ?? `s${i}`, power)]));
      return [...(coefficient === 1 && factors.length > 0 ? [] : [String(coefficient)]), ...factors].join('*');
    })
    .join('+');
};

/** The symbol at `index` of `symbols` as a size. */
export const symbolSize = (index: number, symbols: number): Size =>
  fromTerms([{ coefficient: 1, powers: Array.from({ length: symbols }, (_, i) => (i === index ? 1 : 0)) }]);

/** All vectors of powers with an absolute sum of 1 to 4, simplest first. */
const candidatePowers = (symbols: number): readonly (readonly number[])[] => {
  let vectors: number[][] = [[]];
  for (let i = 0; i < symbols; i++) {
    vectors = vectors.flatMap((vector) => [0, 1, -1, 2, -2, 3, -3, 4].map((power) => [...vector, power]));
    vectors = vectors.filter((vector) => weight(vector) <= 4);
  }
  return vectors.filter((vector) => weight(vector) > 0).sort((a, b) => complexity(a) - complexity(b));
};
const weight = (powers: readonly number[]): number => powers.reduce((sum, power) => sum + Math.abs(power), 0);
const complexity = (powers: readonly number[]): number => weight(powers) + (powers.some((power) => power < 0) ? 10 : 0);

/** Finds the expression behind numbers that differ between traces. */
export interface Explainer {
  /**
   * @param numbers The number seen in each trace.
   * @returns The size that gives all of them, or undefined if no simple one does.
   */
  (numbers: readonly number[]): Size | undefined;
}

/** Equal up to the rounding of a float32. */
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-7 * Math.max(Math.abs(a), Math.abs(b));
const tidy = (value: number): number => (near(value, Math.round(value)) ? Math.round(value) : value);

/**
 * An {@link Explainer} for traces in which symbol i had the value `assignments[trace][i]`.
 * Tried in this order: one number; coefficient · monomial; coefficient · monomial + offset, with whole coefficients.
 */
export const createExplainer = (assignments: readonly (readonly number[])[]): Explainer => {
  const symbols = assignments[0]?.length ?? 0;
  const candidates = candidatePowers(symbols).map((powers) => ({
    powers,
    at: assignments.map((values) => powers.reduce((p, power, i) => p * (values[i] ?? 1) ** power, 1)),
  }));
  const known = new Map<string, Size | undefined>();
  const search = (numbers: readonly number[]): Size | undefined => {
    const [first = 0, second = 0] = numbers;
    const exact = numbers.every(Number.isInteger);
    const fits = (f: (k: number) => number): boolean =>
      numbers.every((number, k) => (exact ? Math.abs(f(k) - number) < 1e-6 : near(f(k), number)));
    for (const { powers, at } of candidates) {
      const coefficient = tidy(first / (at[0] ?? 1));
      if (fits((k) => coefficient * (at[k] ?? 1))) return fromTerms([{ coefficient, powers }]);
    }
    for (const { powers, at } of candidates) {
      const coefficient = tidy((first - second) / ((at[0] ?? 0) - (at[1] ?? 0)));
      const offset = tidy(first - coefficient * (at[0] ?? 0));
      if (!Number.isInteger(coefficient) || !Number.isInteger(offset)) continue;
      if (!fits((k) => coefficient * (at[k] ?? 1) + offset)) continue;
      return addSizes(fromTerms([{ coefficient, powers }]), offset);
    }
    return undefined;
  };
  return (numbers) => {
    const first = numbers[0] ?? 0;
    if (numbers.every((number) => Object.is(number, first))) return first;
    const key = numbers.join(',');
    if (!known.has(key)) known.set(key, search(numbers));
    return known.get(key);
  };
};

/** The symbols (and the coefficient) whose product a size is; the size itself if it is no such product. */
export const symbolFactors = (size: Size): readonly Size[] => {
  if (typeof size === 'number' || size.terms.length !== 1) return [size];
  const [term] = size.terms;
  if (term === undefined || !Number.isInteger(term.coefficient) || term.powers.some((power) => power < 0)) return [size];
  const symbols = term.powers.flatMap((power, index) => Array.from({ length: power }, () => symbolSize(index, term.powers.length)));
  return term.coefficient === 1 ? symbols : [...symbols, term.coefficient];
};
