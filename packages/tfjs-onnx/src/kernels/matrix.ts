import { at, entry, kernel, type Kernel, type KernelTable, type LowerContext } from '../kernel.ts';
import type { Graph } from '../graph.ts';
import { MICROSOFT, type Operand } from '../operand.ts';
import { activate } from './activate.ts';
import { broadcastShapes } from './outlines.ts';
import { columnSum } from './sums.ts';
import { divideSizes, multiplySizes } from '../size.ts';

interface MatMul {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The permutation that swaps the last two axes. */
const lastSwapped = (rank: number): readonly number[] => [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];

/**
 * aᵀ · b of two matrices, as weights' gradients are. ONNX Runtime's CPU product reads a transposed left side up to a fifth
 * slower than it lies; copying the narrower matrix costs less. (The session must not fuse the copy back.)
 */
const weightGradient = (graph: Graph, a: Operand, b: Operand): Operand => {
  const [, rows = 1] = a.shape;
  const [, columns = 1] = b.shape;
  const copied = (x: Operand): string => graph.whole(graph.transpose(x, [1, 0]));
  if (typeof rows === 'number' && typeof columns === 'number' && rows > columns) {
    return graph.transpose(graph.product('MatMul', [copied(b), graph.whole(a)], [columns, rows]), [1, 0]);
  }
  return graph.product('MatMul', [copied(a), graph.whole(b)], [rows, columns]);
};

/** Rows and columns of the result that one group of a GPU's threads computes, in ONNX Runtime's product. */
const TILE = 32;
/** So many groups keep a large GPU busy. */
const GROUPS = 1536;
/** Fewer parts do not pay for adding them up. */
const LEAST_PARTS = 3;
const MOST_PARTS = 16;
const LEAST_INNER = 128;

/**
 * aᵀ · b of two matrices on a GPU. Where the result is small and the inner size is long, most of the GPU would idle: the
 * inner size is cut into parts, whose products are computed side by side and added up.
 */
const gradientInParts = (graph: Graph, a: Operand, b: Operand): Operand => {
  const [inner = 1, rows = 1] = a.shape;
  const [, columns = 1] = b.shape;
  const tiles = [rows, columns].map((size) => (typeof size === 'number' ? Math.ceil(size / TILE) : Infinity)).reduce((x, y) => x * y);
  const most = Math.min(MOST_PARTS, Math.floor(GROUPS / tiles));
  const parts = most < LEAST_PARTS ? 1 : graph.partsOf(inner, most, LEAST_INNER);
  if (parts === 1) return graph.product('MatMul', [graph.whole(graph.transpose(a, [1, 0])), graph.whole(b)], [rows, columns]);
  const part = divideSizes(inner, parts);
  const left = graph.transpose(graph.reshape(a, [parts, part, rows]), [0, 2, 1]);
  const right = graph.reshape(b, [parts, part, columns]);
  const products = graph.product('MatMul', [graph.whole(left), graph.whole(right)], [parts, rows, columns]);
  const flat = graph.reshape(products, [parts, multiplySizes(rows, columns)]);
  return graph.reshape(columnSum(graph, flat), [rows, columns]);
};

/**
 * Products. On the CPU transposed operands are read as they lie: Gemm for matrices, FusedMatMul for batches of them. On a
 * GPU a transposed copy and MatMul are several times faster than Gemm.
 */
const product: Kernel = kernel<MatMul>({
  outline: (inputs, { transposeA, transposeB }) => {
    const a = entry(inputs, 'a');
    const b = entry(inputs, 'b');
    if (a.shape.length < 2 || b.shape.length < 2)
      throw new RangeError(`matMul: expected matrices or batches of them, got [${a.shape.join(', ')}] and [${b.shape.join(', ')}].`);
    const rows = at(a.shape, a.shape.length - (transposeA ? 1 : 2));
    const columns = at(b.shape, b.shape.length - (transposeB ? 2 : 1));
    if (a.shape.at(transposeA ? -2 : -1) !== b.shape.at(transposeB ? -1 : -2))
      throw new RangeError(
        `matMul: expected equal inner sizes, got [${a.shape.join(', ')}]${transposeA ? 'ᵀ' : ''} and [${b.shape.join(', ')}]${transposeB ? 'ᵀ' : ''}.`,
      );
    return [{ dtype: a.dtype, shape: [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns] }];
  },
  lower: ({ graph, inputs, attributes, outputs }) => {
    const a = entry(inputs, 'a');
    const b = entry(inputs, 'b');
    const { dtype, shape } = at(outputs, 0);
    const transposes = { transA: Number(attributes.transposeA), transB: Number(attributes.transposeB) };
    const swapped = (operand: Operand, swap: number): string =>
      graph.whole(swap === 0 ? operand : graph.transpose(operand, lastSwapped(operand.shape.length)));
    if (dtype !== 'float32')
      return [graph.operation('MatMul', [swapped(a, transposes.transA), swapped(b, transposes.transB)], { dtype, shape })];
    const names = [graph.whole(a), graph.whole(b)];
    if (transposes.transA + transposes.transB === 0) return [graph.product('MatMul', names, shape)];
    const matrices = a.shape.length === 2 && b.shape.length === 2;
    if (matrices && transposes.transA === 1 && transposes.transB === 0 && graph.target !== 'portable')
      return [graph.target === 'cpu' ? weightGradient(graph, a, b) : gradientInParts(graph, a, b)];
    if (graph.target !== 'webgpu' && matrices) return [graph.product('Gemm', names, shape, { attributes: transposes })];
    if (graph.target === 'cpu') return [graph.product('FusedMatMul', names, shape, { domain: MICROSOFT, attributes: transposes })];
    return [graph.product('MatMul', [swapped(a, transposes.transA), swapped(b, transposes.transB)], shape)];
  },
});

interface FusedMatMul extends MatMul {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Products of matrices. */
export const matrixKernels: KernelTable = {
  BatchMatMul: product,
  _FusedMatMul: kernel<FusedMatMul>({
    outline: (inputs, attributes) => product.outline(inputs, attributes as unknown as Readonly<Record<string, unknown>>),
    lower: (context) => [activate(context as unknown as LowerContext<object>, at(product.lower(context as never), 0))],
  }),
};
