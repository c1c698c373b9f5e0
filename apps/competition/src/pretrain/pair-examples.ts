import type { NeighbourIndex } from './neighbours.ts';

/** Edits a text; the same key gives the same edit. `undefined` if nothing fits. */
export interface Editors {
  /** Up to `count` edits that keep the meaning. */
  keep(text: string, count: number, key: number): string | undefined;
  /** An edit that changes what is asked. */
  flip(text: string, key: number): string | undefined;
}

/** Two texts made from unlabelled text, and whether they say the same. */
export interface TextPair {
  readonly left: string;
  readonly right: string;
  readonly label: 0 | 1;
}

/**
 * Makes one pair for the judgement task: half of them the same (a text and its keeping edits), half not (a flipping edit, a near neighbour, or
 * a few characters replaced from a near neighbour), and half of those edited again, so that the amount of change does not tell the label.
 *
 * @param index The text to start from.
 * @param random Uniform numbers in [0, 1).
 */
export function makePair(
  texts: readonly string[],
  index: number,
  tools: { readonly editors: Editors; readonly neighbours: NeighbourIndex; readonly random: () => number },
): TextPair {
  const { editors, random } = tools;
  const base = texts[index] ?? '';
  const key = (): number => Math.floor(random() * 0x1_0000_0000);
  const edited = (text: string, most: number): string => {
    const count = Math.floor(random() * (most + 1));
    return count === 0 ? text : (editors.keep(text, count, key()) ?? text);
  };
  let left = edited(base, 1);
  let right: string | undefined;
  let label: 0 | 1 = 1;
  if (random() < 0.5) {
    label = 0;
    right = different(texts, index, tools, key);
    if (right !== undefined && random() < 0.5) right = edited(right, 2);
  } else right = edited(base, 3);
  if (right === undefined) [label, right] = [1, edited(base, 3)];
  if (random() < 0.5) [left, right] = [right, left];
  return { left, right, label };
}

function different(
  texts: readonly string[],
  index: number,
  { editors, neighbours, random }: { readonly editors: Editors; readonly neighbours: NeighbourIndex; readonly random: () => number },
  key: () => number,
): string | undefined {
  const base = texts[index] ?? '';
  const kind = random();
  if (kind < 0.45) {
    const flipped = editors.flip(base, key());
    if (flipped !== undefined && flipped !== base) return flipped;
  }
  const near = neighbours.near(index, 4);
  const chosen = near[Math.floor(random() * near.length)];
  if (chosen === undefined) return editors.flip(base, key());
  const other = texts[chosen] ?? '';
  if (kind < 0.65) return splice(base, other, random) ?? other;
  return other;
}

/** The text with two to four of its characters replaced by a run of the neighbour's that it does not have. */
function splice(base: string, other: string, random: () => number): string | undefined {
  const own = [...base];
  const theirs = [...other];
  const known = new Set(own);
  const count = 2 + Math.floor(random() * 3);
  const starts = theirs.flatMap((_, start) => {
    const run = theirs.slice(start, start + count);
    return run.length === count && run.every((character) => !known.has(character) && /\p{Script=Han}/u.test(character)) ? [start] : [];
  });
  const from = starts[Math.floor(random() * starts.length)];
  if (from === undefined || own.length < count + 4) return undefined;
  const at = Math.floor(random() * (own.length - count));
  own.splice(at, count, ...theirs.slice(from, from + count));
  return own.join('');
}
