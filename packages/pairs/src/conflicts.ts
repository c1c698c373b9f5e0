import { unorderedKey } from './pair-key.ts';
import { pairsOfGroup } from './pairs-of-group.ts';
import type { Label, Pair, QuestionGroup } from './pair.ts';

/** The same two questions, in either order, found more than once. */
export interface RepeatedPair {
  readonly question1: string;
  readonly question2: string;
  /** In the order found. */
  readonly labels: readonly Label[];
  /** The groups that hold the pair, in the order found. */
  readonly groups: readonly string[];
}

/** A question that a group names twice. */
export interface RepeatedQuestion {
  readonly group: string;
  readonly question: string;
}

/** What {@link findConflicts} finds. */
export interface Conflicts {
  /** Repetitions within one list of a group, one entry for each repetition. */
  readonly repeatedInList: readonly RepeatedQuestion[];
  /** Questions in both lists of their group. */
  readonly inBothLists: readonly RepeatedQuestion[];
  /** Pairs found more than once, always with the same label. */
  readonly duplicates: readonly RepeatedPair[];
  /** Pairs found with both labels. */
  readonly contradictions: readonly RepeatedPair[];
}

/**
 * Finds repeated questions, repeated pairs and contradictory pairs. Looks only at pairs that can repeat, those between questions that stand
 * in several groups and those of groups that name a question in both lists, so memory grows with the questions and with these few.
 */
export function findConflicts(groups: Iterable<QuestionGroup>): Conflicts {
  const repeatedInList: RepeatedQuestion[] = [];
  const inBothLists: RepeatedQuestion[] = [];
  const list = [...groups];
  const contradictory = new Set<QuestionGroup>();
  const occurrences = new Map<string, number>();
  for (const group of list) {
    const equivalents = distinct(group.equivalents, group.id, repeatedInList);
    const nonEquivalents = distinct(group.nonEquivalents, group.id, repeatedInList);
    for (const question of nonEquivalents) {
      if (!equivalents.has(question)) continue;
      inBothLists.push({ group: group.id, question });
      contradictory.add(group);
    }
    for (const questions of [equivalents, nonEquivalents]) {
      for (const question of questions) occurrences.set(question, (occurrences.get(question) ?? 0) + 1);
    }
  }
  const repeated = (question: string): boolean => (occurrences.get(question) ?? 0) > 1;
  const candidates = (function* (): Generator<Pair> {
    for (const group of list) {
      const { id, equivalents, nonEquivalents } = group;
      if (contradictory.has(group)) yield* pairsOfGroup(group);
      else yield* pairsOfGroup({ id, equivalents: equivalents.filter(repeated), nonEquivalents: nonEquivalents.filter(repeated) });
    }
  })();
  return { repeatedInList, inBothLists, ...repeatedPairs(candidates) };
}

function distinct(questions: readonly string[], group: string, repeated: RepeatedQuestion[]): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const question of questions) {
    if (seen.has(question)) repeated.push({ group, question });
    seen.add(question);
  }
  return seen;
}

/** The pairs found more than once in either order: with one label, or with both. */
export function repeatedPairs(pairs: Iterable<Pair>): Pick<Conflicts, 'duplicates' | 'contradictions'> {
  const found = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = unorderedKey(pair.question1, pair.question2);
    const known = found.get(key);
    if (known === undefined) found.set(key, [pair]);
    else known.push(pair);
  }
  const duplicates: RepeatedPair[] = [];
  const contradictions: RepeatedPair[] = [];
  for (const same of found.values()) {
    const [first] = same;
    if (first === undefined || same.length === 1) continue;
    const entry = {
      question1: first.question1,
      question2: first.question2,
      labels: same.map(({ label }) => label),
      groups: same.map(({ group }) => group ?? ''),
    };
    (new Set(entry.labels).size > 1 ? contradictions : duplicates).push(entry);
  }
  return { duplicates, contradictions };
}
