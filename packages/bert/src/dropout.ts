import * as tf from '@tensorflow/tfjs';
import type { BertConfig } from './config.ts';
import type { TensorSpec, TensorValue } from './engine.ts';
import { hasKernel, runKernel } from './kernel.ts';
import { hashIntegers, uniformAt } from './random.ts';

/** How many places to start a window at: masks of two sites coincide once in so many. */
export const WINDOW_RANGE: number = 1 << 20;

/** Names of the batch inputs and state entries of dropout. */
export const DROPOUT_OFFSETS = 'dropout_offsets';

/** Multiplies an activation by its random mask. Site numbers are fixed by the place in the network, so that a layer computed twice gets the same mask. */
export type Dropout = (x: tf.Tensor, rate: number, site: number) => tf.Tensor;

/** No dropout, as in evaluation. */
export const noDropout: Dropout = (x) => x;

/** Sites of one pass: the embeddings, three in each layer, the classifier, and one to spare. */
export function sitesPerPass(config: BertConfig): number {
  return 3 * config.num_hidden_layers + 3;
}

/** The rates above 0 that a model uses, each with its own buffer. */
export function dropoutRates(config: BertConfig): readonly number[] {
  const rates = [config.hidden_dropout_prob, config.attention_probs_dropout_prob, config.classifier_dropout ?? config.hidden_dropout_prob];
  return [...new Set(rates)].filter((rate) => rate > 0).sort((a, b) => a - b);
}

/** The name of a rate's buffer in the state. */
export function noiseName(rate: number): string {
  return `dropout.${rate}`;
}

/** The largest window that a batch of `batch` texts of `length` tokens reads. */
export function largestWindow(config: BertConfig, batch: number, length: number): number {
  return batch * length * Math.max(config.hidden_size, config.attention_probs_dropout_prob > 0 ? config.num_attention_heads * length : 0);
}

/**
 * The buffers that masks are read from: each value is 0 with the buffer's rate, else 1 / (1 − rate).
 *
 * @param window The largest window any batch will read.
 */
export function noiseBuffers(config: BertConfig, seed: number, window: number): Record<string, TensorValue> {
  return Object.fromEntries(
    dropoutRates(config).map((rate) => {
      const key = hashIntegers(seed, Math.round(rate * 0x1000_0000));
      const data = new Float32Array(window + WINDOW_RANGE);
      for (let index = 0; index < data.length; index++) data[index] = uniformAt(key, index) < rate ? 0 : 1 / (1 - rate);
      return [noiseName(rate), { dtype: 'float32', shape: [data.length], data }];
    }),
  );
}

/** Shapes of the buffers. */
export function noiseSpecs(config: BertConfig, window: number): Readonly<Record<string, TensorSpec>> {
  return Object.fromEntries(dropoutRates(config).map((rate) => [noiseName(rate), { dtype: 'float32', shape: [window + WINDOW_RANGE] }]));
}

/** Where each site's window starts at a given count of batches: a hash, so that no order of computation matters. */
export function dropoutOffsets(seed: number, count: number, sites: number): TensorValue {
  const data = Int32Array.from({ length: sites }, (_, site) => hashIntegers(seed, count, site) % WINDOW_RANGE);
  return { dtype: 'int32', shape: [sites], data };
}

/**
 * Dropout from the buffers in a state.
 *
 * @param offsets Window starts of all sites, int32 `[sites]`.
 * @param firstSite Added to every site's number: gives each pass of a step its own masks.
 */
export function bufferedDropout(state: Readonly<Record<string, tf.Tensor>>, offsets: tf.Tensor, firstSite: number): Dropout {
  return (x, rate, site) => {
    const buffer = state[noiseName(rate)];
    if (rate === 0 || buffer === undefined) return x;
    const offset = tf.reshape(tf.slice(offsets, [firstSite + site], [1]), []);
    return tf.mul(x, windowOf(buffer, offset, x.shape));
  };
}

/** The contiguous values of a buffer from `offset`, in a shape. */
function windowOf(buffer: tf.Tensor, offset: tf.Tensor, shape: number[]): tf.Tensor {
  if (hasKernel('Window')) return runKernel('Window', { buffer, offset }, { shape });
  const [start = 0] = offset.dataSync();
  return tf.reshape(tf.slice(buffer, [start], [tf.util.sizeFromShape(shape)]), shape);
}
