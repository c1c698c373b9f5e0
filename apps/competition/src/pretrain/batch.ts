import type { TensorValue } from '@samequestion/bert';

import type { Hidden } from './masking.ts';

/** One sequence of two sides, ready for a batch. */
export interface PairSequence {
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Hidden places of each side, with the tokens that stood there. */
  readonly hiddenLeft: readonly Hidden[];
  readonly hiddenRight: readonly Hidden[];
  /** 1 same, 0 not; `undefined` if the sequence is not a pair to judge. */
  readonly label: 0 | 1 | undefined;
}

/** Ids of the special tokens. */
export interface SpecialIds {
  readonly classification: number;
  readonly separator: number;
  readonly padding: number;
}

/**
 * The inputs of one pre-training step: `input_ids`, `token_type_ids`, `attention_mask` `[B, S]`; `masked_positions`, `masked_labels`,
 * `masked_weights` `[M]`, where M is rounded up with weightless places so that few sizes occur; `labels`, `weights` `[B]`.
 * Weights make each loss a mean over its own examples.
 *
 * @param length S; longer sequences are an error of the caller.
 */
export function pretrainingBatch(sequences: readonly PairSequence[], length: number, special: SpecialIds): Record<string, TensorValue> {
  const rows = sequences.length;
  const ids = new Int32Array(rows * length).fill(special.padding);
  const sides = new Int32Array(rows * length);
  const mask = new Int32Array(rows * length);
  const places: number[] = [];
  const answers: number[] = [];
  sequences.forEach(({ left, right, hiddenLeft, hiddenRight }, row) => {
    const start = row * length;
    const second = start + left.length + 2;
    const end = second + right.length + 1;
    ids[start] = special.classification;
    ids.set(left, start + 1);
    ids[second - 1] = special.separator;
    ids.set(right, second);
    ids[end - 1] = special.separator;
    sides.fill(1, second, end);
    mask.fill(1, start, end);
    for (const { index, token } of hiddenLeft) {
      places.push(start + 1 + index);
      answers.push(token);
    }
    for (const { index, token } of hiddenRight) {
      places.push(second + index);
      answers.push(token);
    }
  });
  return { ...tokens(rows, length, { ids, sides, mask }), ...masked(places, answers), ...judged(sequences) };
}

function tokens(
  rows: number,
  length: number,
  inputs: { readonly ids: Int32Array; readonly sides: Int32Array; readonly mask: Int32Array },
): Record<string, TensorValue> {
  const shape = [rows, length];
  return {
    input_ids: { dtype: 'int32', shape, data: inputs.ids },
    token_type_ids: { dtype: 'int32', shape, data: inputs.sides },
    attention_mask: { dtype: 'int32', shape, data: inputs.mask },
  };
}

const placesStep = 64;

function masked(places: readonly number[], answers: readonly number[]): Record<string, TensorValue> {
  const size = Math.max(placesStep, Math.ceil(places.length / placesStep) * placesStep);
  const positions = new Int32Array(size);
  const labels = new Int32Array(size);
  const weights = new Float32Array(size);
  positions.set(places);
  labels.set(answers);
  weights.fill(places.length === 0 ? 0 : 1 / places.length, 0, places.length);
  return {
    masked_positions: { dtype: 'int32', shape: [size], data: positions },
    masked_labels: { dtype: 'int32', shape: [size], data: labels },
    masked_weights: { dtype: 'float32', shape: [size], data: weights },
  };
}

function judged(sequences: readonly PairSequence[]): Record<string, TensorValue> {
  const count = sequences.filter(({ label }) => label !== undefined).length;
  const labels = Int32Array.from(sequences, ({ label }) => label ?? 0);
  const weights = Float32Array.from(sequences, ({ label }) => (label === undefined ? 0 : 1 / count));
  return {
    labels: { dtype: 'int32', shape: [sequences.length], data: labels },
    weights: { dtype: 'float32', shape: [sequences.length], data: weights },
  };
}
