import { at, entry, kernel, type KernelTable } from '../kernel.ts';
import { MICROSOFT } from '../graph.ts';
import { broadcastShapes } from './outlines.ts';

interface MatMul {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

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
      return [graph.operation('FusedMatMul', names, output, { domain: MICROSOFT, attributes: transposes })];
    },
  }),
};
