import type { MergedCall, MergedTrace } from './merge.ts';
import { hostUpdates } from './pack.ts';
import { sameShape, type Size } from './size.ts';
import type { TensorValue } from './types.ts';

type Item = MergedTrace['items'][number];

const inputOf = (call: MergedCall, key: string): number => call.inputs.find(([name]) => name === key)?.[1] ?? -1;

/** A weight `[rows, columns]` whose gradient is a product of an output's gradient with what the weight was applied to. */
interface Weight {
  readonly update: ReturnType<typeof hostUpdates>[number];
  readonly gradient: number;
  /** What the weight was applied to. */
  readonly activation: number;
  readonly rows: number;
  readonly columns: number;
}

interface Uses {
  /** The calls that read each value. */
  readonly calls: ReadonlyMap<number, readonly MergedCall[]>;
  readonly results: ReadonlySet<number>;
}

const usesIn = ({ items, results }: MergedTrace): Uses => {
  const calls = new Map<number, MergedCall[]>();
  for (const item of items) if (item.kind === 'call') for (const [, id] of item.inputs) calls.set(id, [...(calls.get(id) ?? []), item]);
  return { calls, results: new Set(Object.values(results)) };
};

/** Weights that nothing but products, sums of squares and their own updates reads, so that their layout can't be seen. */
const weightsIn = (trace: MergedTrace): readonly Weight[] => {
  const { calls, results } = usesIn(trace);
  const producers = new Map(trace.items.flatMap((item) => (item.kind === 'call' ? item.outputs.map(({ id }) => [id, item] as const) : [])));
  const onlyReadBy = (id: number, allowed: (call: MergedCall) => boolean): boolean =>
    !results.has(id) && (calls.get(id) ?? []).every((call) => allowed(call));
  return hostUpdates(trace).flatMap((update): readonly Weight[] => {
    const { parameter = -1, firstMoment = -1, secondMoment = -1, gradient = -1 } = update.ids;
    const product = producers.get(gradient);
    const { transposeA, transposeB } = product?.attributes ?? {};
    const [rows, columns, ...more] = update.shape;
    if (product?.kernel !== 'BatchMatMul' || transposeA !== true || transposeB === true) return [];
    if (rows === undefined || columns === undefined || more.length > 0 || !sameShape(product.outputs[0]?.shape ?? [], update.shape))
      return [];
    const own = (call: MergedCall): boolean => call === update.call;
    const hidden =
      onlyReadBy(parameter, (call) => own(call) || (call.kernel === 'BatchMatMul' && call.outputs[0]?.shape.length === 2)) &&
      onlyReadBy(gradient, (call) => own(call) || call.kernel === 'SumOfSquares') &&
      onlyReadBy(firstMoment, own) &&
      onlyReadBy(secondMoment, own);
    return hidden ? [{ update, gradient, activation: inputOf(product, 'b'), rows, columns }] : [];
  });
};

/**
 * The weights that are better kept transposed. The gradient of one that lies as it is takes a transposed copy of `rows` values
 * for each token; all that share an activation take one copy of `columns` values if they lie transposed.
 */
const worthwhile = (weights: readonly Weight[]): readonly Weight[] => {
  const groups = new Map<number, Weight[]>();
  for (const weight of weights) groups.set(weight.activation, [...(groups.get(weight.activation) ?? []), weight]);
  return [...groups.values()].flatMap((group) => {
    const rows = group.reduce((sum, weight) => sum + weight.rows, 0);
    return (group[0]?.columns ?? 0) < rows ? group : [];
  });
};

const reversed = <T extends { readonly shape: readonly Size[] }>(item: T): T => ({ ...item, shape: item.shape.toReversed() });

/** A product that reads weights in their new layout. */
const flipOperands = (call: MergedCall, flipped: ReadonlySet<number>): MergedCall => {
  const turned = (key: 'a' | 'b', attribute: string): boolean => (call.attributes[attribute] === true) !== flipped.has(inputOf(call, key));
  const attributes = { ...call.attributes, transposeA: turned('a', 'transposeA'), transposeB: turned('b', 'transposeB') };
  return { ...call, attributes };
};

/**
 * Keeps weights and their moments transposed in the state where their gradients then need fewer transposed copies of
 * activations. Products read a matrix in either layout equally fast, and AdamW works element by element.
 *
 * @returns The trace, and the names of the state that is transposed.
 */
export const transposeWeights = (trace: MergedTrace): { readonly trace: MergedTrace; readonly transposed: readonly string[] } => {
  const chosen = worthwhile(weightsIn(trace));
  const inputs = new Set(
    chosen.flatMap(({ update }) => ['parameter', 'firstMoment', 'secondMoment'].map((role) => update.ids[role] ?? -1)),
  );
  const gradients = new Set(chosen.map(({ gradient }) => gradient));
  const updates = new Set<Item>(chosen.map(({ update }) => update.call));
  const items = trace.items.map((item): Item => {
    if (item.kind !== 'call') return inputs.has(item.id) ? reversed(item as typeof item & { readonly kind: 'input' }) : item;
    if (updates.has(item)) return { ...item, outputs: item.outputs.map(reversed) };
    if (item.kernel !== 'BatchMatMul') return item;
    if (!gradients.has(item.outputs[0]?.id ?? -1)) return flipOperands(item, inputs);
    const swapped = [['a', inputOf(item, 'b')] as const, ['b', inputOf(item, 'a')] as const];
    return { ...item, inputs: swapped, outputs: item.outputs.map(reversed) };
  });
  const transposed = chosen.flatMap(({ update }) => update.states.map((state) => state.slice('state/'.length)));
  return { trace: { ...trace, items }, transposed };
};

/** Rows and columns that are copied together, so that both sides of a block stay in the cache. */
const SIDE = 16;

/** The transpose of a matrix, as a copy. */
export const turned = ({ dtype, shape, data }: TensorValue): TensorValue => {
  const [rows = 1, columns = 1] = shape;
  const result = new Float32Array(rows * columns);
  for (let top = 0; top < rows; top += SIDE) {
    const bottom = Math.min(top + SIDE, rows);
    for (let left = 0; left < columns; left += SIDE) {
      const right = Math.min(left + SIDE, columns);
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) result[column * rows + row] = data[row * columns + column] as number;
    }
  }
  return { dtype, shape: [columns, rows], data: result };
};
