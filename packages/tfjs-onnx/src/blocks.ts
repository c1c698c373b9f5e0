import { Graph } from './graph.ts';
import type { Operand } from './operand.ts';
import { productOf, symbolFactors } from './size.ts';

/** Blocks that a tensor is cut into at most: each costs some twenty microseconds. */
const MOST_BLOCKS = 96;
/** Values of a row for each block: narrow tensors are cut into few blocks, because each of them is small. */
const VALUES_PER_BLOCK = 16;
/** Below this many values everything fits into the cache as it is. */
const SMALL = 2 ** 19;

/**
 * In how many equal blocks a tensor pays to be worked on: a divisor of its last size, so that any number of rows can be cut.
 *
 * @returns 1 for a tensor that is small, or whose rows are as few as a batch.
 */
export const blockCount = ({ shape }: Operand): number => {
  const width = shape.at(-1);
  if (typeof width !== 'number') return 1;
  const rows = productOf(shape.slice(0, -1));
  if (typeof rows === 'number' ? rows * width < SMALL : symbolFactors(rows).length < 2) return 1;
  let count = Math.max(1, Math.min(MOST_BLOCKS, Math.floor(width / VALUES_PER_BLOCK)));
  while (width % count !== 0) count--;
  return count;
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
  const count = first === undefined ? 1 : blockCount(first);
  if (first === undefined || count === 1) return body(graph, operands);
  const { shape } = first;
  const size = productOf([...shape.slice(0, -1), Number(shape.at(-1)) / count]);
  const inner = new Graph(graph.symbols, { target: graph.target }, graph.scope());
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
