import { createAdamW, padded, type AdamWMemory } from './adam-w-memory.ts';
import type { AdamWFactors } from './adam-w.ts';
import type { HostAdamW } from './plan.ts';

/** Values of one arena; four arrays of them stay below 2 GiB. */
const LARGEST = 2 ** 27;

interface Place {
  readonly arena: AdamWMemory;
  readonly arrays: Readonly<Record<'parameter' | 'firstMoment' | 'secondMoment' | 'gradient', Float32Array<ArrayBuffer>>>;
}

const ROLES = ['parameter', 'firstMoment', 'secondMoment', 'gradient'] as const;

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
    const arena = createAdamW(values * ROLES.length);
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
    arena.update(
      ROLES.map((role) => arrays[role].byteOffset),
      arrays.parameter.length,
      factors,
    );
  }
}
