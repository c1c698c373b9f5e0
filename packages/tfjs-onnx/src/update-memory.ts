import { ADAM_W_MODULE } from './adam-w-module.ts';
import type { AdamWFactors } from './adam-w.ts';
import type { HostAdamW } from './plan.ts';

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
/** Values of one arena; four arrays of them stay below 2 GiB. */
const LARGEST = 2 ** 27;

type Update = (...numbers: readonly number[]) => void;

interface Arena {
  readonly memory: Memory;
  readonly update: Update;
}

interface Place {
  readonly arena: Arena;
  readonly arrays: Readonly<Record<'parameter' | 'firstMoment' | 'secondMoment' | 'gradient', Float32Array<ArrayBuffer>>>;
}

const ROLES = ['parameter', 'firstMoment', 'secondMoment', 'gradient'] as const;

const padded = (count: number): number => Math.ceil(count / 4) * 4;

const createArena = (values: number): Arena => {
  const pages = Math.max(1, Math.ceil((values * 4 * ROLES.length) / PAGE));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(ADAM_W_MODULE), { m: { memory } });
  return { memory, update: instance.exports['update'] as Update };
};

/** The arrays of parameters, moments and gradients, laid where a WebAssembly module can update them in one pass. */
export class UpdateMemory {
  readonly #places = new Map<HostAdamW, Place>();

  /** @param counts How many values each update's parameter has. */
  constructor(updates: readonly HostAdamW[], counts: ReadonlyMap<string, number>) {
    let group: HostAdamW[] = [];
    let values = 0;
    const close = (): void => {
      if (group.length > 0) this.#lay(group, counts, values);
      group = [];
      values = 0;
    };
    for (const update of updates) {
      const count = padded(counts.get(update.parameter) ?? 0);
      if (values + count > LARGEST) close();
      group.push(update);
      values += count;
    }
    close();
  }

  #lay(group: readonly HostAdamW[], counts: ReadonlyMap<string, number>, values: number): void {
    const arena = createArena(values);
    let offset = 0;
    for (const update of group) {
      const count = counts.get(update.parameter) ?? 0;
      const arrays = ROLES.map((role) => {
        const array = new Float32Array(arena.memory.buffer, offset, count);
        offset += padded(count) * 4;
        return [role, array] as const;
      });
      this.#places.set(update, { arena, arrays: Object.fromEntries(arrays) as Place['arrays'] });
    }
  }

  /** The arrays of an update, by their names in state and scratch. */
  arrays(update: HostAdamW): Readonly<Record<(typeof ROLES)[number], Float32Array<ArrayBuffer>>> | undefined {
    return this.#places.get(update)?.arrays;
  }

  /** Updates in place. A `gradient` that lies elsewhere is copied to its place first. */
  apply(update: HostAdamW, gradient: Float32Array, factors: AdamWFactors): void {
    const place = this.#places.get(update);
    if (place === undefined || place.arrays.parameter.length === 0) return;
    const { arrays, arena } = place;
    if (gradient.buffer !== arena.memory.buffer || gradient.byteOffset !== arrays.gradient.byteOffset) {
      arrays.gradient.set(gradient);
    }
    const { gradientScale, beta1, beta2, correction1, correction2, epsilon, weightDecay, learningRate } = factors;
    const addresses = ROLES.map((role) => arrays[role].byteOffset);
    const end = arrays.parameter.byteOffset + padded(arrays.parameter.length) * 4;
    arena.update(
      ...addresses,
      end,
      gradientScale,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      correction1,
      correction2,
      epsilon,
      weightDecay,
      learningRate,
    );
  }
}
