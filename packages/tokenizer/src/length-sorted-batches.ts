/** How indices are grouped; exactly one of `batchSize` and `maxTokens`. */
export type LengthSortedBatchesOptions = {
  /** The same seed and epoch give the same batches. */
  readonly seed: number;
  /** Shuffles anew each epoch; 0 by default. */
  readonly epoch?: number;
} & (
  | { /** Texts of a batch. */ readonly batchSize: number; readonly maxTokens?: never }
  | {
      /** Positions of a batch at most, padding counted. A longer text is a batch of its own. */ readonly maxTokens: number;
      readonly batchSize?: never;
    }
);

/**
 * Groups texts of like length, so that little is padded: sorted by length, those of equal length in random order, cut into batches, the
 * batches in random order. Every index stands in exactly one batch.
 *
 * @param lengths Tokens of each text.
 * @returns Indices into `lengths`, batch by batch.
 * @throws {RangeError} If the batch size, the token limit or the seed is no whole number.
 */
export function lengthSortedBatches(lengths: ArrayLike<number>, options: LengthSortedBatchesOptions): number[][] {
  const { seed, epoch = 0, batchSize = Number.POSITIVE_INFINITY, maxTokens = Number.POSITIVE_INFINITY } = options;
  checkWhole('seed', seed, 0);
  checkWhole('epoch', epoch, 0);
  checkWhole(options.maxTokens === undefined ? 'batchSize' : 'maxTokens', options.maxTokens ?? options.batchSize, 1);
  const random = randomNumbers(seed, epoch);
  const order = Array.from({ length: lengths.length }, (_, index) => index);
  shuffle(order, random);
  order.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const batches = cut(order, lengths, { batchSize, maxTokens });
  shuffle(batches, random);
  return batches;
}

function cut(
  order: readonly number[],
  lengths: ArrayLike<number>,
  limit: { readonly batchSize: number; readonly maxTokens: number },
): number[][] {
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const index of order) {
    const positions = (batch.length + 1) * (lengths[index] ?? 0);
    if (batch.length > 0 && (batch.length >= limit.batchSize || positions > limit.maxTokens)) {
      batches.push(batch);
      batch = [];
    }
    batch.push(index);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`lengthSortedBatches: expected ${name} to be a whole number from ${least} up, got ${value}.`);
}

/** Fisher–Yates. */
function shuffle(items: unknown[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
}

/** Numbers in [0, 1) from a seed: SplitMix32 (Steele et al. 2014, with 32-bit mixing), started from seed and epoch. */
function randomNumbers(seed: number, epoch: number): () => number {
  let state = (mix(seed) ^ mix(Math.floor(seed / 0x100000000) + 0x51ed) ^ Math.imul(mix(epoch + 0x9e37), 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state) / 0x100000000;
  };
}

function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}
