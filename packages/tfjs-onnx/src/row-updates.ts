import type { MergedCall, MergedTrace } from './merge.ts';
import { hostUpdates } from './pack.ts';
import type { Size } from './size.ts';
import type { Values } from './value.ts';

type Item = MergedTrace['items'][number];

/** A graph input that says to which of the rows that a run touches each index belongs. */
export interface RowFeed {
  readonly feed: string;
  /** The batch input that holds the indices. */
  readonly ids: string;
  /** Rows of the whole table. */
  readonly count: number;
}

/** Smaller tables are summed by a product, and are read and written in no time. */
const SMALL = 64;

const inputOf = (call: MergedCall, key: string): number => call.inputs.find(([name]) => name === key)?.[1] ?? -1;

/** The input that a value is, in whatever shape. */
const inputBehind = (producers: ReadonlyMap<number, Item>, id: number): Item | undefined => {
  const item = producers.get(id);
  return item?.kind === 'call' && (item.kernel === 'Reshape' || item.kernel === 'Identity')
    ? inputBehind(producers, inputOf(item, 'x'))
    : item;
};

/**
 * Gradients of tables of rows, such as word embeddings, that nothing but the sum of squares and the table's own update reads: the graph sums
 * the rows that a run touches, `[indices, width]`, and the update takes all others' gradients to be 0.
 *
 * @returns The trace, and the feed of each such gradient by its id.
 */
export const touchedRows = (trace: MergedTrace): { readonly trace: MergedTrace; readonly rows: ReadonlyMap<number, RowFeed> } => {
  const producers = new Map(
    trace.items.flatMap((item) => (item.kind === 'call' ? item.outputs.map(({ id }) => id) : [item.id]).map((id) => [id, item] as const)),
  );
  const readers = (id: number): readonly Item[] =>
    trace.items.filter((item) => item.kind === 'call' && item.inputs.some(([, read]) => read === id));
  const results = new Set(Object.values(trace.results));
  let fresh = Math.max(-1, ...producers.keys()) + 1;
  const rows = new Map<number, RowFeed>();
  const replaced = new Map<Item, readonly Item[]>();
  for (const { call, ids, shape } of hostUpdates(trace)) {
    const gradient = ids['gradient'] ?? -1;
    const sum = producers.get(gradient);
    const [count = 0, width = 0] = shape;
    if (sum?.kind !== 'call' || sum.kernel !== 'SumOfRows' || count <= SMALL || width % 4 !== 0 || results.has(gradient)) continue;
    const indices = inputBehind(producers, inputOf(sum, 'ids'));
    if (indices?.kind !== 'input' || indices.dtype !== 'int32' || !indices.name.startsWith('batch/')) continue;
    if (!readers(gradient).every((reader) => reader === call || (reader.kind === 'call' && reader.kernel === 'SumOfSquares'))) continue;
    const feed = { feed: `rows/${rows.size}`, ids: indices.name.slice('batch/'.length), count };
    rows.set(gradient, feed);
    const x = inputOf(sum, 'x');
    const touched = lengthOf(producers.get(x), x);
    const input: Item = { kind: 'input', id: fresh, name: feed.feed, dtype: 'int32', shape: [touched] };
    const inputs = [['x', x] as const, ['ids', fresh++] as const];
    const outputs = [{ id: gradient, dtype: 'float32' as const, shape: [touched, width] }];
    replaced.set(sum, [input, { ...sum, inputs, attributes: { count: touched }, outputs }]);
  }
  return { trace: { ...trace, items: trace.items.flatMap((item) => replaced.get(item) ?? [item]) }, rows };
};

const lengthOf = (item: Item | undefined, id: number): Size => {
  const shape = item?.kind === 'call' ? item.outputs.find((output) => output.id === id)?.shape : item?.shape;
  return shape?.[0] ?? 1;
};

/**
 * Numbers the rows that indices name, in the table's order. Negative indices count from the table's end.
 *
 * @throws {RangeError} If an index names no row.
 */
export const numberRows = (
  indices: Values,
  count: number,
): {
  /** The number of each index's row. */
  readonly segments: Int32Array;
  /** The row of each number. */
  readonly rows: Int32Array;
} => {
  const named = Int32Array.from(indices, (index) => (index < 0 ? index + count : index));
  const rows = Int32Array.from(new Set(named)).sort();
  const wrong = [rows[0] ?? 0, rows.at(-1) ?? 0].find((row) => row < 0 || row >= count);
  if (wrong !== undefined)
    throw new RangeError(`run: expected indices of a table of ${count} rows, got ${wrong < 0 ? wrong - count : wrong}.`);
  const numbers = new Map(Array.from(rows, (row, number) => [row, number]));
  return { segments: named.map((row) => numbers.get(row) ?? 0), rows };
};
