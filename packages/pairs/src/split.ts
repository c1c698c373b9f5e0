import { assignUnits, drawUnits } from './assign-units.ts';
import { ComponentBuilder, itemOfGroup, itemOfPair, NamedUnitBuilder, type SplitItem, type Units } from './components.ts';
import { checkSeed } from './hash.ts';
import { nearDuplicateSets } from './near-duplicates.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** What stays together: everything that shares a question (`component`), a group, or only a pair. */
export type SplitBy = 'component' | 'group' | 'pair';

/** Options of every split. */
export interface SplitOptions {
  /**
   * Default `component`: no question stands on two sides. `group` and `pair` leak, and are here to show how much; see {@link auditLeakage}.
   */
  readonly by?: SplitBy;
  /** Default 0. The same seed gives the same parts, whatever the order of the input. */
  readonly seed?: number;
  /** Whether each part gets its share of both labels and of components of every size (default), or of pairs alone. */
  readonly stratified?: boolean;
  /** Whether questions that are near duplicates count as one question, so that they never part. Default false. Needs `by: 'component'`. */
  readonly mergeNear?: boolean;
}

/** Options of a split in two. */
export interface DevSplitOptions extends SplitOptions {
  /** Share of the pairs that go to the dev part, between 0 and 1. Default 0.1. */
  readonly devShare?: number;
}

/** A split in two. */
export interface Split<Item> {
  readonly train: readonly Item[];
  readonly dev: readonly Item[];
  /** What a split that is not by component must say beside every score; `undefined` for one by component. */
  readonly warning: string | undefined;
}

/** What to say beside scores on a split that leaks: for comparison only. `undefined` for `component`, which does not leak. */
export function splitWarning(by: SplitBy): string | undefined {
  if (by === 'component') return undefined;
  const shared = by === 'pair' ? 'questions, mirrored pairs and groups' : 'questions that several groups hold';
  return `Split by ${by}, for comparison only: ${shared} stand on both sides, so scores on the dev part say nothing about new questions.`;
}

/** Splits groups in two; by component unless told otherwise. */
export function splitGroups(groups: Iterable<QuestionGroup>, options: DevSplitOptions = {}): Split<QuestionGroup> {
  return inTwo([...groups], { what: 'splitGroups', view: itemOfGroup }, options);
}

/** Splits pairs in two; by component unless told otherwise. For groups, splitting them first keeps more: see {@link splitGroups}. */
export function splitPairs(pairs: Iterable<Pair>, options: DevSplitOptions = {}): Split<Pair> {
  return inTwo([...pairs], { what: 'splitPairs', view: itemOfPair }, options);
}

/** Splits groups into `folds` parts of like size; every component lies in exactly one. */
export function foldGroups(
  groups: Iterable<QuestionGroup>,
  folds: number,
  options: SplitOptions = {},
): readonly (readonly QuestionGroup[])[] {
  return inFolds([...groups], { what: 'foldGroups', view: itemOfGroup }, { ...options, folds });
}

/** Splits pairs into `folds` parts of like size; every component lies in exactly one. */
export function foldPairs(pairs: Iterable<Pair>, folds: number, options: SplitOptions = {}): readonly (readonly Pair[])[] {
  return inFolds([...pairs], { what: 'foldPairs', view: itemOfPair }, { ...options, folds });
}

/**
 * The part of each group of a stream, by position, so that a second pass can write the parts: holds hashes, never questions (about 100
 * bytes a group), for corpora that do not fit into memory.
 *
 * @param shares One positive number per part; only their proportions count.
 */
export async function planSplit(
  groups: AsyncIterable<QuestionGroup> | Iterable<QuestionGroup>,
  shares: readonly number[],
  options: Omit<SplitOptions, 'mergeNear'> = {},
): Promise<Uint8Array> {
  checkShares('planSplit', shares);
  const builder = builderOf('planSplit', options);
  for await (const group of groups) builder.add(itemOfGroup(group));
  return partOfItems(builder.finish(), shares, options);
}

/** Who splits, and how an item counts. */
interface Splitter<Item> {
  readonly what: string;
  readonly view: (item: Item) => SplitItem;
}

function inTwo<Item>(items: readonly Item[], splitter: Splitter<Item>, options: DevSplitOptions): Split<Item> {
  const devShare = options.devShare ?? 0.1;
  if (!(devShare > 0 && devShare < 1))
    throw new RangeError(`${splitter.what}: devShare: expected a number between 0 and 1, got ${devShare}`);
  const [train = [], dev = []] = parts(items, splitter, { ...options, shares: [1 - devShare, devShare] });
  return { train, dev, warning: splitWarning(options.by ?? 'component') };
}

function inFolds<Item>(
  items: readonly Item[],
  splitter: Splitter<Item>,
  options: SplitOptions & { readonly folds: number },
): readonly (readonly Item[])[] {
  const { folds } = options;
  if (!Number.isInteger(folds) || folds < 2 || folds > 255) {
    throw new RangeError(`${splitter.what}: folds: expected an integer from 2 to 255, got ${folds}`);
  }
  return parts(items, splitter, { ...options, shares: Array.from({ length: folds }, () => 1) });
}

function parts<Item>(
  items: readonly Item[],
  { what, view }: Splitter<Item>,
  options: SplitOptions & { readonly shares: readonly number[] },
): readonly (readonly Item[])[] {
  const builder = builderOf(what, options);
  for (const item of items) builder.add(view(item));
  if (options.mergeNear === true) {
    if (!(builder instanceof ComponentBuilder))
      throw new RangeError(`${what}: mergeNear: expected by: "component", got by: "${options.by}"`);
    const questions = items.flatMap((item) => [...view(item).questions]);
    for (const near of nearDuplicateSets(questions)) builder.link(near);
  }
  const partOf = partOfItems(builder.finish(), options.shares, options);
  return options.shares.map((_share, part) => items.filter((_item, index) => partOf[index] === part));
}

interface UnitBuilder {
  add(item: SplitItem): void;
  finish(): Units;
}

function builderOf(what: string, options: SplitOptions): UnitBuilder {
  checkSeed(what, options.seed ?? 0);
  const by = options.by ?? 'component';
  if (by === 'component') return new ComponentBuilder();
  if (by !== 'group' && by !== 'pair') throw new RangeError(`${what}: by: expected "component", "group" or "pair", got "${String(by)}"`);
  const builder = new NamedUnitBuilder();
  const seen = new Map<string, number>();
  const nameOfPair = (item: SplitItem): string => {
    const [question1 = '', question2, third] = item.questions;
    if (question2 === undefined || third !== undefined) throw new RangeError(`${what}: by: "pair": expected pairs, got groups`);
    const name = `${question1}\n${question2}\n${item.positives}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return `${name}\n${times}`;
  };
  const add = (item: SplitItem): void => {
    if (by === 'group' && item.group === undefined)
      throw new RangeError(`${what}: by: "group": expected pairs that name their group, got one without`);
    builder.add(item, by === 'group' ? (item.group ?? '') : nameOfPair(item));
  };
  return { add, finish: () => builder.finish() };
}

function partOfItems({ units, unitOf }: Units, shares: readonly number[], options: SplitOptions): Uint8Array {
  const assign = options.stratified === false ? drawUnits : assignUnits;
  const partOfUnit = assign(units, shares, options.seed ?? 0);
  return Uint8Array.from(unitOf, (unit) => partOfUnit[unit] ?? 0);
}

function checkShares(what: string, shares: readonly number[]): void {
  if (shares.length < 2 || shares.length > 255 || !shares.every((share) => share > 0 && Number.isFinite(share))) {
    throw new RangeError(`${what}: shares: expected 2 to 255 positive numbers, got [${shares.join(', ')}]`);
  }
}
