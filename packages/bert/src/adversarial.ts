import * as tf from '@tensorflow/tfjs';
import type { Parameters } from './gradients.ts';
import { sumOfRows } from './rows.ts';

/**
 * Adversarial training on the word embeddings: the gradients are taken where the loss is worst nearby.
 *
 * - `fgm`: one step of length ε up the gradient; clean and adversarial gradients are added (Miyato et al. 2017). Costs 2 passes.
 * - `pgd`: `steps` steps of length α, kept within ε; clean and last gradients are added (Madry et al. 2018). Costs `steps` + 1 passes.
 * - `freelb`: as `pgd`, but the gradients of all `steps` points, the clean one first, are averaged (Zhu et al. 2020). Costs `steps` passes.
 */
export type Adversarial =
  | { readonly kind: 'fgm'; readonly epsilon: number; readonly norm?: PerturbationNorm }
  | {
      readonly kind: 'pgd' | 'freelb';
      readonly epsilon: number;
      readonly alpha: number;
      readonly steps: number;
      readonly norm?: PerturbationNorm;
    };

/**
 * What a perturbation's length is measured over: each example's own tokens (the default), or the whole embedding matrix, as commonly practised.
 * The first does not depend on what else is in the batch, so parts of a batch give what the whole gives; the second does.
 */
export type PerturbationNorm = 'example' | 'matrix';

/** How many forward and backward passes one step makes: what the option costs, as a multiple of a plain step. */
export function adversarialPasses(adversarial: Adversarial | undefined): number {
  if (adversarial === undefined) return 1;
  if (adversarial.kind === 'fgm') return 2;
  return adversarial.kind === 'pgd' ? adversarial.steps + 1 : adversarial.steps;
}

/** The gradients of one pass, by name; `rows` is the gradient of the looked-up word embeddings, `[N, H]`. */
export interface PassGradients {
  readonly value: tf.Tensor;
  readonly gradients: Parameters;
  readonly rows: tf.Tensor;
}

/** What adversarial passes are made on. */
export interface AdversarialSetting {
  /** The word embeddings of all tokens, `[N, H]`. */
  readonly rows: tf.Tensor;
  /** int32 `[B, S]`. */
  readonly ids: tf.Tensor;
  readonly vocabularySize: number;
  /** Runs pass number `pass` from some word embeddings. */
  readonly run: (rows: tf.Tensor, pass: number) => PassGradients;
}

/** Gradients of the whole adversarial step, and how the perturbation survived rounding. */
export interface AdversarialResult {
  readonly total: PassGradients;
  /** The length of what rounding took from the last perturbation, relative to it: near 0, or ε is too small for float32. */
  readonly roundingError: tf.Tensor;
}

/** Makes all passes of an adversarial step. The value is the clean loss. */
export function adversarialGradients(setting: AdversarialSetting, adversarial: Adversarial): AdversarialResult {
  const { rows, run } = setting;
  const clean = run(rows, 0);
  const averaged = adversarial.kind === 'freelb';
  const passes = adversarialPasses(adversarial);
  const length = adversarial.kind === 'fgm' ? adversarial.epsilon : adversarial.alpha;
  let perturbation: tf.Tensor | undefined;
  let last = clean;
  let total = clean;
  for (let pass = 1; pass < passes; pass++) {
    const step = stepOf(last.rows, setting, length, adversarial.norm ?? 'example');
    const moved: tf.Tensor = perturbation === undefined ? step : tf.add(perturbation, step);
    perturbation = adversarial.kind === 'fgm' ? moved : project(moved, setting, adversarial.epsilon, adversarial.norm ?? 'example');
    last = run(tf.add(rows, atTokens(perturbation, setting, adversarial.norm)), pass);
    if (averaged || pass === passes - 1) total = addPasses(total, last);
  }
  if (averaged) total = scalePass(total, 1 / passes);
  return {
    total,
    roundingError: roundingErrorOf(rows, perturbation === undefined ? undefined : atTokens(perturbation, setting, adversarial.norm)),
  };
}

/** The gradient of the word embedding matrix from the gradients of the looked-up rows, `[V, H]`. */
export function scatterRows(rows: tf.Tensor, ids: tf.Tensor, vocabularySize: number): tf.Tensor {
  return sumOfRows(rows, tf.reshape(ids, [-1]), vocabularySize);
}

/** A perturbation as it is added to the tokens, `[N, H]`. */
function atTokens(perturbation: tf.Tensor, { ids }: AdversarialSetting, norm: PerturbationNorm | undefined): tf.Tensor {
  return norm === 'matrix' ? tf.gather(perturbation, tf.reshape(ids, [-1])) : perturbation;
}

/** One step of a length up a gradient. */
function stepOf(rows: tf.Tensor, setting: AdversarialSetting, length: number, norm: PerturbationNorm): tf.Tensor {
  const gradient = norm === 'matrix' ? scatterRows(rows, setting.ids, setting.vocabularySize) : rows;
  const lengths = tf.maximum(lengthsOf(gradient, setting, norm), 1e-20);
  return scaleEach(gradient, tf.div(length, lengths), setting, norm);
}

/** The nearest perturbation within ε. */
function project(perturbation: tf.Tensor, setting: AdversarialSetting, epsilon: number, norm: PerturbationNorm): tf.Tensor {
  const lengths = tf.maximum(lengthsOf(perturbation, setting, norm), 1e-20);
  return scaleEach(perturbation, tf.minimum(tf.div(epsilon, lengths), 1), setting, norm);
}

/** Lengths: a scalar for the matrix, `[B, 1, 1]` for the examples. */
function lengthsOf(x: tf.Tensor, { ids }: AdversarialSetting, norm: PerturbationNorm): tf.Tensor {
  if (norm === 'matrix') return tf.sqrt(tf.sum(tf.square(x)));
  const [batch, length] = ids.shape as [number, number];
  const squares = tf.sum(tf.square(tf.reshape(x, [batch, length, x.shape[1] as number])), 2, true);
  return tf.sqrt(tf.sum(squares, 1, true));
}

function scaleEach(x: tf.Tensor, factors: tf.Tensor, { ids }: AdversarialSetting, norm: PerturbationNorm): tf.Tensor {
  if (norm === 'matrix') return tf.mul(x, factors);
  const [batch, length] = ids.shape as [number, number];
  const width = x.shape[1] as number;
  return tf.reshape(tf.mul(tf.reshape(x, [batch, length, width]), factors), [-1, width]);
}

function roundingErrorOf(rows: tf.Tensor, perturbation: tf.Tensor | undefined): tf.Tensor {
  if (perturbation === undefined) return tf.scalar(0);
  const lost = tf.sub(tf.sub(tf.add(rows, perturbation), rows), perturbation);
  return tf.div(tf.sqrt(tf.sum(tf.square(lost))), tf.maximum(tf.sqrt(tf.sum(tf.square(perturbation))), 1e-20));
}

function addPasses(first: PassGradients, second: PassGradients): PassGradients {
  return {
    value: first.value,
    rows: tf.add(first.rows, second.rows),
    gradients: mapNamed(first.gradients, (gradient, name) => tf.add(gradient, second.gradients[name] as tf.Tensor)),
  };
}

function scalePass(pass: PassGradients, factor: number): PassGradients {
  return {
    value: pass.value,
    rows: tf.mul(pass.rows, factor),
    gradients: mapNamed(pass.gradients, (gradient) => tf.mul(gradient, factor)),
  };
}

function mapNamed(tensors: Parameters, change: (tensor: tf.Tensor, name: string) => tf.Tensor): Parameters {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));
}
