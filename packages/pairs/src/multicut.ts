import { DisjointSets } from './disjoint-sets.ts';
import { ShortestPaths } from './judgement-graph.ts';

/** What it costs to put two nodes together, and to put them apart. */
export interface CutEdge {
  readonly left: number;
  readonly right: number;
  readonly costTogether: number;
  readonly costApart: number;
}

/** A partition of nodes 0 … n − 1. */
export interface Partition {
  /** The cluster of each node. */
  readonly clusters: readonly number[];
  readonly cost: number;
  /** Whether it is proven that none is cheaper. */
  readonly optimal: boolean;
  /** What is left of the budget. */
  readonly budget: number;
}

/**
 * A cheapest partition (minimum-cost multicut, also called correlation clustering, which is NP-hard): a greedy one, then branch and bound
 * below its cost over chains that contradict a difference, until the budget of searches for a chain is spent.
 *
 * @see Keuper et al. 2015 for greedy additive edge contraction.
 */
export function cheapestPartition(nodeCount: number, edges: readonly CutEdge[], budget: number): Partition {
  const greedy = improved(nodeCount, edges, contracted(nodeCount, edges));
  const together = Array.from({ length: nodeCount }, () => 0);
  const start = [greedy, together].map((clusters) => ({ clusters, cost: partitionCost(edges, clusters) }));
  const best = start.reduce((left, right) => (right.cost < left.cost ? right : left));
  const search = new ChainSearch(nodeCount, edges, { budget, bound: best.cost });
  const found = search.run();
  return { ...(found ?? best), optimal: search.complete, budget: search.budget };
}

/** What a partition costs. */
export function partitionCost(edges: readonly CutEdge[], clusters: readonly number[]): number {
  return edges.reduce((sum, edge) => sum + (clusters[edge.left] === clusters[edge.right] ? edge.costTogether : edge.costApart), 0);
}

/** Joins the two clusters that gain most by it until none gains. */
function contracted(nodeCount: number, edges: readonly CutEdge[]): number[] {
  const sets = new DisjointSets();
  sets.grow(nodeCount);
  const gains = Array.from({ length: nodeCount }, () => new Map<number, number>());
  const raise = (one: number, two: number, gain: number): number => {
    const raised = (gains[one]?.get(two) ?? 0) + gain;
    gains[one]?.set(two, raised);
    gains[two]?.set(one, raised);
    return raised;
  };
  for (const { left, right, costApart, costTogether } of edges) raise(left, right, costApart - costTogether);
  const queue: Gain[] = edges.map(({ left, right }) => ({ left, right, gain: gains[left]?.get(right) ?? 0 }));
  queue.sort((one, two) => one.gain - two.gain);
  for (let next = queue.pop(); next !== undefined && next.gain > 0; next = queue.pop()) {
    if (gains[next.left]?.get(next.right) !== next.gain) continue;
    sets.union(next.left, next.right);
    const kept = sets.find(next.left);
    const gone = kept === next.left ? next.right : next.left;
    for (const [other, gain] of gains[gone] ?? []) {
      gains[other]?.delete(gone);
      if (other !== kept) insert(queue, { left: kept, right: other, gain: raise(kept, other, gain) });
    }
    gains[gone]?.clear();
  }
  return Array.from({ length: nodeCount }, (_node, index) => sets.find(index));
}

interface Gain {
  readonly left: number;
  readonly right: number;
  readonly gain: number;
}

/** Keeps the queue ascending. */
function insert(queue: Gain[], entry: Gain): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((queue[middle]?.gain ?? 0) < entry.gain) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, entry);
}

/** Moves single nodes to the neighbouring cluster, or one of their own, that costs least, until nothing gains or 20 rounds are over. */
function improved(nodeCount: number, edges: readonly CutEdge[], start: readonly number[]): number[] {
  const clusters = [...start];
  const incident: CutEdge[][] = Array.from({ length: nodeCount }, () => []);
  for (const edge of edges) {
    incident[edge.left]?.push(edge);
    incident[edge.right]?.push(edge);
  }
  let fresh = nodeCount;
  for (let round = 0, moved = true; moved && round < 20; round += 1) {
    moved = false;
    for (let node = 0; node < nodeCount; node += 1) {
      const gainOf = new Map<number, number>([[fresh, 0]]);
      for (const { left, right, costApart, costTogether } of incident[node] ?? []) {
        const cluster = clusters[left === node ? right : left] ?? 0;
        gainOf.set(cluster, (gainOf.get(cluster) ?? 0) + costApart - costTogether);
      }
      const current = gainOf.get(clusters[node] ?? 0) ?? 0;
      const [best, gain] = [...gainOf].reduce((one, two) => (two[1] > one[1] ? two : one));
      if (gain <= current + 1e-12) continue;
      clusters[node] = best;
      moved = true;
      fresh += 1;
    }
  }
  return clusters;
}

/** Branch and bound: each chain of "together" edges between two nodes that want to be apart must be broken somewhere, or the wish given up. */
class ChainSearch {
  readonly #nodeCount: number;
  readonly #edges: readonly CutEdge[];
  readonly #wishes: readonly CutEdge[];
  readonly #neighbours: number[][];
  readonly #given = new Set<CutEdge>();
  readonly #kept = new Set<string>();
  readonly #edgeOf = new Map<string, CutEdge>();
  readonly #paths: ShortestPaths;
  #budget: number;
  #complete = true;
  #bound: number;
  #best: { readonly clusters: readonly number[]; readonly cost: number } | undefined;

  constructor(nodeCount: number, edges: readonly CutEdge[], { budget, bound }: { readonly budget: number; readonly bound: number }) {
    this.#nodeCount = nodeCount;
    this.#edges = edges;
    this.#budget = budget;
    this.#bound = bound;
    this.#wishes = edges.filter(({ costTogether }) => costTogether > 0);
    this.#neighbours = Array.from({ length: nodeCount }, () => []);
    this.#paths = new ShortestPaths(this.#neighbours);
    for (const edge of edges) {
      if (edge.costApart <= 0) continue;
      this.#edgeOf.set(cutKey(edge.left, edge.right), edge);
      this.#link(edge);
    }
  }

  get complete(): boolean {
    return this.#complete;
  }

  get budget(): number {
    return this.#budget;
  }

  /** @returns A partition cheaper than the bound, the cheapest if the search completes. */
  run(): { readonly clusters: readonly number[]; readonly cost: number } | undefined {
    this.#branch(0);
    return this.#best;
  }

  #branch(cost: number): void {
    if (cost >= this.#bound - 1e-12) return;
    if (this.#budget < this.#wishes.length) {
      this.#complete = false;
      return;
    }
    this.#budget -= this.#wishes.length;
    const broken = this.#shortestChain();
    if (broken === undefined) {
      this.#accept();
      return;
    }
    const { wish, chain } = broken;
    const keptHere: string[] = [];
    if (!this.#kept.has(wishKey(wish))) {
      this.#given.add(wish);
      this.#branch(cost + wish.costTogether);
      this.#given.delete(wish);
      this.#kept.add(wishKey(wish));
      keptHere.push(wishKey(wish));
    }
    for (const edge of chain) {
      const key = cutKey(edge.left, edge.right);
      if (this.#kept.has(key)) continue;
      this.#unlink(edge);
      this.#branch(cost + edge.costApart);
      this.#link(edge);
      this.#kept.add(key);
      keptHere.push(key);
    }
    for (const key of keptHere) this.#kept.delete(key);
  }

  /** The shortest chain over all wishes that are still held: the fewest branches. */
  #shortestChain(): { readonly wish: CutEdge; readonly chain: readonly CutEdge[] } | undefined {
    let best: { readonly wish: CutEdge; readonly path: readonly number[] } | undefined;
    for (const wish of this.#wishes) {
      if (this.#given.has(wish)) continue;
      const path = this.#paths.find(wish.left, wish.right);
      if (path !== undefined && (best === undefined || path.length < best.path.length)) best = { wish, path };
    }
    if (best === undefined) return undefined;
    const chain = best.path.slice(1).flatMap((node, at) => this.#edgeOf.get(cutKey(best.path[at] ?? 0, node)) ?? []);
    return { wish: best.wish, chain };
  }

  #accept(): void {
    const clusters = Array.from({ length: this.#nodeCount }, () => -1);
    for (let root = 0; root < this.#nodeCount; root += 1) {
      const stack = clusters[root] === -1 ? [root] : [];
      for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
        if (clusters[node] !== -1) continue;
        clusters[node] = root;
        stack.push(...(this.#neighbours[node] ?? []));
      }
    }
    const cost = partitionCost(this.#edges, clusters);
    if (cost >= this.#bound - 1e-12) return;
    this.#bound = cost;
    this.#best = { clusters, cost };
  }

  #link({ left, right }: CutEdge): void {
    this.#neighbours[left]?.push(right);
    this.#neighbours[right]?.push(left);
  }

  #unlink({ left, right }: CutEdge): void {
    this.#neighbours[left]?.splice(this.#neighbours[left].indexOf(right), 1);
    this.#neighbours[right]?.splice(this.#neighbours[right].indexOf(left), 1);
  }
}

function cutKey(one: number, two: number): string {
  return `${Math.min(one, two)} ${Math.max(one, two)}`;
}

function wishKey({ left, right }: CutEdge): string {
  return `! ${cutKey(left, right)}`;
}
