import type { Augmenter } from './augmenter.ts';
import type { Augmented, Edit, Verdict } from './edit.ts';
import { applyEdits } from './edit.ts';
import { Draws, pickIndex } from './random.ts';
import type { Source } from './source.ts';

/** 1 where both questions ask the same. */
export type Label = 0 | 1;

/** Two questions and whether they ask the same. */
export interface Pair {
  readonly question1: string;
  readonly question2: string;
  readonly label: Label;
}

/** How a pair was changed: one side, both apart, both by the same edits, or sides exchanged. */
export type PairChange = 'question1' | 'question2' | 'both' | 'alike' | 'swapped';

/** A pair after edits to its questions. */
export interface AugmentedPair {
  readonly question1: string;
  readonly question2: string;
  /** Undefined where nobody can say; such pairs are made only when asked for. */
  readonly label: Label | undefined;
  readonly change: PairChange;
  /** Edits to the original first question, and to the second. */
  readonly edits1: readonly Edit[];
  readonly edits2: readonly Edit[];
}

/** What to make of a pair. */
export interface AugmentPairOptions {
  readonly count?: number;
  readonly rate?: number;
  readonly seed?: number;
  /** How often each change is drawn: one side 4 each, both apart, both alike and exchanged 1 each by default. */
  readonly changes?: Readonly<Partial<Record<PairChange, number>>>;
  /** Also give pairs whose label can't be known; their label is undefined. */
  readonly keepUnknown?: boolean;
}

/** What was made of a pair. */
export interface AugmentPairResult {
  readonly results: readonly AugmentedPair[];
  readonly asked: number;
  readonly rejected: Readonly<Record<string, number>>;
}

/**
 * The label of a pair after edits with these verdicts to its sides: edits that keep leave it, one flip makes a positive negative.
 * Undefined for unknown edits, for a flip on a negative (two different questions may have become the same) and for flips on both sides.
 */
export function labelAfter(label: Label, verdict1: Verdict, verdict2: Verdict = 'keeps'): Label | undefined {
  if (verdict1 === 'unknown' || verdict2 === 'unknown') return undefined;
  if (verdict1 === 'keeps' && verdict2 === 'keeps') return label;
  if (verdict1 === 'flips' && verdict2 === 'flips') return undefined;
  return label === 1 ? 0 : undefined;
}

const allChanges: readonly PairChange[] = ['question1', 'question2', 'both', 'alike', 'swapped'];
const usualChanges: Readonly<Record<PairChange, number>> = { question1: 4, question2: 4, both: 1, alike: 1, swapped: 1 };

/** The same edits made to another text: where each stands only once there, at its start or at its end. Undefined where one doesn't fit. */
export function sameEdits(edits: readonly Edit[], text: string, other: string): readonly Edit[] | undefined {
  const moved: Edit[] = [];
  for (const edit of edits) {
    const start = samePlace(edit, text, other);
    if (start === undefined) return undefined;
    moved.push({ ...edit, start, end: start + edit.before.length });
  }
  moved.sort((a, b) => a.start - b.start);
  const overlap = moved.some(({ start }, index) => index > 0 && start < (moved[index - 1]?.end ?? 0));
  return overlap ? undefined : moved;
}

function samePlace({ start, end, before }: Edit, text: string, other: string): number | undefined {
  if (before === '') return start === 0 ? 0 : end === text.length ? other.length : undefined;
  const first = other.indexOf(before);
  return first >= 0 && first === other.lastIndexOf(before) ? first : undefined;
}

interface Sides {
  readonly pair: Pair;
  readonly first: Source;
  readonly second: Source;
}

interface Sided {
  readonly one: Augmented;
  readonly other: Augmented;
  readonly label: Label | undefined;
}

function untouched(text: string): Augmented {
  return { text, edits: [], verdict: 'keeps' };
}

function change(
  augmenter: Augmenter,
  { pair, first, second }: Sides,
  kind: PairChange,
  options: AugmentPairOptions,
  draws: Draws,
): Sided | undefined {
  const { label } = pair;
  const draw = (source: Source): Augmented | undefined => {
    // A flip can only turn a positive pair: on a negative one only edits that keep are worth drawing.
    const verdict = label === 0 && options.keepUnknown !== true ? ({ verdict: 'keeps' } as const) : {};
    const rate = options.rate === undefined ? {} : { rate: options.rate };
    return augmenter.augment(source, { count: 1, seed: draws.below(0x7fffffff), ...rate, ...verdict }).results[0];
  };
  if (kind === 'swapped') return { one: untouched(pair.question2), other: untouched(pair.question1), label };
  if (kind === 'question1' || kind === 'question2') {
    const made = draw(kind === 'question1' ? first : second);
    if (made === undefined) return undefined;
    const same = labelAfter(label, made.verdict);
    return kind === 'question1'
      ? { one: made, other: untouched(pair.question2), label: same }
      : { one: untouched(pair.question1), other: made, label: same };
  }
  const one = draw(first);
  if (one === undefined) return undefined;
  if (kind === 'alike') {
    const edits = sameEdits(one.edits, pair.question1, pair.question2);
    if (edits === undefined) return undefined;
    return { one, other: { text: applyEdits(pair.question2, edits), edits, verdict: one.verdict }, label };
  }
  const other = draw(second);
  return other === undefined ? undefined : { one, other, label: labelAfter(label, one.verdict, other.verdict) };
}

const triesPerResult = 6;

/**
 * Pairs made of one by editing either side, both apart, both alike, or exchanging them. The result depends on the pair, the seed
 * and the augmenter alone.
 */
export function augmentPair(augmenter: Augmenter, pair: Pair, options: AugmentPairOptions = {}): AugmentPairResult {
  const { count = 1, seed = 0, changes = usualChanges } = options;
  const sides: Sides = { pair, first: augmenter.prepare(pair.question1), second: augmenter.prepare(pair.question2) };
  let total = 0;
  const totals = Float64Array.from(allChanges, (kind) => (total += changes[kind] ?? 0));
  const item = `${pair.question1}\n${pair.question2}\n${pair.label}`;
  const rejected: Record<string, number> = {};
  const reject = (reason: string): void => {
    rejected[reason] = (rejected[reason] ?? 0) + 1;
  };
  const made = new Set([`${pair.question1}\n${pair.question2}`]);
  const results: AugmentedPair[] = [];
  for (let stream = 0; results.length < count && stream < count * triesPerResult; stream++) {
    const draws = new Draws(seed, item, stream);
    const kind = allChanges[pickIndex(totals, draws.next())] ?? 'question1';
    const sided = change(augmenter, sides, kind, options, draws);
    if (sided === undefined) reject(kind === 'alike' ? 'does not fit both sides' : 'nothing to change');
    else if (sided.label === undefined && options.keepUnknown !== true) reject('label unknown');
    else if (made.has(`${sided.one.text}\n${sided.other.text}`)) reject('made before');
    else {
      made.add(`${sided.one.text}\n${sided.other.text}`);
      const { one, other, label } = sided;
      results.push({ question1: one.text, question2: other.text, label, change: kind, edits1: one.edits, edits2: other.edits });
    }
  }
  return { results, asked: count, rejected };
}
