import { createAdamW, padded, type AdamWMemory } from './adam-w-memory.ts';
import type { AdamWFactors } from './adam-w.ts';
import type { HostAdamW } from './plan.ts';
import { countOf } from './tensors.ts';

/** Values of one arena; four arrays of them stay below 2 GiB. */
const LARGEST = 2 ** 27;

/** How many zeros stand for the gradient of rows without one: as many as stay in the first-level cache. */
const ZEROS = 4096;

const MOVED = ['parameter', 'firstMoment', 'secondMoment'] as const;
const ROLES = ['parameter', 'firstMoment', 'secondMoment', 'gradient'] as const;

type Arrays = Readonly<Record<(typeof ROLES)[number], Float32Array<ArrayBuffer>>>;

interface Place {
  readonly arena: AdamWMemory;
  readonly arrays: Arrays;
  readonly zeros: Float32Array<ArrayBuffer>;
  /** Where one row's gradient is put. */
  readonly row: Float32Array<ArrayBuffer>;
}

/** The arrays of parameters, moments and gradients, laid where a WebAssembly module can update them in one pass. */
export class UpdateMemory {
  readonly #places = new Map<HostAdamW, Place>();

  constructor(updates: readonly HostAdamW[]) {
    let group: HostAdamW[] = [];
    let values = 0;
    const close = (): void => {
      if (group.length > 0) this.#lay(group, values);
      group = [];
      values = 0;
    };
    for (const update of updates) {
      const count = padded(countOf(update.shape));
      if (values + count > LARGEST) close();
      group.push(update);
      values += count;
    }
    close();
  }

  #lay(group: readonly HostAdamW[], values: number): void {
    const widest = Math.max(...group.map(({ rows, shape }) => (rows === undefined ? 0 : (shape[1] ?? 0))));
    const dense = group.reduce((sum, { rows, shape }) => sum + (rows === undefined ? padded(countOf(shape)) : 0), 0);
    const arena = createAdamW(3 * values + dense + (widest === 0 ? 0 : ZEROS + widest));
    let offset = 0;
    const take = (count: number): Float32Array<ArrayBuffer> => {
      const array = new Float32Array(arena.memory.buffer, offset, count);
      offset += padded(count) * 4;
      return array;
    };
    const places = group.map((update) => {
      const count = countOf(update.shape);
      const [parameter, firstMoment, secondMoment] = [take(count), take(count), take(count)];
      return [update, { parameter, firstMoment, secondMoment, gradient: take(update.rows === undefined ? count : 0) }] as const;
    });
    const [zeros, row] = widest === 0 ? [take(0), take(0)] : [take(ZEROS), take(widest)];
    for (const [update, arrays] of places) this.#places.set(update, { arena, arrays, zeros, row });
  }

  /** The arrays of an update; that of the gradient is empty if it is of some rows only. */
  arrays(update: HostAdamW): Arrays | undefined {
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

  /**
   * Updates a table of which only some rows have a gradient that is not 0: the same values, to the last bit, as with all the zeros.
   *
   * @param sums The gradient of `rows[i]` at `i`, `[rows.length, width]` or longer.
   */
  applyRows(
    update: HostAdamW,
    { sums, rows }: { readonly sums: Float32Array; readonly rows: readonly number[] },
    factors: AdamWFactors,
  ): void {
    const place = this.#places.get(update);
    if (place === undefined) return;
    const { arrays, arena, zeros, row } = place;
    const width = update.shape[1] ?? 0;
    const run = (from: number, to: number, gradient: Float32Array): void => {
      const addresses = MOVED.map((role) => arrays[role].byteOffset + from * 4);
      arena.update([...addresses, gradient.byteOffset], to - from, factors);
    };
    const untouched = (from: number, to: number): void => {
      for (let start = from; start < to; start += ZEROS) run(start, Math.min(start + ZEROS, to), zeros);
    };
    let done = 0;
    const order = Array.from(rows, (_, number) => number).sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0));
    for (const number of order) {
      const start = (rows[number] ?? 0) * width;
      untouched(done, start);
      row.set(sums.subarray(number * width, (number + 1) * width));
      run(start, start + width, row);
      done = start + width;
    }
    untouched(done, arrays.parameter.length);
  }
}
