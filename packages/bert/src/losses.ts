import * as tf from '@tensorflow/tfjs';

/** A loss of logits against labels. */
export interface LossOptions {
  /** Part of the target that is spread evenly over the classes (Szegedy et al. 2016). */
  readonly labelSmoothing?: number;
  /** γ of the focal loss, (1 − p)^γ · −log p (Lin et al. 2017); 0 is cross-entropy. */
  readonly focalGamma?: number;
}

/**
 * Cross-entropy per row, with its gradient written out: softmax − target.
 *
 * @param logits `[N, C]`.
 * @param labels int32 `[N]`.
 * @returns `[N]`.
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor, smoothing = 0): tf.Tensor {
  const classes = logits.shape.at(-1) as number;
  const operation = tf.customGrad((...inputs) => {
    const [scores, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    const logProbabilities = tf.logSoftmax(scores);
    const target = targets(labels, classes, smoothing);
    save([logProbabilities, target]);
    return { value: tf.neg(tf.sum(tf.mul(logProbabilities, target), 1)), gradFunc: crossEntropyGradient };
  });
  return operation(logits);
}

function crossEntropyGradient(upstream: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [logProbabilities, target] = saved as [tf.Tensor, tf.Tensor];
  return tf.mul(tf.sub(tf.exp(logProbabilities), target), tf.expandDims(upstream, 1));
}

/** What the probabilities should be, `[N, C]`: 1 for the label, or somewhat less and the rest spread evenly. */
function targets(labels: tf.Tensor, classes: number, smoothing: number): tf.Tensor {
  const exact = tf.cast(tf.oneHot(labels, classes), 'float32');
  return smoothing === 0 ? exact : tf.add(tf.mul(exact, 1 - smoothing), smoothing / classes);
}

/**
 * The focal loss per row: each class's share of the cross-entropy times (1 − p)^γ, where p is its probability. Without smoothing that is the
 * label's share alone.
 *
 * @see Lin et al. 2017, eq. 4.
 */
export function focalLoss(logits: tf.Tensor, labels: tf.Tensor, gamma: number, smoothing = 0): tf.Tensor {
  const target = targets(labels, logits.shape.at(-1) as number, smoothing);
  const logProbabilities = tf.logSoftmax(logits);
  // 1 − p, kept off 0, where a power below 2 has no gradient.
  const missing = tf.maximum(tf.sub(1, tf.exp(logProbabilities)), 1e-7);
  const shares = tf.mul(tf.exp(tf.mul(tf.log(missing), gamma)), logProbabilities);
  return tf.neg(tf.sum(tf.mul(shares, target), 1));
}

/** The loss of one pass over a batch, summed with each example's weight: a scalar. */
export function weightedLoss(logits: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor, options: LossOptions = {}): tf.Tensor {
  const { focalGamma: gamma = 0, labelSmoothing: smoothing = 0 } = options;
  const perExample = gamma > 0 ? focalLoss(logits, labels, gamma, smoothing) : crossEntropy(logits, labels, smoothing);
  return tf.sum(tf.mul(perExample, weights));
}

/**
 * The share of rows whose label has the highest score, each row counted with its weight: a scalar. Without argmax, whose integers a GPU would
 * hand to the CPU; a row in which two scores tie for the highest counts as right.
 */
export function weightedAccuracy(logits: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const target = tf.cast(tf.oneHot(labels, logits.shape.at(-1) as number), 'float32');
  const ofLabel = tf.sum(tf.mul(logits, target), 1);
  return tf.sum(tf.mul(tf.cast(tf.greaterEqual(ofLabel, tf.max(logits, 1)), 'float32'), weights));
}

/**
 * R-Drop's agreement of two passes under different dropout masks: the mean of both Kullback–Leibler divergences per example, weighted and summed.
 *
 * @see Liang et al. 2021, eq. 2.
 */
export function disagreement(first: tf.Tensor, second: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const p = tf.logSoftmax(first);
  const q = tf.logSoftmax(second);
  // KL(P‖Q) + KL(Q‖P) = Σ (P − Q)(log P − log Q)
  const both = tf.sum(tf.mul(tf.sub(tf.exp(p), tf.exp(q)), tf.sub(p, q)), 1);
  return tf.sum(tf.mul(tf.mul(both, 0.5), weights));
}
