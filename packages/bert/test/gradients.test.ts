import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  comparesSounds,
  BERT_OPTIMIZER,
  type StepOptions,
  type TensorValue,
  collate,
  collateLabels,
  collateMasked,
  createConfig,
  createTfjsEngine,
  dropoutOffsets,
  dropoutSites,
  headsOf,
  initialiseParameters,
  stepGradients,
  trainedNames,
  trainingSignature,
  trainingStep,
} from '@samequestion/bert';
import { firstState, pairs, plainOptions, scalar, tensors, tiny } from './support.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const withDropout = createConfig({ ...tiny, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2 });
const matching = createConfig({
  ...tiny,
  type_vocab_size: 10,
  pair_token_types: 'side-match-sound-and-context',
  unmatched_token_ids: [0, 1, 2],
});
const soundClasses = Int32Array.from({ length: tiny.vocab_size }, (_, id) => (id > 8 ? id % 4 : 0));

/** Options whose gradient is the gradient of the loss they report. */
const plain: [name: string, options: StepOptions][] = [
  ['cross-entropy', plainOptions()],
  ['dropout', plainOptions(withDropout)],
  ['match and sound types', plainOptions(matching)],
  ['label smoothing', plainOptions(tiny, { loss: { labelSmoothing: 0.2 } })],
  ['focal loss', plainOptions(tiny, { loss: { focalGamma: 2 } })],
  ['focal loss, smoothed', plainOptions(tiny, { loss: { focalGamma: 2, labelSmoothing: 0.2 } })],
  ['R-Drop', plainOptions(withDropout, { rDrop: 2 })],
  ['masked tokens', plainOptions(tiny, { task: 'masked-language-model' })],
  ['both tasks', plainOptions(tiny, { task: 'joint' })],
  ['layers computed again', plainOptions(withDropout, { recompute: true })],
  ['the mean of all tokens', plainOptions(createConfig({ ...tiny, classifier_head: 'mean' }))],
  ['the last two layers', plainOptions(createConfig({ ...tiny, classifier_head: 'last-layers', classifier_layers: 2 }))],
  ['gelu_new', plainOptions(createConfig({ ...tiny, hidden_act: 'gelu_new' }))],
  ['relu', plainOptions(createConfig({ ...tiny, hidden_act: 'relu' }))],
];

/** Options that change the gradient or its use, not the loss. */
const others: [name: string, options: StepOptions][] = [
  ['FGM', plainOptions(tiny, { adversarial: { kind: 'fgm', epsilon: 0.5 } })],
  ['FGM over the matrix', plainOptions(tiny, { adversarial: { kind: 'fgm', epsilon: 0.5, norm: 'matrix' } })],
  ['PGD', plainOptions(tiny, { adversarial: { kind: 'pgd', epsilon: 0.5, alpha: 0.3, steps: 2 } })],
  ['PGD over the matrix', plainOptions(tiny, { adversarial: { kind: 'pgd', epsilon: 0.5, alpha: 0.3, steps: 2, norm: 'matrix' } })],
  ['FGM with both tasks', plainOptions(tiny, { task: 'joint', adversarial: { kind: 'fgm', epsilon: 0.5 } })],
  ['FreeLB over the matrix', plainOptions(tiny, { adversarial: { kind: 'freelb', epsilon: 0.5, alpha: 0.3, steps: 2, norm: 'matrix' } })],
  ['FreeLB', plainOptions(tiny, { adversarial: { kind: 'freelb', epsilon: 0.5, alpha: 0.3, steps: 3 } })],
  ['frozen layers', plainOptions(tiny, { optimizer: { ...BERT_OPTIMIZER, frozenLayers: 1 } })],
  ['rates by layer', plainOptions(tiny, { optimizer: { ...BERT_OPTIMIZER, layerDecay: 0.9 } })],
  ['bias correction', plainOptions(tiny, { optimizer: { ...BERT_OPTIMIZER, biasCorrection: true } })],
];

/** Every loss is weighted by class. */
const CLASS_WEIGHTS = [1, 3];

function parametersOf({ config, task }: StepOptions): Record<string, TensorValue> {
  const sounds = comparesSounds(config.pair_token_types) ? { soundClasses } : {};
  return initialiseParameters(config, { seed: 5, heads: headsOf(task), ...sounds });
}

function batchOf(options: StepOptions, count = 4, learningRate = 0): Record<string, TensorValue> {
  const some = pairs(count, 3).map((pair) => ({
    ...pair,
    masked: [
      { position: 1, id: 4 },
      { position: 2, id: 5 },
    ],
  }));
  const tokens = collate(some, options.config);
  const total = some.reduce((sum, { label }) => sum + (CLASS_WEIGHTS[label] ?? 0), 0);
  const all = {
    ...tokens,
    ...collateLabels(some, total, CLASS_WEIGHTS),
    ...collateMasked(some, tokens['input_ids']?.shape[1] ?? 0, 2 * some.length),
    dropout_offsets: dropoutOffsets(1, 1, dropoutSites(options)),
    learning_rate: scalar(learningRate),
    correction1: scalar(1),
    correction2: scalar(1),
  };
  const { batch } = trainingSignature(options);
  return Object.fromEntries(Object.entries(all).filter(([name]) => batch[name] !== undefined));
}

/** The slope of the loss along each parameter's gradient: measured, and as the gradient has it. */
function slopes(options: StepOptions): { readonly name: string; readonly measured: number; readonly computed: number }[] {
  const parameters = parametersOf(options);
  const batch = tensors(batchOf(options));
  const state = tensors(firstState(options, parameters));
  const { gradients } = stepGradients(options, state, batch);
  return Object.entries(gradients).map(([name, gradient]) => {
    const value = parameters[name] as TensorValue;
    const slope = gradient.dataSync();
    // Along the gradient itself the slope is its length: the largest there is, hence the least rounded.
    const length = Math.hypot(...slope);
    const lossAt = (distance: number): number => {
      const data = Float32Array.from(value.data, (number, index) => number + (distance * (slope[index] ?? 0)) / (length || 1));
      const moved = tf.tensor(data, [...value.shape]);
      return tf.tidy(() => stepGradients(options, { ...state, [name]: moved }, batch).outputs['loss']?.dataSync()[0] ?? Number.NaN);
    };
    return { name, measured: (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP), computed: length };
  });
}

// Central differences in float32: a loss near 1 is rounded to 6e-8, which a step of 0.01 turns into 1e-5 of slope; the third derivative costs
// about as much. Slopes compared are above 0.01 or below this bound altogether.
const STEP = 0.01;
const TOLERANCE = 2e-3;

describe('gradients agree with finite differences', () => {
  it.each(plain)('with %s', (_, options) => {
    const wrong = slopes(options).filter(({ measured, computed }) => !(Math.abs(measured - computed) <= TOLERANCE * Math.max(1, computed)));
    expect(wrong).toEqual([]);
  });
});

describe('one step', () => {
  it.each([...plain, ...others])('moves every parameter that it should and none else, with %s', async (_, options) => {
    const parameters = parametersOf(options);
    const program = await createTfjsEngine({ backend: 'cpu' }).compile(trainingStep(options), trainingSignature(options));
    await program.load(firstState(options, parameters));
    await program.run(batchOf(options, 4, 1e-2));
    const after = await program.read(Object.keys(parameters));
    const moved = Object.keys(parameters).filter(
      (name) => !after[name]?.data.every((number, index) => number === parameters[name]?.data[index]),
    );
    await program.dispose();
    expect(moved.sort()).toEqual([...trainedNames(options)].sort());
  });
});

describe('eight pairs are overfitted', () => {
  const reached = 0.01;
  // A smoothed loss of two classes has a floor above 0, at its best probability of the label; the focal and R-Drop losses reach 0.
  const floorOf = ({ labelSmoothing = 0, focalGamma = 0 }: NonNullable<StepOptions['loss']> = {}): number => {
    const share = (p: number, target: number): number => -target * (1 - p) ** focalGamma * Math.log(p);
    const lossAt = (p: number): number => share(p, 1 - labelSmoothing / 2) + share(1 - p, labelSmoothing / 2);
    return Math.min(...Array.from({ length: 999 }, (_, step) => lossAt((step + 1) / 1000)));
  };
  const cases = [...plain, ...others].flatMap(([name, options]): [string, StepOptions, number][] => {
    if (['rates by layer', 'bias correction', 'R-Drop'].includes(name)) return [];
    return [[name, options, floorOf(options.loss) + reached]];
  });
  // Its two passes agree only once both are sure, which strong dropout delays.
  const mild = createConfig({ ...tiny, hidden_dropout_prob: 0.02 });
  cases.push(['R-Drop', plainOptions(mild, { rDrop: 1 }), reached]);
  it.each(cases)('with %s', async (_, options, bound) => {
    const signature = trainingSignature(options);
    const program = await createTfjsEngine({ backend: 'cpu' }).compile(trainingStep(options), signature);
    await program.load(firstState(options, parametersOf(options)));
    let loss = Number.POSITIVE_INFINITY;
    for (let step = 0; step < 400 && loss >= bound; step++) {
      const batch = batchOf(options, 8, 5e-3);
      if (signature.batch['dropout_offsets'] !== undefined) batch['dropout_offsets'] = dropoutOffsets(1, step, dropoutSites(options));
      loss = (await program.run(batch))['loss']?.data[0] ?? Number.NaN;
    }
    await program.dispose();
    expect(loss).toBeLessThan(bound);
  });
});
