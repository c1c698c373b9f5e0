import { createAdamW, padded, type AdamWMemory, type AdamWPlace } from './adam-w-memory.ts';
import type { AdamWFactors } from './adam-w.ts';
import type { HostAdamW } from './plan.ts';
import { countOf } from './tensors.ts';

/** Values of one arena; four arrays of them stay below 2 GiB. */
const LARGEST = 2 ** 27;

/** Values of a piece of work, a millisecond or two. */
const PIECE = 2 ** 20;

/** Rows whose gradients are moved together. */
const ROWS = 256;

/** Zeros that stand for the gradient where there is none: one vector. */
const ZEROS = 4;

const ROLES = ['parameter', 'firstMoment', 'secondMoment', 'gradient'] as const;

type Arrays = Readonly<Record<(typeof ROLES)[number], Float32Array<ArrayBuffer>>>;

interface Place {
  readonly arena: AdamWMemory;
  readonly arrays: Arrays;
  readonly addresses: AdamWPlace;
  readonly zeros: Float32Array<ArrayBuffer>;
  /** Where the gradients of some rows are put. */
  readonly room: Float32Array<ArrayBuffer>;
  /** 1 for each row of a table that has a moment other than 0; undefined until the next update looks. */
  moving: Uint8Array | undefined;
}

/** Which rows have a bit set in any of these arrays. */
const rowsWithBits = (width: number, arrays: readonly Float32Array[]): Uint8Array => {
  const words = arrays.map(({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length));
  const rows = new Uint8Array((arrays[0]?.length ?? 0) / width);
  for (let row = 0; row < rows.length; row++) {
    const end = (row + 1) * width;
    for (const bits of words) {
      let at = row * width;
      while (at < end && bits[at] === 0) at++;
      if (at < end) rows[row] = 1;
    }
  }
  return rows;
};

/** Whether a parameter whose gradient and moments are 0 only decays: not if a factor is no finite number, or makes one of 0. */
const onlyDecays = ({ gradientScale, correction1, correction2, epsilon }: AdamWFactors): boolean =>
  0 * gradientScale === 0 && (0 * correction1) / (Math.sqrt(0 * correction2) + Math.fround(epsilon)) === 0;

/** The arrays of parameters, moments and gradients, laid where a WebAssembly module can update them in one pass. */
export class UpdateMemory {
  readonly #places = new Map<HostAdamW, Place>();
  readonly #between: () => void;

  /** @param between Called after each piece of work. */
  constructor(updates: readonly HostAdamW[], between: () => void) {
    this.#between = between;
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
    const arena = createAdamW(3 * values + dense + (widest === 0 ? 0 : ZEROS + ROWS * widest));
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
    const [zeros, room] = widest === 0 ? [take(0), take(0)] : [take(ZEROS), take(ROWS * widest)];
    for (const [update, arrays] of places) {
      const addresses = {
        parameter: arrays.parameter.byteOffset,
        firstMoment: arrays.firstMoment.byteOffset,
        secondMoment: arrays.secondMoment.byteOffset,
      };
      this.#places.set(update, { arena, arrays, addresses, zeros, room, moving: undefined });
    }
  }

  /** Says that arrays have been written to. */
  changed(): void {
    for (const place of this.#places.values()) place.moving = undefined;
  }

  /** The arrays of an update; that of the gradient is empty if it is of some rows only. */
  arrays(update: HostAdamW): Arrays | undefined {
    return this.#places.get(update)?.arrays;
  }

  /** Updates in place. A `gradient` that lies elsewhere is copied to its place first. */
  apply(update: HostAdamW, gradient: Float32Array, factors: AdamWFactors): void {
    const place = this.#places.get(update);
    if (place === undefined || place.arrays.parameter.length === 0) return;
    const { arrays, arena, addresses } = place;
    if (gradient.buffer !== arena.memory.buffer || gradient.byteOffset !== arrays.gradient.byteOffset) {
      arrays.gradient.set(gradient);
    }
    const step = arena.step(factors);
    const count = arrays.parameter.length;
    for (let from = 0; from < count; from += PIECE) {
      step.update(addresses, from, Math.min(PIECE, count - from), arrays.gradient.byteOffset + from * 4);
      this.#between();
    }
  }

  /**
   * Updates a table of which only some rows have a gradient that is not 0: the same values, to the last bit, as with all the zeros.
   * Of rows that never had one, only the parameter is touched.
   *
   * @param rows Ascending.
   * @param sums The gradient of `rows[i]` at `i`, `[rows.length, width]` or longer.
   */
  applyRows(update: HostAdamW, { sums, rows }: { readonly sums: Float32Array; readonly rows: Int32Array }, factors: AdamWFactors): void {
    const place = this.#places.get(update);
    if (place === undefined) return;
    const { arrays, arena, addresses, zeros, room } = place;
    const [count = 0, width = 0] = update.shape;
    const step = arena.step(factors);
    const moving = (place.moving ??= rowsWithBits(width, [arrays.firstMoment, arrays.secondMoment]));
    const resting = onlyDecays(factors) ? 0 : -1;
    const untouched = (from: number, to: number): void => {
      this.#between();
      let start = from;
      while (start < to) {
        const kind = moving[start] ?? 1;
        let end = start + 1;
        while (end < to && moving[end] === kind) end++;
        const run = kind === resting ? step.decay : step.coast;
        run(addresses, start * width, (end - start) * width, zeros.byteOffset);
        start = end;
      }
    };
    let done = 0;
    for (let number = 0; number < rows.length; number++) {
      const [touched, held] = [rows[number] ?? 0, number % ROWS];
      if (held === 0) room.set(sums.subarray(number * width, Math.min(number + ROWS, rows.length) * width));
      untouched(done, touched);
      step.update(addresses, touched * width, width, room.byteOffset + held * width * 4);
      moving[touched] = 1;
      done = touched + 1;
    }
    untouched(done, count);
  }
}
