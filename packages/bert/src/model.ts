/*
 * BERT (Devlin et al. 2019), encoder and heads, in the order of the paper. Shapes:
 *   B = batch, S = sequence length, N = B · S tokens, H = hidden size, A = attention heads, D = H / A, F = feed-forward size,
 *   T = token types, V = vocabulary, C = classes, M = masked tokens.
 * Activations stay two-dimensional, [N, H], so that every product is one matrix product. Weights are [out, in].
 */
import * as tf from '@tensorflow/tfjs';
import { activate } from './activation.ts';
import type { BertConfig } from './config.ts';
import { type Dropout, noDropout } from './dropout.ts';
import { layerNorm } from './layer-norm.ts';
import { type Parameters, recomputed } from './gradients.ts';
import { rowsAt } from './rows.ts';
import { type TokenInputs, pairTokenTypes } from './token-types.ts';

/** How a pass through the encoder is made. */
export interface EncodeOptions {
  readonly dropout?: Dropout;
  /** Compute the last layer for the first token alone: all that a pooled classifier reads. The last hidden state is then `[B, H]`. */
  readonly firstTokenOnly?: boolean;
  /** Keep each layer's input alone and compute the rest again for the gradients: less memory, a third more work. */
  readonly recompute?: boolean;
  /** Keep the attention probabilities, `[B, A, S, S]` for each layer. */
  readonly attentions?: boolean;
}

/** What the encoder computes. */
export interface Encoded {
  /** The embeddings, then every layer's output: `[N, H]` each. */
  readonly hidden: readonly tf.Tensor[];
  readonly attentions: readonly tf.Tensor[];
}

/** The word embeddings of all tokens, `[N, H]`: apart from the rest, because adversarial training perturbs them. */
export function wordRows(parameters: Parameters, ids: tf.Tensor): tf.Tensor {
  return rowsAt(parameter(parameters, 'bert.embeddings.word_embeddings.weight'), tf.reshape(ids, [-1]));
}

/** Word rows `[N, H]` to hidden states. */
export function encode(
  parameters: Parameters,
  rows: tf.Tensor,
  inputs: TokenInputs,
  config: BertConfig,
  options: EncodeOptions = {},
): Encoded {
  const bias = attentionBias(inputs.mask);
  const hidden = [embed(parameters, rows, inputs, config, options.dropout ?? noDropout)];
  const attentions: tf.Tensor[] = [];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const last = layer === config.num_hidden_layers - 1;
    const context: LayerContext = {
      config,
      layer,
      bias,
      shape: inputs.ids.shape as [number, number],
      dropout: options.dropout ?? noDropout,
      firstTokenOnly: last && options.firstTokenOnly === true,
      ...(options.attentions === true ? { attentions } : {}),
    };
    const run = (own: Parameters, input: tf.Tensor, constant: tf.Tensor): tf.Tensor =>
      encoderLayer(own, input, { ...context, bias: constant });
    const x = hidden.at(-1) as tf.Tensor;
    hidden.push(
      options.recompute === true
        ? recomputed(run, { parameters: ownParameters(parameters, layer), x, constant: bias })
        : run(parameters, x, bias),
    );
  }
  return { hidden, attentions };
}

/** Word, position and type embeddings, summed and normalised: `[N, H]`. */
function embed(p: Parameters, rows: tf.Tensor, inputs: TokenInputs, config: BertConfig, dropout: Dropout): tf.Tensor {
  const [batch, length] = inputs.ids.shape as [number, number];
  const size = config.hidden_size;
  const everyPosition = tf.tensor1d(
    Int32Array.from({ length: config.max_position_embeddings }, (_, index) => index),
    'int32',
  );
  const positions = rowsAt(parameter(p, 'bert.embeddings.position_embeddings.weight'), tf.slice(everyPosition, [0], [length])); // [S, H]
  const types = tf.reshape(pairTokenTypes(inputs, config, p), [-1]); // [N]
  // A product with one-hot rows instead of a look-up: its gradient is a product too, not a scatter of N rows into a few.
  const typeRows = tf.matMul(
    tf.cast(tf.oneHot(types, config.type_vocab_size), 'float32'),
    parameter(p, 'bert.embeddings.token_type_embeddings.weight'),
  ); // [N, H]
  const words = tf.reshape(tf.add(rows, typeRows), [batch, length, size]);
  const sum = tf.reshape(tf.add(words, positions), [-1, size]);
  return dropout(norm(p, 'bert.embeddings.LayerNorm', sum, config), config.hidden_dropout_prob, 0);
}

/** 0 where a position may be attended to, −10000 where it is padding: `[B, 1, 1, S]`. */
function attentionBias(mask: tf.Tensor): tf.Tensor {
  return tf.expandDims(tf.expandDims(tf.mul(tf.sub(tf.cast(mask, 'float32'), 1), 10000), 1), 1);
}

interface LayerContext {
  readonly config: BertConfig;
  readonly layer: number;
  readonly bias: tf.Tensor;
  readonly shape: readonly [batch: number, length: number];
  readonly dropout: Dropout;
  readonly firstTokenOnly: boolean;
  readonly attentions?: tf.Tensor[];
}

/** One Transformer layer, `[N, H]` to `[N, H]`, or to `[B, H]` for the first tokens alone. */
function encoderLayer(p: Parameters, x: tf.Tensor, context: LayerContext): tf.Tensor {
  const { config, layer, dropout } = context;
  const prefix = `bert.encoder.layer.${layer}`;
  const rate = config.hidden_dropout_prob;
  const site = 1 + 3 * layer;
  const queries = context.firstTokenOnly ? firstTokens(x, context.shape, config) : x;
  const attention = dense(p, `${prefix}.attention.output.dense`, attend(p, queries, x, context));
  const attended = norm(p, `${prefix}.attention.output.LayerNorm`, tf.add(queries, dropout(attention, rate, site + 1)), config);
  const inner = activate(dense(p, `${prefix}.intermediate.dense`, attended), config.hidden_act); // [N, F]
  const outer = dense(p, `${prefix}.output.dense`, inner); // [N, H]
  return norm(p, `${prefix}.output.LayerNorm`, tf.add(attended, dropout(outer, rate, site + 2)), config);
}

/** Multi-head scaled dot-product attention of `queries` over `x`: softmax(Q Kᵀ / √D) V. @see Vaswani et al. 2017, eq. 1. */
function attend(p: Parameters, queries: tf.Tensor, x: tf.Tensor, context: LayerContext): tf.Tensor {
  const { config, dropout, shape } = context;
  const prefix = `bert.encoder.layer.${context.layer}.attention.self`;
  const [batch, length] = shape;
  const size = config.hidden_size / config.num_attention_heads;
  const asked = context.firstTokenOnly ? 1 : length;
  const split = (y: tf.Tensor, positions: number): tf.Tensor =>
    tf.transpose(tf.reshape(y, [batch, positions, config.num_attention_heads, size]), [0, 2, 1, 3]);
  const query = split(tf.mul(dense(p, `${prefix}.query`, queries), 1 / Math.sqrt(size)), asked); // [B, A, S, D]
  const key = split(dense(p, `${prefix}.key`, x), length);
  const value = split(dense(p, `${prefix}.value`, x), length);
  const scores = tf.add(tf.matMul(query, key, false, true), context.bias); // [B, A, S, S]
  const probabilities = tf.softmax(scores);
  context.attentions?.push(probabilities);
  const kept = dropout(probabilities, config.attention_probs_dropout_prob, 1 + 3 * context.layer);
  return tf.reshape(tf.transpose(tf.matMul(kept, value), [0, 2, 1, 3]), [-1, config.hidden_size]); // [N, H]
}

/** The first token's row of every text: `[N, H]` to `[B, H]`. */
export function firstTokens(x: tf.Tensor, [batch, length]: readonly [number, number], config: BertConfig): tf.Tensor {
  const size = config.hidden_size;
  const operation = tf.customGrad((...inputs) => {
    const [rows] = inputs as [tf.Tensor];
    const value = tf.reshape(tf.slice(tf.reshape(rows, [batch, length, size]), [0, 0, 0], [batch, 1, size]), [-1, size]);
    const gradFunc = (upstream: tf.Tensor): tf.Tensor => {
      const everyPosition = tf.tensor1d(Float32Array.from({ length: config.max_position_embeddings }, (_, index) => (index === 0 ? 1 : 0)));
      const first = tf.reshape(tf.slice(everyPosition, [0], [length]), [1, length, 1]);
      return tf.reshape(tf.mul(tf.reshape(upstream, [batch, 1, size]), first), [-1, size]);
    };
    return { value, gradFunc };
  });
  return operation(x);
}

/** Can the encoder leave out the last layer's other tokens, because the classifier reads the first alone? */
export function readsFirstTokenOnly(config: BertConfig): boolean {
  return config.classifier_head === 'pooler' || (config.classifier_head === 'last-layers' && config.classifier_layers === 1);
}

/**
 * The pair classifier: what the configured head reads of the hidden states, then one product.
 *
 * @returns Logits, `[B, C]`.
 */
export function classify(p: Parameters, encoded: Encoded, inputs: TokenInputs, config: BertConfig, options: EncodeOptions = {}): tf.Tensor {
  const features = summarise(p, encoded, inputs, config, options);
  const rate = config.classifier_dropout ?? config.hidden_dropout_prob;
  return dense(p, 'classifier', (options.dropout ?? noDropout)(features, rate, 1 + 3 * config.num_hidden_layers));
}

function summarise(p: Parameters, { hidden }: Encoded, inputs: TokenInputs, config: BertConfig, options: EncodeOptions): tf.Tensor {
  const shape = inputs.ids.shape as [number, number];
  const last = hidden.at(-1) as tf.Tensor;
  if (config.classifier_head === 'mean') return meanOfTokens(last, inputs.mask, config);
  const first = options.firstTokenOnly === true ? last : firstTokens(last, shape, config);
  if (config.classifier_head === 'pooler') return tf.tanh(dense(p, 'bert.pooler.dense', first));
  const below = hidden.slice(hidden.length - config.classifier_layers, -1).map((layer) => firstTokens(layer, shape, config));
  return below.length === 0 ? first : tf.concat([...below, first], 1); // [B, layers · H], the last layer last
}

/** The mean over the tokens that are not padding: `[N, H]` to `[B, H]`. */
function meanOfTokens(x: tf.Tensor, mask: tf.Tensor, config: BertConfig): tf.Tensor {
  const [batch, length] = mask.shape as [number, number];
  const counted = tf.cast(mask, 'float32');
  const weights = tf.div(counted, tf.sum(counted, 1, true)); // [B, S]
  const sum = tf.matMul(tf.reshape(weights, [batch, 1, length]), tf.reshape(x, [batch, length, config.hidden_size])); // [B, 1, H]
  return tf.reshape(sum, [-1, config.hidden_size]);
}

/**
 * The masked language model's scores of the whole vocabulary at some tokens.
 *
 * @param positions int32 `[M]`, places in the flattened batch (text · S + position).
 * @returns Logits, `[M, V]`.
 */
export function predictTokens(p: Parameters, encoded: Encoded, positions: tf.Tensor, config: BertConfig): tf.Tensor {
  const rows = rowsAt(encoded.hidden.at(-1) as tf.Tensor, positions); // [M, H]
  const transformed = activate(dense(p, 'cls.predictions.transform.dense', rows), config.hidden_act);
  const normal = norm(p, 'cls.predictions.transform.LayerNorm', transformed, config);
  const product = tf.matMul(normal as tf.Tensor2D, parameter(p, 'bert.embeddings.word_embeddings.weight') as tf.Tensor2D, false, true);
  return tf.add(product, parameter(p, 'cls.predictions.bias'));
}

/** A whole pass: ids, sides and mask to logits `[B, C]`. What prediction runs and what is exported. */
export function pairLogits(parameters: Parameters, inputs: TokenInputs, config: BertConfig, options: EncodeOptions = {}): tf.Tensor {
  const complete = { ...options, firstTokenOnly: readsFirstTokenOnly(config) };
  return classify(parameters, encode(parameters, wordRows(parameters, inputs.ids), inputs, config, complete), inputs, config, complete);
}

function dense(p: Parameters, name: string, x: tf.Tensor): tf.Tensor {
  return tf.add(tf.matMul(x as tf.Tensor2D, parameter(p, `${name}.weight`) as tf.Tensor2D, false, true), parameter(p, `${name}.bias`));
}

function norm(p: Parameters, name: string, x: tf.Tensor, config: BertConfig): tf.Tensor {
  return layerNorm(x, parameter(p, `${name}.weight`), parameter(p, `${name}.bias`), config.layer_norm_eps);
}

function ownParameters(p: Parameters, layer: number): Parameters {
  return Object.fromEntries(Object.entries(p).filter(([name]) => name.startsWith(`bert.encoder.layer.${layer}.`)));
}

function parameter(p: Parameters, name: string): tf.Tensor {
  const value = p[name];
  if (value === undefined)
    throw new TypeError(`bert: expected a parameter ${name}, got none. The state must hold every name that parameterSpecs lists.`);
  return value;
}
