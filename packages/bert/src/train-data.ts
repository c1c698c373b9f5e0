import { type LabelledPair, batchesByLength, swapSides } from './batch.ts';
import { ModelError } from './error.ts';
import { hashIntegers, uniformAt } from './random.ts';
import type { TrainOptions } from './train-options.ts';

/** One epoch's batches, in order. */
export interface EpochData {
  readonly batches: readonly (readonly LabelledPair[])[];
}

/**
 * The batches of an epoch: a function of the options and the epoch's number alone, so that a run can start anywhere in it.
 *
 * @throws {ModelError} If there are no pairs or a batch names a pair that does not exist.
 */
export function epochData(options: TrainOptions, epoch: number): EpochData {
  const { seed, batchSize = 32 } = options;
  const source = typeof options.pairs === 'function' ? options.pairs(epoch) : options.pairs;
  if (source.length === 0) throw new ModelError('train: expected at least one pair, got none.');
  const pairs = options.symmetric === true ? inRandomOrder(source, hashIntegers(seed, 0x51de, epoch)) : source;
  const lengths = Uint32Array.from(pairs, ({ ids }) => ids.length);
  const indices = options.batches?.(lengths, epoch) ?? batchesByLength(lengths, { batchSize, seed, epoch });
  const batches = indices.map((batch) =>
    batch.map((index) => {
      const pair = pairs[index];
      if (pair === undefined) throw new ModelError(`train: expected batches of indices below ${pairs.length}, got ${index}.`);
      return pair;
    }),
  );
  return { batches };
}

/** A batch in parts that are computed one after the other. */
export function partsOf(batch: readonly LabelledPair[], size: number): readonly (readonly LabelledPair[])[] {
  return Array.from({ length: Math.ceil(batch.length / size) }, (_, part) => batch.slice(part * size, (part + 1) * size));
}

function inRandomOrder(pairs: readonly LabelledPair[], key: number): readonly LabelledPair[] {
  return pairs.map((pair, index) => (uniformAt(key, index) < 0.5 ? swapSides(pair) : pair));
}
