import { corpusError, quoted } from './corpus-error.ts';
import { DisjointSets } from './disjoint-sets.ts';
import { NearDuplicateIndex } from './near-duplicates.ts';
import { orderedKey } from './pair-key.ts';
import type { Pair, QuestionGroup } from './pair.ts';

/** How often something was found, with the first few. */
export interface Finding<Example> {
  readonly count: number;
  readonly examples: readonly Example[];
}

/** A pair of the dev set that the training set holds too. */
export interface SharedPair {
  readonly question1: string;
  readonly question2: string;
  /** The label in the dev set. */
  readonly label: 0 | 1;
  /** The labels in the training set. */
  readonly trainLabels: readonly (0 | 1)[];
}

/** One question of each side that others connect. */
export interface SharedComponent {
  readonly trainQuestion: string;
  readonly devQuestion: string;
}

/** A dev question and the training question that it nearly repeats. */
export interface NearDuplicate {
  readonly trainQuestion: string;
  readonly devQuestion: string;
}

/** What {@link auditLeakage} finds. */
export interface LeakageAudit {
  readonly trainPairs: number;
  readonly devPairs: number;
  readonly trainQuestions: number;
  readonly devQuestions: number;
  /** Different questions that stand on both sides. */
  readonly sharedQuestions: Finding<string>;
  /** Dev pairs with at least one question that stands in training. */
  readonly devPairsWithSharedQuestion: number;
  /** Dev pairs whose two questions both stand in training. */
  readonly devPairsWithBothShared: number;
  /** Dev pairs that stand in training in either order, under whatever label. */
  readonly sharedPairs: Finding<SharedPair>;
  /** Those that stand there with their sides swapped. */
  readonly mirrors: Finding<SharedPair>;
  /** Those that stand there under another label than in the dev set. */
  readonly contradictedPairs: Finding<SharedPair>;
  /** Sets of connected questions with members on both sides. */
  readonly sharedComponents: Finding<SharedComponent>;
  /** Dev questions that equal another text of training after NFKC, in lower case, letters and numbers only. */
  readonly equalNormalForms: Finding<NearDuplicate>;
  /** Dev questions one character edit from one of training, compared likewise; those of the line above not counted again. */
  readonly oneEditApart: Finding<NearDuplicate>;
  /** Positions of the dev pairs with a question of the last two kinds, ascending: score them apart. */
  readonly nearDevPairs: readonly number[];
  /** Whether a question, a pair or a component is shared: what makes a score worthless. Near duplicates alone do not. */
  readonly leaks: boolean;
}

/** Options of {@link auditLeakage}. */
export interface AuditOptions {
  /** How many examples of each kind are kept. Default 5. */
  readonly examples?: number;
  /** The groups that the pairs were built from: their questions count as connected, although no single pair may say so. */
  readonly groups?: Iterable<QuestionGroup>;
}

/**
 * Looks for everything by which a training set can give away a dev set. Takes time proportional to the text: near duplicates are found
 * through an index of deletions, not by comparing all questions.
 */
export function auditLeakage(train: Iterable<Pair>, dev: Iterable<Pair>, options: AuditOptions = {}): LeakageAudit {
  const limit = options.examples ?? 5;
  const [trainPairs, devPairs] = [[...train], [...dev]];
  const trainQuestions = questionsOf(trainPairs);
  const devQuestions = questionsOf(devPairs);
  const sharedQuestions = [...devQuestions].filter((question) => trainQuestions.has(question));
  const sharedIn = (pair: Pair): number => Number(trainQuestions.has(pair.question1)) + Number(trainQuestions.has(pair.question2));
  const sharedComponents = findSharedComponents(trainPairs, devPairs, options.groups ?? []);
  const near = findNearDuplicates(trainQuestions, devQuestions);
  const pairs = findSharedPairs(trainPairs, devPairs);
  return {
    trainPairs: trainPairs.length,
    devPairs: devPairs.length,
    trainQuestions: trainQuestions.size,
    devQuestions: devQuestions.size,
    sharedQuestions: finding(sharedQuestions, limit),
    devPairsWithSharedQuestion: devPairs.filter((pair) => sharedIn(pair) > 0).length,
    devPairsWithBothShared: devPairs.filter((pair) => sharedIn(pair) === 2).length,
    sharedPairs: finding(pairs.shared, limit),
    mirrors: finding(pairs.mirrors, limit),
    contradictedPairs: finding(pairs.contradicted, limit),
    sharedComponents: finding(sharedComponents, limit),
    equalNormalForms: finding(near.equal, limit),
    oneEditApart: finding(near.oneEdit, limit),
    nearDevPairs: devPairs.flatMap(({ question1, question2 }, at) =>
      near.questions.has(question1) || near.questions.has(question2) ? [at] : [],
    ),
    leaks: sharedQuestions.length > 0 || sharedComponents.length > 0,
  };
}

/**
 * Stops where an audit found a leak that makes a score worthless.
 *
 * @throws {CorpusError} With the counts and one example.
 */
export function refuseLeaks(audit: LeakageAudit): void {
  if (!audit.leaks) return;
  const { sharedQuestions, sharedPairs, mirrors, sharedComponents } = audit;
  const [question] = sharedQuestions.examples;
  const [component] = sharedComponents.examples;
  const example = question ?? component?.devQuestion ?? '';
  const counts = `shared questions: ${sharedQuestions.count}, pairs: ${sharedPairs.count} (mirrored: ${mirrors.count}), components: ${sharedComponents.count}`;
  throw corpusError({
    what: 'refuseLeaks',
    expected: 'training and dev pairs that share no question and no component',
    got: `${counts}; for example ${quoted(example)}`,
    advice: 'Split by component, or allow the leak and say so beside the score.',
  });
}

function finding<Example>(found: readonly Example[], limit: number): Finding<Example> {
  return { count: found.length, examples: found.slice(0, limit) };
}

function questionsOf(pairs: readonly Pair[]): ReadonlySet<string> {
  const questions = new Set<string>();
  for (const { question1, question2 } of pairs) questions.add(question1).add(question2);
  return questions;
}

interface SharedPairs {
  readonly shared: SharedPair[];
  readonly mirrors: SharedPair[];
  readonly contradicted: SharedPair[];
}

function findSharedPairs(train: readonly Pair[], dev: readonly Pair[]): SharedPairs {
  const found: SharedPairs = { shared: [], mirrors: [], contradicted: [] };
  const labelsOf = new Map<string, (0 | 1)[]>();
  for (const { question1, question2, label } of train) {
    const key = orderedKey(question1, question2);
    const labels = labelsOf.get(key);
    if (labels === undefined) labelsOf.set(key, [label]);
    else labels.push(label);
  }
  for (const { question1, question2, label } of dev) {
    const straight = labelsOf.get(orderedKey(question1, question2)) ?? [];
    const swapped = question1 === question2 ? [] : (labelsOf.get(orderedKey(question2, question1)) ?? []);
    const trainLabels = [...straight, ...swapped];
    if (trainLabels.length === 0) continue;
    const shared = { question1, question2, label, trainLabels };
    found.shared.push(shared);
    if (swapped.length > 0) found.mirrors.push(shared);
    if (trainLabels.some((other) => other !== label)) found.contradicted.push(shared);
  }
  return found;
}

function findSharedComponents(train: readonly Pair[], dev: readonly Pair[], groups: Iterable<QuestionGroup>): readonly SharedComponent[] {
  const questions = new Map<string, number>();
  const sets = new DisjointSets();
  const numberOf = (question: string): number => {
    const known = questions.get(question) ?? questions.size;
    questions.set(question, known);
    sets.grow(questions.size);
    return known;
  };
  const link = ([first, ...others]: readonly string[]): void => {
    if (first !== undefined) for (const other of others) sets.union(numberOf(first), numberOf(other));
  };
  for (const { equivalents, nonEquivalents } of groups) link([...equivalents, ...nonEquivalents]);
  for (const { question1, question2 } of train) link([question1, question2]);
  for (const { question1, question2 } of dev) link([question1, question2]);
  const trainQuestionOf = new Map<number, string>();
  for (const { question1 } of train) trainQuestionOf.set(sets.find(numberOf(question1)), question1);
  const shared = new Map<number, SharedComponent>();
  for (const { question1: devQuestion } of dev) {
    const root = sets.find(numberOf(devQuestion));
    const trainQuestion = trainQuestionOf.get(root);
    if (trainQuestion !== undefined && !shared.has(root)) shared.set(root, { trainQuestion, devQuestion });
  }
  return [...shared.values()];
}

interface NearDuplicates {
  readonly equal: NearDuplicate[];
  readonly oneEdit: NearDuplicate[];
  /** The dev questions of both lists. */
  readonly questions: Set<string>;
}

function findNearDuplicates(train: ReadonlySet<string>, dev: ReadonlySet<string>): NearDuplicates {
  const index = new NearDuplicateIndex(train);
  const found: NearDuplicates = { equal: [], oneEdit: [], questions: new Set() };
  for (const devQuestion of dev) {
    const near = index.find(devQuestion);
    if (near === undefined) continue;
    found.questions.add(devQuestion);
    (near.distance === 0 ? found.equal : found.oneEdit).push({ trainQuestion: near.question, devQuestion });
  }
  return found;
}
