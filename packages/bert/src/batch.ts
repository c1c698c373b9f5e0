import type { TensorValue } from './engine.ts';
import { ModelError } from './error.ts';
import { hashIntegers, shuffledIndices } from './random.ts';

/** Two texts as a model reads them: `[CLS] first [SEP] second [SEP]`, without padding. */
export interface EncodedPair {
  readonly ids: ArrayLike<number>;
  /** 0 for `[CLS]`, the first text and its separator, 1 for the second text and its separator. */
  readonly types: ArrayLike<number>;
}

/** A pair with its label: 1 if both texts ask the same, else 0. */
export interface LabelledPair extends EncodedPair {
  readonly label: number;
  /** For the masked-language-model and joint tasks: positions whose original ids are to be predicted. */
  readonly masked?: readonly { readonly position: number; readonly id: number }[];
}

/** What a batch of pairs has to fit. */
export interface BatchLimits {
  readonly pad_token_id: number;
  readonly max_position_embeddings: number;
  readonly vocab_size: number;
}

/**
 * Pairs side by side, padded to the longest, or to the next multiple of `multiple`: `input_ids`, `token_type_ids`, `attention_mask`, int32 `[B, S]`.
 *
 * @throws {ModelError} If a pair is empty, longer than the model's positions, or has an id outside its vocabulary.
 */
export function collate(pairs: readonly EncodedPair[], limits: BatchLimits, multiple = 1): Record<string, TensorValue> {
  const longest = pairs.reduce((most, { ids }) => Math.max(most, ids.length), 0);
  const length = Math.max(longest, Math.min(Math.ceil(longest / multiple) * multiple, limits.max_position_embeddings));
  const shape = [pairs.length, length];
  const ids = new Int32Array(pairs.length * length).fill(limits.pad_token_id);
  const sides = new Int32Array(ids.length);
  const mask = new Int32Array(ids.length);
  pairs.forEach((pair, row) => {
    check(pair, limits);
    ids.set(pair.ids, row * length);
    sides.set(pair.types, row * length);
    mask.fill(1, row * length, row * length + pair.ids.length);
  });
  return {
    input_ids: { dtype: 'int32', shape, data: ids },
    token_type_ids: { dtype: 'int32', shape, data: sides },
    attention_mask: { dtype: 'int32', shape, data: mask },
  };
}

/**
 * Labels and the share of each pair in the loss.
 *
 * @param total What the pairs' class weights are divided by: their sum over the whole batch, of which these may be a part.
 */
export function collateLabels(
  pairs: readonly LabelledPair[],
  total: number,
  classWeights?: readonly number[],
): Record<string, TensorValue> {
  const shape = [pairs.length];
  return {
    labels: { dtype: 'int32', shape, data: Int32Array.from(pairs, ({ label }) => label) },
    weights: { dtype: 'float32', shape, data: Float32Array.from(pairs, ({ label }) => (classWeights?.[label] ?? 1) / total) },
  };
}

/**
 * The masked tokens of a batch `length` wide; `total` is how many the whole batch has. Places of no weight fill up to the next multiple of
 * `multiple`, and a batch without any gets one.
 */
export function collateMasked(pairs: readonly LabelledPair[], length: number, total: number, multiple = 1): Record<string, TensorValue> {
  const found = pairs.flatMap(({ masked = [] }, row) =>
    masked.map(({ position, id }) => ({ place: row * length + position, id, weight: 1 / total })),
  );
  const missing = Math.max(1, Math.ceil(found.length / multiple)) * multiple - found.length;
  const tokens = [...found, ...Array.from({ length: missing }, () => ({ place: 0, id: 0, weight: 0 }))];
  const shape = [tokens.length];
  return {
    masked_positions: { dtype: 'int32', shape, data: Int32Array.from(tokens, ({ place }) => place) },
    masked_labels: { dtype: 'int32', shape, data: Int32Array.from(tokens, ({ id }) => id) },
    masked_weights: { dtype: 'float32', shape, data: Float32Array.from(tokens, ({ weight }) => weight) },
  };
}

/** The same pair with the second text first. Masked positions go along. */
export function swapSides<Pair extends EncodedPair>(pair: Pair): Pair {
  const ids = Array.from(pair.ids);
  const border = Array.from(pair.types).indexOf(1);
  if (border < 0) return pair;
  const second = ids.length - border;
  const moved = {
    ids: [ids[0] ?? 0, ...ids.slice(border), ...ids.slice(1, border)],
    types: ids.map((_, place) => (place <= second ? 0 : 1)),
  };
  const masked = (pair as Partial<LabelledPair>).masked?.map(({ position, id }) => ({
    position: movedPosition(position, border, second),
    id,
  }));
  return { ...pair, ...moved, ...(masked === undefined ? {} : { masked }) };
}

function movedPosition(position: number, border: number, second: number): number {
  if (position === 0) return 0;
  return position < border ? position + second : position - border + 1;
}

/**
 * The plain order of training data: sorted by length (equal lengths in random order), cut into batches, the batches in random order, so that
 * little is padded. Every index stands in exactly one batch.
 */
export function batchesByLength(
  lengths: ArrayLike<number>,
  options: { readonly batchSize: number; readonly seed: number; readonly epoch: number },
): number[][] {
  const key = hashIntegers(options.seed, options.epoch);
  const order = Array.from(shuffledIndices(lengths.length, key));
  order.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const count = Math.ceil(order.length / options.batchSize);
  return Array.from(shuffledIndices(count, hashIntegers(key, 1)), (batch) =>
    order.slice(batch * options.batchSize, (batch + 1) * options.batchSize),
  );
}

function check({ ids, types }: EncodedPair, limits: BatchLimits): void {
  if (ids.length === 0 || ids.length !== types.length) {
    throw new ModelError(`collate: expected a pair with one type for each id, got ${ids.length} ids and ${types.length} types.`);
  }
  if (ids.length > limits.max_position_embeddings) {
    throw new ModelError(
      `collate: expected at most ${limits.max_position_embeddings} tokens, got ${ids.length}. Truncate pairs when they are encoded.`,
    );
  }
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index] ?? -1;
    if (!(id >= 0 && id < limits.vocab_size)) {
      throw new ModelError(`collate: expected ids from 0 to ${limits.vocab_size - 1}, got ${id}. The vocabulary is not the model's.`);
    }
  }
}
