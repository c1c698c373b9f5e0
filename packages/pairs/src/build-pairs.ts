import { findConflicts } from './conflicts.ts';
import { NegativeSource, type ExtraNegativesOptions } from './extra-negatives.ts';
import { unorderedKey } from './pair-key.ts';
import { corpusError, quoted } from './corpus-error.ts';
import { pairsOfGroup, type GroupPairOptions } from './pairs-of-group.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** What to do with something that is wrong in the groups. */
export type ConflictPolicy = 'keep' | 'drop' | 'refuse';

/** Options of {@link buildPairs}. */
export interface BuildPairsOptions extends GroupPairOptions {
  /** The same unordered pair again, from another group, under the same label: keep each (default), drop all but the first, or refuse. */
  readonly duplicates?: ConflictPolicy;
  /** The same unordered pair under both labels, or a question in both lists of its group: keep (default), drop every such pair, or refuse. */
  readonly contradictions?: ConflictPolicy;
  /** Negative pairs across groups, after each group's own; see {@link extraNegatives}. Default: none. */
  readonly extraNegatives?: Omit<ExtraNegativesOptions, 'seed'>;
}

/**
 * The pairs of all groups, lazily, group after group; see {@link pairsOfGroup} for the order. With both policies at `keep` and no extra
 * negatives, groups are taken one at a time and memory stays constant; otherwise all groups are held.
 *
 * @throws {CorpusError} Under `refuse`, naming the first offender.
 * @throws {RangeError} If an option has an unknown value.
 */
export function* buildPairs(groups: Iterable<QuestionGroup>, options: BuildPairsOptions = {}): Generator<Pair> {
  const { duplicates = 'keep', contradictions = 'keep', extraNegatives: extra } = options;
  for (const [name, policy] of Object.entries({ duplicates, contradictions })) {
    if (!['keep', 'drop', 'refuse'].includes(policy))
      throw new RangeError(`buildPairs: ${name}: expected "keep", "drop" or "refuse", got "${policy}"`);
  }
  if (duplicates === 'keep' && contradictions === 'keep' && extra === undefined) {
    for (const group of groups) yield* pairsOfGroup(group, options);
    return;
  }
  const list = [...groups];
  const filter = conflictFilter(list, duplicates, contradictions);
  const negatives = extra === undefined ? undefined : new NegativeSource(list, { ...extra, seed: options.seed ?? 0 });
  for (const group of list) {
    for (const pair of pairsOfGroup(group, options)) if (filter(pair, group)) yield pair;
    for (const pair of negatives?.negativesOf(group) ?? []) {
      yield pair;
      if (options.negatives === 'mirrored') yield { ...pair, question1: pair.question2, question2: pair.question1 };
    }
  }
}

/** {@link buildPairs} for groups that arrive one by one, as from a reader. Conflicts across groups are kept: finding them needs all groups. */
export async function* buildPairsFromStream(groups: AsyncIterable<QuestionGroup>, options: GroupPairOptions = {}): AsyncGenerator<Pair> {
  for await (const group of groups) yield* pairsOfGroup(group, options);
}

function conflictFilter(
  groups: readonly QuestionGroup[],
  duplicates: ConflictPolicy,
  contradictions: ConflictPolicy,
): (pair: Pair, group: QuestionGroup) => boolean {
  const found = findConflicts(groups);
  const [duplicate] = found.duplicates;
  const [contradiction] = found.contradictions;
  const [both] = found.inBothLists;
  if (duplicates === 'refuse' && duplicate !== undefined) throw refused('each pair once', duplicate);
  if (contradictions === 'refuse' && contradiction !== undefined) throw refused('one label for each pair', contradiction);
  if (contradictions === 'refuse' && both !== undefined) {
    const got = `${quoted(both.question)} in both lists of group ${quoted(both.group)}`;
    throw corpusError({ what: 'buildPairs', expected: 'each question in one list of its group', got, advice: CONTRADICTION_ADVICE });
  }
  const dropped = new Set(contradictions === 'drop' ? found.contradictions.map(keyOf) : []);
  const repeated = new Set(duplicates === 'drop' ? found.duplicates.map(keyOf) : []);
  const firstGroups = new Map<string, QuestionGroup>();
  return ({ question1, question2 }, group) => {
    const key = unorderedKey(question1, question2);
    if (dropped.has(key)) return false;
    if (!repeated.has(key)) return true;
    const first = firstGroups.get(key) ?? group;
    firstGroups.set(key, first);
    return first === group;
  };
}

const CONTRADICTION_ADVICE = 'Correct the groups, or build with contradictions: "drop" or "keep".';

interface Found {
  readonly question1: string;
  readonly question2: string;
  readonly groups: readonly string[];
}

function keyOf({ question1, question2 }: Found): string {
  return unorderedKey(question1, question2);
}

function refused(expected: string, pair: Found): Error {
  const got = `${quoted(pair.question1)} with ${quoted(pair.question2)} in groups ${pair.groups.map(quoted).join(' and ')}`;
  return corpusError({ what: 'buildPairs', expected, got, advice: 'Correct the groups, or build with another policy.' });
}
