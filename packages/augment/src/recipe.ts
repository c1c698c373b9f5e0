import type { Constraint } from './constraint.ts';
import type { Operation, Verdict } from './edit.ts';

/** An operation and how often it is drawn beside others. */
export interface Weighted {
  readonly operation: Operation;
  readonly weight: number;
}

/** One way a recipe makes a text. */
export interface Variant {
  readonly weight: number;
  /** What its results do to the meaning; `unknown` where some may not keep it. */
  readonly verdict: Verdict;
  /** Exactly one edit is drawn from these. */
  readonly once?: readonly Weighted[];
  /** Then edits are drawn from these until the share of the text that may change is used up. */
  readonly spread?: readonly Weighted[];
}

/** Operations with weights. */
export interface Recipe {
  readonly name: string;
  /** Where it comes from and what it is for, in a sentence. */
  readonly about: string;
  /** Share of the characters that change unless asked otherwise. */
  readonly rate: number;
  readonly variants: readonly Variant[];
  /** Rules on its edits, beside what is protected and the share that may change. */
  readonly constraints?: readonly Constraint[];
}

/** Gives each operation its weight: `weigh([doubling(), 2], [stutter(), 1])`. */
export function weigh(...parts: readonly (readonly [Operation, number])[]): readonly Weighted[] {
  return parts.map(([operation, weight]) => ({ operation, weight }));
}
