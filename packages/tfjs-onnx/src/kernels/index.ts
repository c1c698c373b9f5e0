import type { KernelTable } from '../kernel.ts';
import { activationKernels } from './activations.ts';
import { arithmeticKernels } from './arithmetic.ts';
import { blockKernels } from './blocks.ts';
import { gatherKernels } from './gather.ts';
import { logicKernels } from './logic.ts';
import { matrixKernels } from './matrix.ts';
import { orderKernels } from './order.ts';
import { reductionKernels } from './reduction.ts';
import { scatterKernels } from './scatter.ts';
import { shapingKernels } from './shaping.ts';
import { trainingKernels } from './training.ts';

/** Every tfjs kernel that the backend records and lowers. */
export const KERNELS: KernelTable = {
  ...arithmeticKernels,
  ...logicKernels,
  ...reductionKernels,
  ...shapingKernels,
  ...gatherKernels,
  ...matrixKernels,
  ...activationKernels,
  ...orderKernels,
  ...scatterKernels,
  ...blockKernels,
  ...trainingKernels,
};
