import { ADAM_W_MODULE, AHEAD } from './adam-w-module.ts';
import type { AdamWFactors } from './adam-w.ts';

interface Memory {
  readonly buffer: ArrayBuffer;
}

/** The part of Node's WebAssembly that is used here; the compiler knows it from the DOM's types only. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

const PAGE = 65536;

/** How many values an array of `count` takes: updates go four at a time. */
export const padded = (count: number): number => Math.ceil(count / 4) * 4;

export interface AdamWMemory {
  readonly memory: Memory;
  /**
   * Updates `count` values of a parameter in place.
   *
   * @param addresses Of parameter, first moment, second moment and gradient in the memory, in bytes.
   */
  update(addresses: readonly number[], count: number, factors: AdamWFactors): void;
}

/** A memory of so many float32 values, and the update that works in it, which also looks a little beyond them. */
export const createAdamW = (values: number): AdamWMemory => {
  const pages = Math.ceil((values * 4 + AHEAD) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(ADAM_W_MODULE), { m: { memory } });
  const update = instance.exports['update'] as (...numbers: readonly number[]) => void;
  return {
    memory,
    update: (addresses, count, { gradientScale, beta1, beta2, correction1, correction2, epsilon, weightDecay, learningRate }) => {
      if (count === 0) return;
      const end = (addresses[0] ?? 0) + padded(count) * 4;
      const betas = [beta1, 1 - beta1, beta2, 1 - beta2];
      update(...addresses, end, gradientScale, ...betas, correction1, correction2, epsilon, weightDecay, learningRate);
    },
  };
};
