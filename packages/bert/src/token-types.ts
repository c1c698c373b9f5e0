import * as tf from '@tensorflow/tfjs';
import type { BertConfig } from './config.ts';
import { SOUND_CLASSES } from './parameters.ts';

/**
 * The token types that a model looks up, derived from its standard inputs, so that no tokenizer has to know of them:
 *
 *     type = side + 2 · kind      kind 0: nothing of the kind below
 *                                 kind 1: the token's id occurs in the other text
 *                                 kind 2: it does not, but a token that sounds alike does
 *
 * Special tokens and `[UNK]` (`unmatched_token_ids`) and padding never match. Tokens sound alike if the model's table gives both the
 * same class above 0.
 *
 * Shapes: B = batch, S = sequence length.
 *
 * @param ids int32 `[B, S]`; `sides` likewise, 0 or 1; `mask` likewise, 1 for a token and 0 for padding.
 * @returns int32 `[B, S]`.
 * @see Chen et al. 2017, section 3.2 (exact match as an input feature).
 */
export function pairTokenTypes(inputs: TokenInputs, config: BertConfig, state: Readonly<Record<string, tf.Tensor>>): tf.Tensor {
  const { ids, sides, mask } = inputs;
  if (config.pair_token_types === 'side') return sides;
  const matchable = config.unmatched_token_ids.reduce<tf.Tensor>(
    (kept, id) => tf.mul(kept, tf.cast(tf.notEqual(ids, tf.scalar(id, 'int32')), 'float32')),
    tf.cast(mask, 'float32'),
  );
  const sidesAsFloat = tf.cast(sides, 'float32');
  const exact = occursOnOtherSide(ids, sides, matchable);
  let kind = exact;
  if (config.pair_token_types === 'side-match-and-sound') {
    const classes = tf.gather(state[SOUND_CLASSES] as tf.Tensor, ids);
    const sounding = tf.mul(matchable, tf.cast(tf.greater(classes, tf.scalar(0, 'int32')), 'float32'));
    const alike = occursOnOtherSide(classes, sides, sounding);
    kind = tf.add(exact, tf.mul(tf.mul(alike, tf.sub(1, exact)), 2));
  }
  return tf.cast(tf.add(sidesAsFloat, tf.mul(kind, 2)), 'int32');
}

/** A BERT's inputs as tensors, int32 `[B, S]` each. */
export interface TokenInputs {
  readonly ids: tf.Tensor;
  readonly sides: tf.Tensor;
  readonly mask: tf.Tensor;
}

/**
 * 1 where a counted position's key stands at a counted position of the other side, else 0.
 *
 * @param keys int32 `[B, S]`; `counted` float32 `[B, S]`, 0 or 1.
 * @returns float32 `[B, S]`.
 */
function occursOnOtherSide(keys: tf.Tensor, sides: tf.Tensor, counted: tf.Tensor): tf.Tensor {
  // Key and side in one number: 2 · key + side here meets 2 · key + (1 − side) there.
  const doubled = tf.add(keys, keys);
  const here = tf.expandDims(tf.add(doubled, sides), 2); // [B, S, 1]
  const there = tf.expandDims(tf.sub(tf.add(doubled, tf.scalar(1, 'int32')), sides), 1); // [B, 1, S]
  const meets = tf.cast(tf.equal(here, there), 'float32'); // [B, S, S]
  return tf.mul(counted, tf.max(tf.mul(meets, tf.expandDims(counted, 1)), 2));
}
