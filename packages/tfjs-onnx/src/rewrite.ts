import type { MergedCall, MergedTrace } from './merge.ts';
import type { Size } from './size.ts';
import type { DataType } from './types.ts';

type Item = MergedTrace['items'][number];

const idsOf = (item: Item): readonly number[] => (item.kind === 'call' ? item.outputs.map(({ id }) => id) : [item.id]);

/** A trace that is being rewritten: items are added in any order and sorted, and what nothing needs is dropped, at the end. */
export class TraceEditor {
  readonly #symbols: readonly string[];
  readonly #producers = new Map<number, Item>();
  readonly #uses = new Map<number, number>();
  /** Names of results and their ids; may be changed. */
  readonly results: Record<string, number>;
  #next = 0;

  constructor(trace: MergedTrace) {
    this.#symbols = trace.symbols;
    this.results = { ...trace.results };
    for (const item of trace.items) {
      this.#add(item);
      if (item.kind === 'call') for (const [, id] of item.inputs) this.#uses.set(id, this.uses(id) + 1);
    }
    for (const id of Object.values(trace.results)) this.#uses.set(id, this.uses(id) + 1);
  }

  #add(item: Item): void {
    for (const id of idsOf(item)) {
      this.#producers.set(id, item);
      this.#next = Math.max(this.#next, id + 1);
    }
  }

  /** How often a value of the original trace is used. */
  uses(id: number): number {
    return this.#uses.get(id) ?? 0;
  }

  /** The call behind a value. */
  call(id: number): MergedCall | undefined {
    const item = this.#producers.get(id);
    return item?.kind === 'call' ? item : undefined;
  }

  fresh(): number {
    return this.#next++;
  }

  input(name: string, shape: readonly Size[]): number {
    const id = this.fresh();
    this.#add({ kind: 'input', id, name, dtype: 'float32', shape });
    return id;
  }

  zeros(count: number): number {
    const id = this.fresh();
    this.#add({ kind: 'filled', id, dtype: 'float32', shape: [count], value: 0 });
    return id;
  }

  /** Adds a call with float32 outputs of these shapes; `ids` replaces the values that had these ids. */
  add(
    kernel: string,
    inputs: MergedCall['inputs'],
    options: {
      readonly attributes?: MergedCall['attributes'];
      readonly shapes: readonly (readonly Size[])[];
      readonly ids?: readonly number[];
    },
  ): readonly number[] {
    const dtype: DataType = 'float32';
    const outputs = options.shapes.map((shape, i) => ({ id: options.ids?.[i] ?? this.fresh(), dtype, shape }));
    this.#add({ kind: 'call', kernel, inputs, attributes: options.attributes ?? {}, outputs });
    return outputs.map(({ id }) => id);
  }

  /** The rewritten trace. */
  finish(): MergedTrace {
    const items: Item[] = [];
    const done = new Set<Item>();
    // Depth first, without recursion: a graph is thousands of calls deep.
    const pending: { readonly id: number; readonly ready: boolean }[] = Object.values(this.results).map((id) => ({ id, ready: false }));
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const item = this.#producers.get(next.id);
      if (item === undefined || done.has(item)) continue;
      if (next.ready || item.kind !== 'call') {
        done.add(item);
        items.push(item);
      } else {
        pending.push({ id: next.id, ready: true });
        for (const [, id] of item.inputs) pending.push({ id, ready: false });
      }
    }
    return { symbols: this.#symbols, items, results: this.results };
  }
}
