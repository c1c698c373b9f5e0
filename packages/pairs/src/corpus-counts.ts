import { findConflicts } from './conflicts.ts';
import { ComponentBuilder, itemOfGroup } from './components.ts';
import { pairsOfGroup } from './pairs-of-group.ts';
import type { QuestionGroup } from './pair.ts';

/** What a training file holds. Keys as reports print them. */
export interface CorpusCounts {
  readonly groups: number;
  readonly empty_questions: number;
  readonly duplicates_within_a_list: number;
  readonly questions_in_both_lists: number;
  readonly unique_questions: number;
  readonly questions_in_several_groups: number;
  readonly components: number;
  readonly positive_pairs: number;
  readonly negative_pairs: number;
  readonly self_pairs_never_emitted: number;
  readonly pairs_with_mirrored_positives: number;
  readonly unique_unordered_pairs: number;
  readonly unordered_pairs_with_both_labels: number;
}

/** Counts what is in the groups and in the pairs that they build by default, each positive and each negative once. */
export function countCorpus(groups: Iterable<QuestionGroup>): CorpusCounts {
  const list = [...groups];
  const groupsOf = new Map<string, number>();
  const components = new ComponentBuilder();
  let [emptyQuestions, positives, negatives] = [0, 0, 0];
  for (const group of list) {
    emptyQuestions += group.emptyQuestions ?? 0;
    for (const question of new Set([...group.equivalents, ...group.nonEquivalents])) {
      groupsOf.set(question, (groupsOf.get(question) ?? 0) + 1);
    }
    if (group.equivalents.length + group.nonEquivalents.length > 0) components.add(itemOfGroup(group));
    for (const { label } of pairsOfGroup(group)) {
      if (label === 1) positives += 1;
      else negatives += 1;
    }
  }
  const { repeatedInList, inBothLists, duplicates, contradictions } = findConflicts(list);
  const repeats = [...duplicates, ...contradictions].reduce((sum, { labels }) => sum + labels.length - 1, 0);
  return {
    groups: list.length,
    empty_questions: emptyQuestions,
    duplicates_within_a_list: repeatedInList.length,
    questions_in_both_lists: inBothLists.length,
    unique_questions: groupsOf.size,
    questions_in_several_groups: [...groupsOf.values()].filter((count) => count > 1).length,
    components: components.finish().units.length,
    positive_pairs: positives,
    negative_pairs: negatives,
    self_pairs_never_emitted: inBothLists.length,
    pairs_with_mirrored_positives: 2 * positives + negatives,
    unique_unordered_pairs: positives + negatives - repeats,
    unordered_pairs_with_both_labels: contradictions.length,
  };
}
