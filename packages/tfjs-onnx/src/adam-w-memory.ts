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

/** Where a parameter's values lie in the memory, in bytes. */
export interface AdamWPlace {
  readonly parameter: number;
  readonly firstMoment: number;
  readonly secondMoment: number;
}

/** One step's updates in a memory. */
export interface AdamWStep {
  /** Updates the `count` values from `first` on in place. The gradient of the first lies at `gradient`, in bytes; those of the others follow. */
  update(place: AdamWPlace, first: number, count: number, gradient: number): void;
  /** As {@link update} where the gradient is 0: the four values at `zeros` are. */
  coast(place: AdamWPlace, first: number, count: number, zeros: number): void;
  /** As {@link coast} where both moments are 0 too and stay so. */
  decay(place: AdamWPlace, first: number, count: number): void;
}

export interface AdamWMemory {
  readonly memory: Memory;
  step(factors: AdamWFactors): AdamWStep;
}

/** A memory of so many float32 values, and the update that works in it, which also looks a little beyond them. */
export const createAdamW = (values: number): AdamWMemory => {
  const pages = Math.ceil((values * 4 + AHEAD) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(ADAM_W_MODULE), { m: { memory } });
  const { update, decay } = instance.exports as Readonly<Record<string, (...numbers: readonly number[]) => void>>;
  if (update === undefined || decay === undefined) throw new Error('AdamW: expected a module of two functions, got fewer.');
  const step = ({ gradientScale, beta1, beta2, correction1, correction2, epsilon, weightDecay, learningRate }: AdamWFactors): AdamWStep => {
    const [rest1, rest2] = [1 - beta1, 1 - beta2];
    const run = (
      { parameter, firstMoment, secondMoment }: AdamWPlace,
      first: number,
      count: number,
      gradient: number,
      stride: number,
    ): void => {
      const [start, bytes] = [first * 4, padded(count) * 4];
      // prettier-ignore
      update(
        parameter + start, firstMoment + start, secondMoment + start, gradient, parameter + start + bytes, stride,
        gradientScale, beta1, rest1, beta2, rest2, correction1, correction2, epsilon, weightDecay, learningRate,
      );
    };
    return {
      update: (place, first, count, gradient) => {
        if (count > 0) run(place, first, count, gradient, 16);
      },
      coast: (place, first, count, zeros) => {
        if (count > 0) run(place, first, count, zeros, 0);
      },
      decay: ({ parameter }, first, count) => {
        const start = parameter + first * 4;
        if (count > 0) decay(start, start + padded(count) * 4, weightDecay, learningRate);
      },
    };
  };
  return { memory, step };
};
