import { OnnxEngineError } from '../errors.ts';
import { at, entry, kernel, type KernelTable } from '../kernel.ts';
import { MICROSOFT, type Operand } from '../graph.ts';
import { broadcastShapes } from './outlines.ts';

interface MatMul {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The permutation that swaps the last two axes. */
const lastSwapped = (rank: number): readonly number[] => [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];

/**
 * Products. On the CPU transposed operands are read as they lie: Gemm for matrices, FusedMatMul for batches of them. On a
 * GPU a transposed copy and MatMul are several times faster than Gemm.
 */
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
      const { dtype, shape } = at(outputs, 0);
      if (dtype !== 'float32')
        throw new OnnxEngineError(`matMul: expected float32, got ${dtype}. Cast both sides first.`, { subject: 'BatchMatMul' });
      const transposes = { transA: Number(attributes.transposeA), transB: Number(attributes.transposeB) };
      const names = [graph.whole(a), graph.whole(b)];
      if (transposes.transA + transposes.transB === 0) return [graph.product('MatMul', names, shape)];
      if (graph.target !== 'webgpu' && a.shape.length === 2 && b.shape.length === 2)
        return [graph.product('Gemm', names, shape, { attributes: transposes })];
      if (graph.target === 'cpu') return [graph.product('FusedMatMul', names, shape, { domain: MICROSOFT, attributes: transposes })];
      const swapped = (operand: Operand, swap: number): string =>
        graph.whole(swap === 0 ? operand : graph.transpose(operand, lastSwapped(operand.shape.length)));
      return [graph.product('MatMul', [swapped(a, transposes.transA), swapped(b, transposes.transB)], shape)];
    },
  }),
};
