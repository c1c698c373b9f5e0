import { DisjointSets } from './disjoint-sets.ts';
import type { Pair } from './pair.ts';

/** A pair with how sure its label is. */
export interface JudgedPair extends Pair {
  /** 0 (a guess) to 1 (certain), for predictions the distance of the two probabilities. Default 1. */
  readonly confidence?: number;
}

/** Two different questions, by number, with everything stated about them. */
export interface Edge {
  /** The smaller number of the two. */
  readonly left: number;
  readonly right: number;
  /** Positions of the pairs that say "the same". */
  readonly same: number[];
  /** Positions of the pairs that say "not the same". */
  readonly different: number[];
}

/** Questions as numbers, statements as edges, and the classes that the positive ones imply. */
export interface JudgementGraph {
  readonly questions: readonly string[];
  readonly edges: readonly Edge[];
  readonly classes: DisjointSets;
  /** For each question, the questions that it is stated to equal. */
  readonly equals: readonly (readonly number[])[];
}

/** Builds the graph. A question paired with itself says nothing and is left out. */
export function judgementGraph(pairs: readonly Pair[]): JudgementGraph {
  const numbers = new Map<string, number>();
  const equals: number[][] = [];
  const classes = new DisjointSets();
  const edges = new Map<number, Edge>();
  const numberOf = (question: string): number => {
    const known = numbers.get(question);
    if (known !== undefined) return known;
    numbers.set(question, equals.length);
    classes.grow(numbers.size);
    return equals.push([]) - 1;
  };
  pairs.forEach(({ question1, question2, label }, position) => {
    const [one, two] = [numberOf(question1), numberOf(question2)];
    if (one === two) return;
    const [left, right] = [Math.min(one, two), Math.max(one, two)];
    const key = left * 2 ** 26 + right;
    const edge = edges.get(key) ?? { left, right, same: [], different: [] };
    edges.set(key, edge);
    if (label === 0) {
      edge.different.push(position);
      return;
    }
    if (edge.same.length === 0) {
      equals[left]?.push(right);
      equals[right]?.push(left);
      classes.union(left, right);
    }
    edge.same.push(position);
  });
  return { questions: [...numbers.keys()], edges: [...edges.values()], classes, equals };
}

/**
 * Finds shortest chains in a graph by searching from both ends at once, always on from the smaller front.
 */
export class ShortestPaths {
  readonly #neighbours: readonly (readonly number[])[];
  /** Which search reached a node, and from where: positive from the start, negative from the goal; 0 not yet. Node numbers + 1. */
  readonly #cameFrom: Int32Array;

  constructor(neighbours: readonly (readonly number[])[]) {
    this.#neighbours = neighbours;
    this.#cameFrom = new Int32Array(neighbours.length);
  }

  /** The nodes from start to goal, both included; `undefined` if they are not connected. */
  find(start: number, goal: number): readonly number[] | undefined {
    if (start === goal) return [start];
    const touched = [start, goal];
    this.#cameFrom[start] = start + 1;
    this.#cameFrom[goal] = -(goal + 1);
    let fronts: readonly [readonly number[], readonly number[]] = [[start], [goal]];
    let meeting: readonly [number, number] | undefined;
    while (meeting === undefined && fronts[0].length > 0 && fronts[1].length > 0) {
      const forward = fronts[0].length <= fronts[1].length;
      const next: number[] = [];
      meeting = this.#advance(forward ? fronts[0] : fronts[1], { sign: forward ? 1 : -1, next });
      touched.push(...next);
      fronts = forward ? [next, fronts[1]] : [fronts[0], next];
    }
    const path = meeting === undefined ? undefined : this.#chain(meeting);
    for (const node of touched) this.#cameFrom[node] = 0;
    return path;
  }

  /** One step of one search. @returns The edge on which it met the other, from the start's side to the goal's. */
  #advance(
    front: readonly number[],
    { sign, next }: { readonly sign: 1 | -1; readonly next: number[] },
  ): readonly [number, number] | undefined {
    for (const node of front) {
      for (const neighbour of this.#neighbours[node] ?? []) {
        const reached = this.#cameFrom[neighbour] ?? 0;
        if (reached * sign < 0) return sign > 0 ? [node, neighbour] : [neighbour, node];
        if (reached !== 0) continue;
        this.#cameFrom[neighbour] = sign * (node + 1);
        next.push(neighbour);
      }
    }
    return undefined;
  }

  #chain([startSide, goalSide]: readonly [number, number]): readonly number[] {
    const follow = (from: number): number[] => {
      const nodes = [from];
      for (let node = from; ;) {
        const before = Math.abs(this.#cameFrom[node] ?? 0) - 1;
        if (before === node || before < 0) return nodes;
        nodes.push(before);
        node = before;
      }
    };
    return [...follow(startSide).toReversed(), ...follow(goalSide)];
  }
}
