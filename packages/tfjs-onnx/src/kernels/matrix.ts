import { at, entry, kernel, type KernelTable } from '../kernel.ts';
import { MICROSOFT, type Operand } from '../graph.ts';
import { broadcastShapes } from './outlines.ts';

interface MatMul {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The permutation that swaps the last two axes. */
const lastSwapped = (rank: number): readonly number[] => [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];

/** Products. Transposed operands are read as they lie: Gemm for matrices, FusedMatMul for batches of them. */
export const matrixKernels: KernelTable = {
  BatchMatMul: kernel<MatMul>({
    outline: (inputs, { transposeA, transposeB }) => {
      const a = entry(inputs, 'a');
      const b = entry(inputs, 'b');
      const rows = at(a.shape, a.shape.length - (transposeA ? 1 : 2));
      const columns = at(b.shape, b.shape.length - (transposeB ? 2 : 1));
      return [{ dtype: a.dtype, shape: [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns] }];
    },
    lower: ({ graph, inputs, attributes, outputs }) => {
      const a = entry(inputs, 'a');
      const b = entry(inputs, 'b');
      const output = at(outputs, 0);
      const names = [graph.whole(a), graph.whole(b)];
      const transposes = { transA: Number(attributes.transposeA), transB: Number(attributes.transposeB) };
      if (transposes.transA + transposes.transB === 0) return [graph.operation('MatMul', names, output)];
      if (a.shape.length === 2 && b.shape.length === 2) return [graph.operation('Gemm', names, output, { attributes: transposes })];
      if (graph.target !== 'cpu') {
        const swapped = (operand: Operand, swap: number): string =>
          graph.whole(swap === 0 ? operand : graph.transpose(operand, lastSwapped(operand.shape.length)));
        return [graph.operation('MatMul', [swapped(a, transposes.transA), swapped(b, transposes.transB)], output)];
      }
      return [graph.operation('FusedMatMul', names, output, { domain: MICROSOFT, attributes: transposes })];
    },
  }),
};
