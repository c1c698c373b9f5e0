import { readFileSync } from 'node:fs';
import { bytesSource, openCheckpoint } from '@samequestion/checkpoints';
import * as tf from '@tensorflow/tfjs';
import {
  type TensorValue,
  type TensorValues,
  createConfig,
  initialiseParameters,
  initialState,
  type LabelledPair,
  type StepOptions,
  BERT_OPTIMIZER,
  largestWindow,
  headsOf,
} from '@samequestion/bert';

/** A file of reference values. */
export const golden = (file: string): URL => new URL(`golden/${file}`, import.meta.url);

/** A file of reference weights: one tiny model in every format, kept with the package that reads the formats. */
export const goldenWeights = (file: string): URL =>
  file.startsWith('configs/') ? golden(file) : new URL(`../../checkpoints/test/golden/${file}`, import.meta.url);

/** Reads a safetensors file of floats and 32-bit integers. */
export async function readTensors(file: URL): Promise<Record<string, TensorValue>> {
  const checkpoint = await openCheckpoint(bytesSource(readFileSync(file), file.pathname));
  const values: Record<string, TensorValue> = {};
  for (const name of checkpoint.names()) {
    const { dtype, shape, data } = await checkpoint.read(name);
    const bytes = new Uint8Array(data).buffer;
    values[name] =
      dtype === 'F32' ? { dtype: 'float32', shape, data: new Float32Array(bytes) } : { dtype: 'int32', shape, data: new Int32Array(bytes) };
  }
  return values;
}

/** Plain values as tensors of the current tfjs backend. */
export function tensors(values: TensorValues): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(values).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, [...shape], dtype)]));
}

/** The largest absolute difference of two lists of numbers; NaN where lengths differ or a number is NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs((a[index] ?? Number.NaN) - (b[index] ?? Number.NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

export const scalar = (value: number): TensorValue => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });

/** A configuration small enough for finite differences. */
export const tiny = createConfig({
  vocab_size: 16,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 12,
  max_position_embeddings: 20,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  initializer_range: 0.3,
});

/** The full first state of a training step. */
export function firstState(options: StepOptions, parameters?: TensorValues): Record<string, TensorValue> {
  return initialState(options, parameters ?? initialiseParameters(options.config, { seed: 5, heads: headsOf(options.task) }), 7);
}

/** Plain step options for a configuration. */
export function plainOptions(config = tiny, more: Partial<StepOptions> = {}): StepOptions {
  return {
    config,
    task: 'classification',
    optimizer: BERT_OPTIMIZER,
    window: largestWindow(config, 8, config.max_position_embeddings),
    ...more,
  };
}

/** Random pairs of two texts each, with labels that the first token decides. */
export function pairs(count: number, seed = 1, vocabulary = tiny.vocab_size): LabelledPair[] {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % below;
  };
  return Array.from({ length: count }, () => {
    const [first, second] = [1 + next(3), 1 + next(3)];
    const ids = [
      1,
      ...Array.from({ length: first }, () => 3 + next(vocabulary - 3)),
      2,
      ...Array.from({ length: second }, () => 3 + next(vocabulary - 3)),
      2,
    ];
    return { ids, types: ids.map((_, place) => (place < first + 2 ? 0 : 1)), label: (ids[1] ?? 0) % 2 };
  });
}
