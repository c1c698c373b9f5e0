import type { Source } from './source.ts';

/** What an edit does to the meaning of a question: keeps it, turns it into another question, or nobody can say without reading. */
export type Verdict = 'keeps' | 'flips' | 'unknown';

/** A change of one place of a text. Offsets are UTF-16 units of the original text and never split a character. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** The text of `start` to `end` in the original; empty for an insertion. */
  readonly before: string;
  readonly after: string;
  /** Name of the operation that made it. */
  readonly operation: string;
  readonly verdict: Verdict;
}

/** A text after its edits. */
export interface Augmented {
  readonly text: string;
  /** In order of place; they don't overlap. */
  readonly edits: readonly Edit[];
  readonly verdict: Verdict;
}

/** A place that an operation could change, and what it could put there. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly choices: readonly string[];
  /** Running totals of the choices' weights; without them all choices weigh the same. */
  readonly totals?: Float64Array | undefined;
  readonly verdict: Verdict;
  /** What the edit takes from the share of a text that may change, in characters. */
  readonly cost: number;
}

/** The spans of a text that an operation may be kept away from. */
export type Protected = 'number' | 'name' | 'negator' | 'term';

/** Something that can be done to a text. */
export interface Operation {
  readonly name: string;
  /** Operations on words leave legal terms alone; those on characters may misspell them. */
  readonly unit: 'character' | 'word' | 'text';
  /** Protected spans that this operation is about, and so may change. */
  readonly mayTouch?: readonly Protected[];
  /** All places of a text that it could change. */
  propose(source: Source): readonly Candidate[];
  /**
   * What it could change at one UTF-16 unit; all of these together are what `propose` gives. Operations that can tell place by
   * place have it, and are then asked only about the places drawn.
   */
  at?(source: Source, index: number): Candidate | undefined;
  /** Why this choice is wrong at this place, or undefined. Asked only of the choice drawn, so it may look closer. */
  refuses?(source: Source, candidate: Candidate, choice: string): string | undefined;
}

/**
 * The text after the edits.
 *
 * @throws {RangeError} If edits overlap, are out of order, or don't belong to this text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, before, after } of edits) {
    if (start < position || end < start || text.slice(start, end) !== before) {
      throw new RangeError(
        `applyEdits: expected ${JSON.stringify(before)} at ${start}–${end}, after ${position}, got ${JSON.stringify(text.slice(start, end))}. ` +
          'Edits belong to one text, sorted by place.',
      );
    }
    result += text.slice(position, start) + after;
    position = end;
  }
  return result + text.slice(position);
}

/** What several edits do together: one flip flips; two may cancel each other, so they are unknown; keeping edits change nothing. */
export function combineVerdicts(verdicts: readonly Verdict[]): Verdict {
  let flips = 0;
  for (const verdict of verdicts) {
    if (verdict === 'unknown') return 'unknown';
    if (verdict === 'flips') flips++;
  }
  return flips === 0 ? 'keeps' : flips === 1 ? 'flips' : 'unknown';
}
