import type { Edit } from './edit.ts';
import type { Source } from './source.ts';

/** A rule on which edits may be made, beside what is protected and how much may change. */
export interface Constraint {
  /** Counted in the summary as the reason of a rejection. */
  readonly name: string;
  /** Whether an edit may be made to a text that already has others. */
  allows(edit: Edit, source: Source, others: readonly Edit[]): boolean;
}

/** Leaves the given words as they are wherever they stand. */
export function keepWords(words: readonly string[]): Constraint {
  return {
    name: 'word to keep',
    allows: ({ start, end }, { text }) => words.every((word) => !touches(text, word, start, end)),
  };
}

function touches(text: string, word: string, start: number, end: number): boolean {
  if (word === '') return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (start === end ? at < start && start < at + word.length : at < end && start < at + word.length) return true;
  }
  return false;
}

/** Keeps the text between two lengths, in UTF-16 units. */
export function lengthBetween(least: number, most: number): Constraint {
  return {
    name: 'length',
    allows(edit, { text }, others) {
      let length = text.length;
      for (const { before, after } of [...others, edit]) length += after.length - before.length;
      return length >= least && length <= most;
    },
  };
}

/** Allows at most so many edits in a text. */
export function atMost(edits: number): Constraint {
  return { name: 'number of edits', allows: (_edit, _source, others) => others.length < edits };
}
