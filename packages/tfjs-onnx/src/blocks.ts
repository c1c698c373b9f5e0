import { Graph } from './graph.ts';
import type { Operand } from './operand.ts';
import { divideSizes, productOf, symbolFactors, type Size } from './size.ts';

/** Values of a block. ONNX Runtime computes fewer than some 80,000 element by element in one thread; many more would not stay in the cache. */
const BLOCK = 98_304;
const MOST_BLOCKS = 4096;
/** Narrower rows are not worth the blocks' own time. */
const WIDE = 256;

/** The rows of a tensor, if they are more than a batch's. */
const manyRows = ({ shape }: Operand): Size | undefined => {
  const rows = productOf(shape.slice(0, -1));
  return typeof rows === 'number' || symbolFactors(rows).length > 1 ? rows : undefined;
};

/**
 * Works element by element on equal blocks of tensors, one after the other (ONNX's Scan), so that all that lies between the
 * inputs and the result stays in the processor's cache. A chain of plain nodes carries each of their results through memory.
 *
 * @param operands Of one shape, float32.
 * @param body Given a graph of its own and a block of each operand, all `[n]`; returns the block of the result.
 */
export const inBlocks = (
  graph: Graph,
  operands: readonly Operand[],
  body: (inner: Graph, blocks: readonly Operand[]) => Operand,
): Operand => {
  const [first] = operands;
  const many = first !== undefined && manyRows(first) !== undefined;
  const count = many ? graph.partsOf(productOf(first.shape), MOST_BLOCKS, BLOCK) : 1;
  if (first === undefined || count === 1) return body(graph, operands);
  const { shape } = first;
  const size = divideSizes(productOf(shape), count);
  const inner = graph.inside();
  const blocks = operands.map((_, i) => inner.input(`${inner.prefix}${i}`, 'float32', [size]));
  const output = inner.result(body(inner, blocks));
  const loop = graph.node(
    'Scan',
    operands.map((operand) => graph.reshaped(graph.whole(operand), { type: 'float32', shape }, [count, size])),
    { type: 'float32', shape: [count, size] },
    { attributes: { num_scan_inputs: operands.length, body: { graph: { name: 'block', ...inner.parts([output], true) } } } },
  );
  const name = graph.reshaped(loop, { type: 'float32', shape: [count, size] }, shape);
  return { name, dtype: 'float32', shape, stored: shape };
};

/** Into how many blocks of whole rows a tensor pays to be cut, if it does. */
export const rowBlockCount = (graph: Graph, x: Operand): Size | undefined => {
  const [rows, width] = [manyRows(x), x.shape.at(-1)];
  if (rows === undefined || typeof width !== 'number' || width < WIDE) return undefined;
  const count = graph.partsOf(rows, MOST_BLOCKS, Math.ceil(BLOCK / width));
  return count === 1 ? undefined : count;
};

/**
 * As {@link inBlocks}, on `count` blocks of whole rows.
 *
 * @param operands Of equally many rows; widths may differ.
 * @param body Given a graph of its own and a block of each operand, `[rows / count, width]`. It may read values of the outer graph.
 * @returns The blocks of each result, one after the other: `[count, ...]`.
 */
export const inRowBlocks = (
  graph: Graph,
  { operands, count }: { readonly operands: readonly Operand[]; readonly count: Size },
  body: (inner: Graph, blocks: readonly Operand[]) => readonly Operand[],
): readonly Operand[] => {
  const inner = graph.inside();
  const cut = operands.map((operand) => {
    const rows = divideSizes(productOf(operand.shape.slice(0, -1)), count);
    return graph.reshape(operand, [count, rows, operand.shape.at(-1) ?? 1]);
  });
  const blocks = cut.map(({ shape }, i) => inner.input(`${inner.prefix}${i}`, 'float32', shape.slice(1)));
  const results = body(inner, blocks);
  const names = results.map((result) => inner.result(result));
  const outputs = results.map(({ shape }) => ({ type: 'float32' as const, shape: [count, ...shape] }));
  const stacked = graph.nodes(
    'Scan',
    cut.map((operand) => graph.whole(operand)),
    outputs,
    { attributes: { num_scan_inputs: cut.length, body: { graph: { name: 'block', ...inner.parts(names, true) } } } },
  );
  return outputs.map(({ shape }, i) => ({ name: stacked[i] ?? '', dtype: 'float32', shape, stored: shape }));
};
