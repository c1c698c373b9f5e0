import { memoryNeed, type MemoryNeed } from './memory.ts';
import { checkState, planStep, traceStep } from './plan.ts';
import type { ElementType } from './protobuf.ts';
import { sizeName, withParts } from './size.ts';
import type { Signature, Step } from './types.ts';

export interface OutlineOptions {
  readonly provider?: 'cpu' | 'webgpu';
  readonly precision?: 'float32' | 'float16';
}

/** What a step computes, in the order in which it does. */
export interface StepOutline {
  /** The values of its graph: by which ONNX operator, of which type and shape. */
  readonly values: readonly { readonly op: string; readonly type: ElementType; readonly shape: readonly (number | string)[] }[];
  /** What a run with these sizes of the symbols needs beside its state: by the graph, which ONNX Runtime may run in a little less or more. */
  memory(sizes: Readonly<Record<string, number>>): MemoryNeed;
}

/**
 * Compiles a step without running it, and on no device: to see what a graph computes in which type, and whether a batch will fit a GPU.
 *
 * @throws {OnnxEngineError} As an engine's `compile`.
 */
export const outlineStep = (step: Step, signature: Signature, { provider = 'cpu', precision }: OutlineOptions = {}): StepOutline => {
  const { lives, symbols, parts } = planStep(checkState(traceStep(step, signature), signature), { target: provider, precision });
  return {
    values: lives.map(({ op, type, shape }) => ({
      op,
      type,
      shape: shape.map((size) => (typeof size === 'number' ? size : sizeName(size, symbols))),
    })),
    memory: (sizes) => {
      const missing = symbols.find((symbol) => sizes[symbol] === undefined);
      if (missing !== undefined) throw new RangeError(`memory: expected sizes of ${symbols.join(', ')}, got none of ${missing}.`);
      return memoryNeed(
        lives,
        withParts(
          symbols.map((symbol) => sizes[symbol] ?? 1),
          parts,
        ),
      );
    },
  };
};
