import { judgementGraph, type Edge, type JudgedPair } from './judgement-graph.ts';
import { cheapestPartition, type CutEdge } from './multicut.ts';
import type { Label } from './pair.ts';

/** Options of {@link repairPairs}. */
export interface RepairOptions {
  /** What to keep small: the number of changed answers (default), or the sum of their confidences. */
  readonly minimise?: 'changes' | 'confidence';
  /** Searches for contradictory chains, the smallest classes first, beyond which a good repair is taken without proof. Default 200,000. */
  readonly budget?: number;
}

/** A changed answer. */
export interface Change {
  /** Position of the pair. */
  readonly index: number;
  readonly from: Label;
  readonly to: Label;
}

/** What {@link repairPairs} did. */
export interface Repair<Judged extends JudgedPair> {
  /** The pairs in their order, without contradictions. */
  readonly pairs: readonly Judged[];
  readonly changes: readonly Change[];
  /** What was kept small: the number of changes, or the sum of their confidences. */
  readonly cost: number;
  /** Whether it is proven that no cheaper repair exists. */
  readonly optimal: boolean;
}

/**
 * Changes answers until none contradicts another: as few as possible, or those with the least confidence in sum. Answers that no
 * contradiction touches stay as they are. A pair stated twice counts twice.
 *
 * @throws {RangeError} If a confidence is negative or not a number.
 */
export function repairPairs<Judged extends JudgedPair>(pairs: Iterable<Judged>, options: RepairOptions = {}): Repair<Judged> {
  const list = [...pairs];
  const weights = list.map((pair) => weightOf(pair, options.minimise ?? 'changes'));
  const changes: Change[] = [];
  let budget = options.budget ?? 200_000;
  let optimal = true;
  for (const edges of contradictoryClasses(list)) {
    const found = repairClass(edges, weights, budget);
    budget = found.budget;
    optimal &&= found.optimal;
    changes.push(...found.changes);
  }
  changes.sort((left, right) => left.index - right.index);
  const repaired = [...list];
  for (const { index, to } of changes) {
    const pair = repaired[index];
    if (pair !== undefined) repaired[index] = { ...pair, label: to };
  }
  const costOf = ({ index }: Change): number => (options.minimise === 'confidence' ? (list[index]?.confidence ?? 1) : 1);
  return { pairs: repaired, changes, cost: changes.reduce((sum, change) => sum + costOf(change), 0), optimal };
}

/** Among repairs of equal confidence, the one with fewer changes. */
const TIE_BREAK = 1e-9;

function weightOf({ confidence = 1 }: JudgedPair, minimise: 'changes' | 'confidence'): number {
  if (!(confidence >= 0 && confidence < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`repairPairs: confidence: expected a number of at least 0, got ${confidence}`);
  }
  return minimise === 'changes' ? 1 : confidence + TIE_BREAK;
}

/** The statements within each class that holds a contradiction; all other classes are fine as they are. */
function contradictoryClasses(pairs: readonly JudgedPair[]): readonly (readonly Edge[])[] {
  const { edges, classes } = judgementGraph(pairs);
  const inside = new Map<number, Edge[]>();
  const contradictory = new Set<number>();
  for (const edge of edges) {
    const root = classes.find(edge.left);
    if (root !== classes.find(edge.right)) continue;
    if (edge.different.length > 0) contradictory.add(root);
    const known = inside.get(root);
    if (known === undefined) inside.set(root, [edge]);
    else known.push(edge);
  }
  return [...contradictory].map((root) => inside.get(root) ?? []).sort((left, right) => left.length - right.length);
}

interface ClassRepair {
  readonly changes: readonly Change[];
  readonly optimal: boolean;
  readonly budget: number;
}

function repairClass(edges: readonly Edge[], weights: readonly number[], budget: number): ClassRepair {
  const nodes = new Map<number, number>();
  const nodeOf = (question: number): number => {
    const known = nodes.get(question) ?? nodes.size;
    nodes.set(question, known);
    return known;
  };
  const sum = (positions: readonly number[]): number => positions.reduce((total, position) => total + (weights[position] ?? 0), 0);
  const cutEdges: CutEdge[] = edges.map(({ left, right, same, different }) => {
    return { left: nodeOf(left), right: nodeOf(right), costTogether: sum(different), costApart: sum(same) };
  });
  const { clusters, ...search } = cheapestPartition(nodes.size, cutEdges, budget);
  const changes = edges.flatMap(({ same, different }, at): readonly Change[] => {
    const { left = 0, right = 0 } = cutEdges[at] ?? {};
    if (clusters[left] === clusters[right]) return different.map((index) => ({ index, from: 0, to: 1 }));
    return same.map((index) => ({ index, from: 1, to: 0 }));
  });
  return { changes, optimal: search.optimal, budget: search.budget };
}
