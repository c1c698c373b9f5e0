import { judgementGraph, ShortestPaths, type JudgementGraph } from './judgement-graph.ts';
import type { Pair } from './pair.ts';

/** Two questions that are stated to differ although other statements make them equal. */
export interface Contradiction {
  readonly question1: string;
  readonly question2: string;
  /** A shortest chain from `question1` to `question2`; each two neighbours are stated to ask the same. */
  readonly proof: readonly string[];
}

/** What labelled pairs imply. */
export interface Closure {
  /** Sets of two or more questions that ask the same, by statement or by implication. */
  readonly classes: readonly (readonly string[])[];
  /** Pairs about which nothing is stated, and which ask the same: A = B and B = C give A = C. */
  readonly impliedPositives: number;
  /** Pairs about which nothing is stated, and which differ: A = B and B ≠ C give A ≠ C. Contradictory statements imply nothing here. */
  readonly impliedNegatives: number;
  /** Unordered pairs that are stated to differ inside one class. */
  readonly contradictionCount: number;
  /** The first of them, each with a shortest proof. */
  readonly contradictions: readonly Contradiction[];
}

/** Options of {@link closePairs}. */
export interface ClosureOptions {
  /** How many contradictions get a proof. Default 1000. */
  readonly maxProofs?: number;
}

/** The equivalence classes, implied pairs and contradictions of labelled or predicted pairs. */
export function closePairs(pairs: Iterable<Pair>, options: ClosureOptions = {}): Closure {
  const graph = judgementGraph([...pairs]);
  const members = classMembers(graph);
  const contradictory = graph.edges.filter(({ left, right, different }) => different.length > 0 && joined(graph, left, right));
  const paths = new ShortestPaths(graph.equals);
  const name = (question: number): string => graph.questions[question] ?? '';
  const contradictions = contradictory.slice(0, options.maxProofs ?? 1000).map(({ left, right }) => {
    return { question1: name(left), question2: name(right), proof: (paths.find(left, right) ?? []).map(name) };
  });
  return {
    classes: [...members.values()].filter((questions) => questions.length > 1).map((questions) => questions.map(name)),
    ...countImplied(graph, members),
    contradictionCount: contradictory.length,
    contradictions,
  };
}

/**
 * The pairs that follow from the given ones and are not among them, lazily: within each class with label 1, and between classes of which
 * one pair is stated to differ with label 0.
 */
export function* impliedPairs(pairs: Iterable<Pair>): Generator<Pair> {
  const graph = judgementGraph([...pairs]);
  const members = classMembers(graph);
  const stated = statedKeys(graph);
  const isNew = (left: number, right: number): boolean => !stated.has(keyOf(left, right));
  const pair = (left: number, right: number, label: 0 | 1): Pair => {
    return { question1: graph.questions[left] ?? '', question2: graph.questions[right] ?? '', label };
  };
  for (const questions of members.values()) {
    for (const [at, left] of questions.entries()) {
      for (const right of questions.slice(at + 1)) if (isNew(left, right)) yield pair(left, right, 1);
    }
  }
  for (const [one, two] of differingClasses(graph)) {
    for (const left of members.get(one) ?? []) {
      for (const right of members.get(two) ?? []) if (isNew(left, right)) yield pair(left, right, 0);
    }
  }
}

function joined({ classes }: JudgementGraph, left: number, right: number): boolean {
  return classes.find(left) === classes.find(right);
}

/** Questions by the root of their class. */
function classMembers({ questions, classes }: JudgementGraph): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  for (let question = 0; question < questions.length; question += 1) {
    const root = classes.find(question);
    const known = members.get(root);
    if (known === undefined) members.set(root, [question]);
    else known.push(question);
  }
  return members;
}

function keyOf(left: number, right: number): number {
  return Math.min(left, right) * 2 ** 26 + Math.max(left, right);
}

function statedKeys({ edges }: JudgementGraph): ReadonlySet<number> {
  return new Set(edges.map(({ left, right }) => keyOf(left, right)));
}

/** Roots of every two classes between which a difference is stated. */
function differingClasses(graph: JudgementGraph): readonly (readonly [number, number])[] {
  const found = new Map<number, readonly [number, number]>();
  for (const { left, right, different } of graph.edges) {
    const [one, two] = [graph.classes.find(left), graph.classes.find(right)];
    if (different.length > 0 && one !== two) found.set(keyOf(one, two), [Math.min(one, two), Math.max(one, two)]);
  }
  return [...found.values()];
}

function countImplied(
  graph: JudgementGraph,
  members: ReadonlyMap<number, readonly number[]>,
): { readonly impliedPositives: number; readonly impliedNegatives: number } {
  const size = (root: number): number => members.get(root)?.length ?? 0;
  let impliedPositives = 0;
  let impliedNegatives = 0;
  for (const { length } of members.values()) impliedPositives += (length * (length - 1)) / 2;
  for (const [one, two] of differingClasses(graph)) impliedNegatives += size(one) * size(two);
  for (const { left, right } of graph.edges) {
    if (joined(graph, left, right)) impliedPositives -= 1;
    else impliedNegatives -= 1;
  }
  return { impliedPositives, impliedNegatives };
}
