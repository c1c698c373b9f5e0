import {
  comparesSounds,
  BERT_OPTIMIZER,
  type Engine,
  type StepOptions,
  type TensorValue,
  collate,
  collateLabels,
  collateMasked,
  createConfig,
  dropoutOffsets,
  dropoutSites,
  headsOf,
  initialiseParameters,
  trainingSignature,
  trainingStep,
} from '@samequestion/bert';
import { firstState, largestDifference, pairs, plainOptions, scalar, tiny } from './support.ts';

// Both compute in float32 in different orders; ten steps of AdamW magnify that.
const TOLERANCE = 2e-5;
// A key bias has no gradient but rounding, because softmax ignores what all keys share; AdamW divides that rounding by its own size.
const KEY_BIASES = 5e-4;

const withDropout = createConfig({ ...tiny, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2 });
const matching = createConfig({
  ...withDropout,
  type_vocab_size: 10,
  pair_token_types: 'side-match-sound-and-context',
  unmatched_token_ids: [0, 1, 2],
});
const soundClasses = Int32Array.from({ length: tiny.vocab_size }, (_, id) => (id > 8 ? id % 4 : 0));
const corrected = { ...BERT_OPTIMIZER, biasCorrection: true };

/** What engines are compared on. */
export const cases: [name: string, options: StepOptions][] = [
  ['cross-entropy', plainOptions(withDropout)],
  ['match, sound and context types', plainOptions(matching, { optimizer: corrected })],
  ['masked tokens', plainOptions(withDropout, { task: 'masked-language-model' })],
  ['both tasks', plainOptions(withDropout, { task: 'joint' })],
  ['smoothing, R-Drop, averages', plainOptions(withDropout, { loss: { labelSmoothing: 0.1 }, rDrop: 1, average: true })],
  [
    'focal loss, parts, frozen layers',
    plainOptions(withDropout, { loss: { focalGamma: 2 }, accumulate: true, optimizer: { ...BERT_OPTIMIZER, frozenLayers: 1 } }),
  ],
  ['FGM', plainOptions(withDropout, { adversarial: { kind: 'fgm', epsilon: 0.5 } })],
  ['FGM over the matrix', plainOptions(withDropout, { adversarial: { kind: 'fgm', epsilon: 0.5, norm: 'matrix' } })],
  ['PGD', plainOptions(withDropout, { adversarial: { kind: 'pgd', epsilon: 0.5, alpha: 0.3, steps: 2 } })],
  [
    'FreeLB, rates by layer',
    plainOptions(withDropout, {
      adversarial: { kind: 'freelb', epsilon: 0.5, alpha: 0.3, steps: 2 },
      optimizer: { ...BERT_OPTIMIZER, layerDecay: 0.8 },
    }),
  ],
  ['layers computed again', plainOptions(withDropout, { recompute: true })],
  ['the mean of all tokens', plainOptions(createConfig({ ...withDropout, classifier_head: 'mean' }))],
  ['the last two layers', plainOptions(createConfig({ ...withDropout, classifier_head: 'last-layers', classifier_layers: 2 }))],
];

/** What a step of these options takes, and more. */
function everyInput(options: StepOptions, step: number): Record<string, TensorValue> {
  const { config } = options;
  const some = pairs(3 + (step % 4), step + 1).map((pair) => ({ ...pair, masked: [{ position: 1, id: 4 }] }));
  const tokens = collate(some, config);
  return {
    ...tokens,
    ...collateLabels(some, some.length),
    ...collateMasked(some, tokens['input_ids']?.shape[1] ?? 0, some.length),
    dropout_offsets: dropoutOffsets(1, step, dropoutSites(options)),
    learning_rate: scalar(5e-3),
    correction1: scalar(1 / (1 - 0.9 ** (step + 1))),
    correction2: scalar(1 / (1 - 0.999 ** (step + 1))),
    keep: scalar(step % 3 === 0 ? 0 : 1),
    average_decay: scalar(0.9),
  };
}

/** The batch of one step, of changing sizes. */
export function batchOf(options: StepOptions, step: number): Record<string, TensorValue> {
  const { batch } = trainingSignature(options);
  return Object.fromEntries(Object.entries(everyInput(options, step)).filter(([name]) => batch[name] !== undefined));
}

/** The state that ten steps start from. */
export function startOf(options: StepOptions): Record<string, TensorValue> {
  const sounds = comparesSounds(options.config.pair_token_types) ? { soundClasses } : {};
  return firstState(options, initialiseParameters(options.config, { seed: 5, heads: headsOf(options.task), ...sounds }));
}

/** What ten steps leave behind. */
export interface Trace {
  readonly losses: readonly number[];
  readonly state: Readonly<Record<string, TensorValue>>;
}

/** Runs ten steps on batches of changing sizes. */
export async function tenSteps(engine: Engine, options: StepOptions): Promise<Trace> {
  const program = await engine.compile(trainingStep(options), trainingSignature(options));
  await program.load(startOf(options));
  const losses: number[] = [];
  for (let step = 0; step < 10; step++) {
    const { loss } = await program.run(batchOf(options, step));
    losses.push(loss?.data[0] ?? Number.NaN);
  }
  const state = await program.read();
  await program.dispose();
  return { losses, state };
}

/** The state that two engines left further apart than rounding explains, and the losses if they are. */
export function disagreements(one: Trace, other: Trace): { readonly name: string; readonly far: number }[] {
  const losses = { name: 'losses', far: largestDifference(one.losses, other.losses), bound: TOLERANCE };
  const state = Object.keys(one.state).map((name) => ({
    name,
    far: largestDifference(one.state[name]?.data ?? [], other.state[name]?.data ?? []),
    bound: name.endsWith('key.bias') ? KEY_BIASES : TOLERANCE,
  }));
  return [losses, ...state].filter(({ far, bound }) => !(far < bound));
}
