import type { KernelTable } from '../kernel.ts';
import { arithmeticKernels } from './arithmetic.ts';
import { gatherKernels } from './gather.ts';
import { logicKernels } from './logic.ts';
import { matrixKernels } from './matrix.ts';
import { reductionKernels } from './reduction.ts';
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
  ...trainingKernels,
};
