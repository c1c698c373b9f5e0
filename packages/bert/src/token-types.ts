import * as tf from '@tensorflow/tfjs';
import { type BertConfig, comparesSounds } from './config.ts';
import { SOUND_CLASSES } from './parameters.ts';

/**
 * The token types that a model looks up, derived from its standard inputs, so that no tokenizer has to know of them:
 *
 *     type = side + 2 · kind      kind 0: nothing of the kinds below
 *                                 kind 1: the token's id occurs in the other text
 *                                 kind 2: it does not, but a token that sounds alike does
 *                                 kind 3: the id occurs there beside a neighbour that also matches or sounds alike
 *                                 kind 4: a token that sounds alike occurs there beside such a neighbour, the id itself does not
 *
 * `'side-and-match'` knows kind 1, `'side-match-and-sound'` kinds 1 and 2, `'side-match-sound-and-context'` all; kind 3 goes before 4, 4
 * before 1, 1 before 2. Neighbours are the tokens next to both, on the same side of each. Special tokens and `[UNK]` (`unmatched_token_ids`)
 * and padding never match. Tokens sound alike if the model's table gives both the same class above 0.
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
  const exact = meetings(ids, sides, matchable);
  const kind = comparesSounds(config.pair_token_types) ? soundKinds(inputs, { config, state, matchable, exact }) : tf.max(exact, 2);
  return tf.cast(tf.add(tf.cast(sides, 'float32'), tf.mul(kind, 2)), 'int32');
}

interface Matches {
  readonly config: BertConfig;
  readonly state: Readonly<Record<string, tf.Tensor>>;
  /** float32 `[B, S]`, 1 for a token that may match. */
  readonly matchable: tf.Tensor;
  /** float32 `[B, S, S]`, 1 where the same id meets itself on the other side. */
  readonly exact: tf.Tensor;
}

/** The kinds of match with sounds, and with context where the rule asks for it: float32 `[B, S]`. */
function soundKinds({ ids, sides }: TokenInputs, { config, state, matchable, exact }: Matches): tf.Tensor {
  const classes = tf.gather(state[SOUND_CLASSES] as tf.Tensor, ids);
  const sounding = tf.mul(matchable, tf.cast(tf.greater(classes, tf.scalar(0, 'int32')), 'float32'));
  const alike = meetings(classes, sides, sounding);
  const alone = firstKind(exact, alike, 1);
  if (config.pair_token_types === 'side-match-and-sound') return alone;
  const beside = besideMeeting(tf.maximum(exact, alike), ids.shape as [number, number]);
  const inContext = firstKind(tf.mul(exact, beside), tf.mul(alike, beside), 3);
  return tf.where(tf.greater(inContext, 0), inContext, alone);
}

/** `kind` where a token meets itself, `kind + 1` where it only meets one that sounds alike, else 0: float32 `[B, S, S]` twice to `[B, S]`. */
function firstKind(exact: tf.Tensor, alike: tf.Tensor, kind: number): tf.Tensor {
  const occurs = tf.max(exact, 2);
  return tf.add(tf.mul(occurs, kind), tf.mul(tf.mul(tf.max(alike, 2), tf.sub(1, occurs)), kind + 1));
}

/** 1 where the places before both, or after both, meet: float32 `[B, S, S]` to the same. */
function besideMeeting(meets: tf.Tensor, [batch, length]: readonly [number, number]): tf.Tensor {
  const framed = tf.pad(meets, [
    [0, 0],
    [1, 1],
    [1, 1],
  ]);
  const size = [batch, length, length];
  return tf.maximum(tf.slice(framed, [0, 0, 0], size), tf.slice(framed, [0, 2, 2], size));
}

/** A BERT's inputs as tensors, int32 `[B, S]` each. */
export interface TokenInputs {
  readonly ids: tf.Tensor;
  readonly sides: tf.Tensor;
  readonly mask: tf.Tensor;
}

/**
 * 1 where a counted position's key meets the same key at a counted position of the other side, else 0.
 *
 * @param keys int32 `[B, S]`; `counted` float32 `[B, S]`, 0 or 1.
 * @returns float32 `[B, S, S]`, symmetric.
 */
function meetings(keys: tf.Tensor, sides: tf.Tensor, counted: tf.Tensor): tf.Tensor {
  // Key and side in one number: 2 · key + side here meets 2 · key + (1 − side) there.
  const doubled = tf.add(keys, keys);
  const here = tf.expandDims(tf.add(doubled, sides), 2); // [B, S, 1]
  const there = tf.expandDims(tf.sub(tf.add(doubled, tf.scalar(1, 'int32')), sides), 1); // [B, 1, S]
  const meets = tf.cast(tf.equal(here, there), 'float32'); // [B, S, S]
  return tf.mul(tf.mul(meets, tf.expandDims(counted, 1)), tf.expandDims(counted, 2));
}
