import { type Adversarial, type TrainOptions, adversarialPasses } from '@samequestion/bert';

import type { FineTuningOptions } from './training-options.ts';
import { UsageError } from './usage-error.ts';

/** What `train` of the model package is told beside data, limit and rate. */
export type FineTuning = Pick<
  TrainOptions,
  'loss' | 'rDrop' | 'adversarial' | 'optimizer' | 'warmup' | 'decay' | 'partSize' | 'averageDecay' | 'recompute' | 'lossScaling'
>;

/** A length of perturbation that works where embeddings have a deviation of 0.02, as BERT's have. */
const usualEpsilon = 1;
const usualAdversarialSteps = 3;

/** The options of loss, optimizer and memory, as training takes them. @throws {UsageError} If options do not go together. */
export function fineTuning(options: FineTuningOptions, batchSize: number): FineTuning {
  const { labelSmoothing, focal: focalGamma, classWeights, rDrop, warmup, decay, accumulate, ema, recompute } = options;
  if (accumulate !== undefined && (accumulate < 1 || accumulate > batchSize))
    throw new UsageError(`--accumulate: expected 1 to ${batchSize} parts of a batch, got ${accumulate}.`);
  const adversarial = adversarialOf(options);
  return {
    ...(labelSmoothing === undefined && focalGamma === undefined && classWeights === undefined
      ? {}
      : { loss: defined({ labelSmoothing, focalGamma, classWeights }) }),
    ...defined({ rDrop, adversarial, warmup, decay, averageDecay: ema }),
    ...(accumulate === undefined ? {} : { partSize: Math.ceil(batchSize / accumulate) }),
    ...(recompute === true ? { recompute } : {}),
    optimizer: defined({
      weightDecay: options.weightDecay,
      biasCorrection: options.biasCorrection,
      clipNorm: options.clipNorm,
      layerDecay: options.layerDecay,
      frozenLayers: options.freeze,
    }),
  };
}

function adversarialOf(options: FineTuningOptions): Adversarial | undefined {
  const { adversarial: kind, epsilon = usualEpsilon, adversarialSteps: steps = usualAdversarialSteps } = options;
  if (kind === undefined) {
    const alone = (['epsilon', 'adversarialSteps', 'adversarialRate', 'adversarialNorm'] as const).find(
      (name) => options[name] !== undefined,
    );
    if (alone !== undefined)
      throw new UsageError('--epsilon, --adversarial-…: expected --adversarial fgm, pgd or freelb beside them, got none.');
    return undefined;
  }
  const norm = defined({ norm: options.adversarialNorm });
  if (kind === 'fgm') return { kind, epsilon, ...norm };
  return { kind, epsilon, steps, alpha: options.adversarialRate ?? (2 * epsilon) / steps, ...norm };
}

/** What the options add to plain fine-tuning, for people; with the cost where they have one. */
export function describeFineTuning({
  loss,
  rDrop,
  adversarial,
  partSize,
  averageDecay,
  recompute,
  lossScaling,
  optimizer,
}: FineTuning): string[] {
  const passes = adversarialPasses(adversarial);
  return [
    ...(loss?.labelSmoothing === undefined ? [] : [`label smoothing ${loss.labelSmoothing}`]),
    ...(loss?.focalGamma === undefined ? [] : [`focal loss, γ ${loss.focalGamma}`]),
    ...(loss?.classWeights === undefined ? [] : [`class weights ${loss.classWeights.join(', ')}`]),
    ...(rDrop === undefined ? [] : [`R-Drop, α ${rDrop} (2 forward passes)`]),
    ...(adversarial === undefined ? [] : [`${adversarial.kind.toUpperCase()}, ε ${adversarial.epsilon} (${passes} passes a step)`]),
    ...(optimizer?.layerDecay === undefined ? [] : [`layer decay ${optimizer.layerDecay}`]),
    ...(optimizer?.frozenLayers === undefined ? [] : [`embeddings and ${optimizer.frozenLayers} layers frozen`]),
    ...(partSize === undefined ? [] : [`in parts of ${partSize}`]),
    ...(averageDecay === undefined ? [] : [`weights averaged, ${averageDecay}`]),
    ...(recompute === true ? ['activations recomputed'] : []),
    ...(lossScaling === undefined ? [] : ['loss scaled']),
  ];
}

/** An object without its undefined fields. */
export function defined<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}
