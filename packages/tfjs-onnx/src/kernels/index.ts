import type { KernelTable } from '../kernel.ts';
import { activationKernels } from './activations.ts';
import { arithmeticKernels } from './arithmetic.ts';
import { blockKernels } from './blocks.ts';
import { convolutionKernels } from './convolutions.ts';
import { gatherKernels } from './gather.ts';
import { logicKernels } from './logic.ts';
import { matrixKernels } from './matrix.ts';
import { orderKernels } from './order.ts';
import { poolKernels } from './pools.ts';
import { reductionKernels } from './reduction.ts';
import { scatterKernels } from './scatter.ts';
import { shapingKernels } from './shaping.ts';
import { trainingKernels } from './training.ts';

/** The kernels by family. */
const KERNEL_FAMILIES: Readonly<Record<string, KernelTable>> = {
  arithmetic: arithmeticKernels,
  activations: activationKernels,
  logic: logicKernels,
  reductions: reductionKernels,
  order: orderKernels,
  shaping: shapingKernels,
  blocks: blockKernels,
  gathering: gatherKernels,
  scattering: scatterKernels,
  matrices: matrixKernels,
  convolutions: convolutionKernels,
  pools: poolKernels,
  training: trainingKernels,
};

/** Every tfjs kernel that the backend records and lowers. */
export const KERNELS: KernelTable = Object.assign({}, ...Object.values(KERNEL_FAMILIES)) as KernelTable;

/** The names of all kernels, by family. */
export const kernelFamilies = (): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(KERNEL_FAMILIES).map(([family, kernels]) => [family, Object.keys(kernels).sort()]));
