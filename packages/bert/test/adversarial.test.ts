import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Adversarial,
  type Parameters,
  adversarialPasses,
  classify,
  collate,
  collateLabels,
  encode,
  initialiseParameters,
  stepGradients,
  wordRows,
} from '@samequestion/bert';
import { firstState, largestDifference, pairs, plainOptions, tensors, tiny } from './support.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const WORDS = 'bert.embeddings.word_embeddings.weight';
const some = pairs(4, 3);
const width = tiny.hidden_size;

interface Setting {
  readonly batch: Readonly<Record<string, tf.Tensor>>;
  readonly ids: Int32Array;
  readonly length: number;
}

function setting(): Setting {
  const batch = tensors({ ...collate(some, tiny), ...collateLabels(some, some.length) });
  const [, length = 0] = batch['input_ids']?.shape ?? [];
  return { batch, ids: Int32Array.from(batch['input_ids']?.dataSync() ?? []), length };
}

/** The loss from given word embeddings, in plain tfjs operations. */
function lossFrom(parameters: Parameters, rows: tf.Tensor, { batch }: Setting): tf.Scalar {
  const inputs = {
    ids: batch['input_ids'] as tf.Tensor,
    sides: batch['token_type_ids'] as tf.Tensor,
    mask: batch['attention_mask'] as tf.Tensor,
  };
  const logits = classify(parameters, encode(parameters, rows, inputs, tiny), inputs, tiny);
  const target = tf.cast(tf.oneHot(batch['labels'] as tf.Tensor1D, 2), 'float32');
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), target), 1)));
}

/** Cuts numbers into the groups that a perturbation's length is measured over. */
const groupsOf = (norm: string, { length }: Setting): number => (norm === 'matrix' ? tiny.vocab_size * width : length * width);

/** Each group scaled by a function of its length. */
function scaled(values: Float64Array, group: number, factor: (length: number) => number): Float64Array {
  const result = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += group) {
    const part = values.subarray(start, start + group);
    const by = factor(Math.hypot(...part));
    part.forEach((value, index) => (result[start + index] = value * by));
  }
  return result;
}

/** The perturbed points of an option and how much each counts, computed with loops. */
function pointsOf(option: Adversarial, parameters: Parameters, where: Setting): { readonly rows: Float32Array; readonly weight: number }[] {
  const norm = option.norm ?? 'example';
  const clean = wordRows(parameters, where.batch['input_ids'] as tf.Tensor);
  const slope = tf.grad((rows: tf.Tensor) => lossFrom(parameters, rows, where));
  const group = groupsOf(norm, where);
  const atTokens = (perturbation: Float64Array): Float32Array =>
    norm === 'example'
      ? Float32Array.from(perturbation)
      : Float32Array.from(
          { length: where.ids.length * width },
          (_, place) => perturbation[(where.ids[Math.floor(place / width)] ?? 0) * width + (place % width)] ?? 0,
        );
  const ofGroups = (rows: Float32Array): Float64Array => {
    if (norm === 'example') return Float64Array.from(rows);
    const matrix = new Float64Array(group);
    rows.forEach((value, place) => {
      const cell = (where.ids[Math.floor(place / width)] ?? 0) * width + (place % width);
      matrix[cell] = (matrix[cell] ?? 0) + value;
    });
    return matrix;
  };
  const size = norm === 'matrix' ? group : where.ids.length * width;
  const all: Float64Array[] = [new Float64Array(size)];
  const length = option.kind === 'fgm' ? option.epsilon : option.alpha;
  while (all.length < adversarialPasses(option)) {
    const last = all.at(-1) ?? new Float64Array(size);
    const rows = tf.add(clean, tf.tensor(atTokens(last), clean.shape));
    const step = scaled(ofGroups(slope(rows).dataSync() as Float32Array), group, (norm_) => length / norm_);
    const moved = last.map((value, index) => value + (step[index] ?? 0));
    all.push(option.kind === 'fgm' ? moved : scaled(moved, group, (norm_) => Math.min(1, option.epsilon / norm_)));
  }
  if (option.kind === 'freelb') return all.map((point) => ({ rows: atTokens(point), weight: 1 / all.length }));
  return [all[0], all.at(-1)].map((point) => ({ rows: atTokens(point as Float64Array), weight: 1 }));
}

const options: [name: string, option: Adversarial][] = [
  ['FGM', { kind: 'fgm', epsilon: 0.5 }],
  ['FGM over the matrix', { kind: 'fgm', epsilon: 0.5, norm: 'matrix' }],
  ['PGD', { kind: 'pgd', epsilon: 0.5, alpha: 0.3, steps: 3 }],
  ['PGD over the matrix', { kind: 'pgd', epsilon: 0.5, alpha: 0.3, steps: 2, norm: 'matrix' }],
  ['FreeLB over the matrix', { kind: 'freelb', epsilon: 0.4, alpha: 0.3, steps: 2, norm: 'matrix' }],
  ['FreeLB', { kind: 'freelb', epsilon: 0.4, alpha: 0.3, steps: 3 }],
];

// Float32 on both sides, sums in other orders.
const TOLERANCE = 1e-5;
const STEP = 0.01;
// Central differences of a loss near 1 in float32, with a step of 0.01; see gradients.test.ts.
const DIFFERENCES = 4e-3;

describe('adversarial gradients', () => {
  it.each(options)('of %s are those of the loss at the perturbed points', (_, adversarial) => {
    const where = setting();
    const step = plainOptions(tiny, { adversarial });
    const parameters = tensors(firstState(step, initialiseParameters(tiny, { seed: 5 })));
    const points = pointsOf(adversarial, parameters, where);
    const lossOf = (p: Parameters): tf.Scalar =>
      tf.addN(
        points.map(({ rows, weight }) => {
          const clean = wordRows(p, where.batch['input_ids'] as tf.Tensor);
          return tf.mul(lossFrom(p, tf.add(clean, tf.tensor(rows, clean.shape)), where), weight);
        }),
      ) as tf.Scalar;
    const { gradients } = stepGradients(step, parameters, where.batch);
    const names = Object.keys(gradients);
    const expected = tf.grads((...values: tf.Tensor[]) =>
      lossOf({ ...parameters, ...Object.fromEntries(names.map((name, index) => [name, values[index] as tf.Tensor])) }),
    )(names.map((name) => parameters[name] as tf.Tensor));
    names.forEach((name, index) =>
      expect(largestDifference(gradients[name]?.dataSync() ?? [], expected[index]?.dataSync() ?? [])).toBeLessThan(TOLERANCE),
    );
    for (const name of [WORDS, 'bert.encoder.layer.0.intermediate.dense.weight', 'classifier.weight']) {
      const slope = gradients[name]?.dataSync() ?? new Float32Array();
      const length = Math.hypot(...slope);
      const at = (distance: number): number => {
        const value = parameters[name] as tf.Tensor;
        const moved = tf.add(
          value,
          tf.tensor(
            Float32Array.from(slope, (number) => (distance * number) / length),
            value.shape,
          ),
        );
        return lossOf({ ...parameters, [name]: moved }).dataSync()[0] ?? Number.NaN;
      };
      expect(Math.abs((at(STEP) - at(-STEP)) / (2 * STEP) - length)).toBeLessThan(DIFFERENCES * Math.max(1, length));
    }
  });
});
