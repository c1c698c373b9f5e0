import type { SentenceStore } from './sentence-store.ts';

/** Two runs of sentences that stand side by side in one training sequence: sentences `left … right − 1`, then `right … end − 1`. */
export interface SequencePlan {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  readonly end: Uint32Array;
  readonly count: number;
}

/**
 * Packs neighbouring sentences into sequences of two sides of about equal length, so that both token types and every position are trained.
 * A sentence longer than a side is cut when it is read.
 *
 * @param maxLength Tokens of a sequence, the three special tokens counted.
 */
export function planSequences(store: SentenceStore, maxLength: number): SequencePlan {
  const side = Math.floor((maxLength - 3) / 2);
  const left: number[] = [];
  const right: number[] = [];
  const end: number[] = [];
  let next = 0;
  while (next < store.sentences) {
    const start = next;
    next = fill(store, next, side);
    const middle = next;
    if (middle >= store.sentences) break;
    next = fill(store, next, maxLength - 3 - side);
    left.push(start);
    right.push(middle);
    end.push(next);
  }
  return { left: Uint32Array.from(left), right: Uint32Array.from(right), end: Uint32Array.from(end), count: left.length };
}

/** The first sentence that does not fit any more; at least one is taken. */
function fill(store: SentenceStore, start: number, room: number): number {
  let used = Math.min(store.length(start), room);
  let next = start + 1;
  while (next < store.sentences && used + store.length(next) <= room) used += store.length(next++);
  return next;
}

/** One side of a sequence: its token ids and, for each, whether it continues the word before it. */
export interface Side {
  readonly ids: number[];
  readonly continuesWord: boolean[];
}

/** Both sides of a planned sequence. */
export function readSequence(store: SentenceStore, plan: SequencePlan, index: number, maxLength: number): readonly [Side, Side] {
  const side = Math.floor((maxLength - 3) / 2);
  return [
    readSide(store, plan.left[index] ?? 0, plan.right[index] ?? 0, side),
    readSide(store, plan.right[index] ?? 0, plan.end[index] ?? 0, maxLength - 3 - side),
  ];
}

function readSide(store: SentenceStore, start: number, end: number, room: number): Side {
  const ids: number[] = [];
  const continuesWord: boolean[] = [];
  for (let sentence = start; sentence < end; sentence++) store.append(sentence, ids, continuesWord, room - ids.length);
  return { ids, continuesWord };
}
