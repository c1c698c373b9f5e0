import { type LabelledPair, collate, collateLabels, collateMasked } from './batch.ts';
import { DROPOUT_OFFSETS, dropoutOffsets, dropoutRates, largestWindow } from './dropout.ts';
import type { TensorValue } from './engine.ts';
import { ModelError } from './error.ts';
import type { UpdateScalars } from './host-optimizer.ts';
import type { Run } from './run.ts';
import { hasOverflowed, isSmallestScale, lossScaleNames, nextLossScaleValues } from './loss-scale.ts';
import { learningRateAt } from './schedule.ts';
import { dropoutSites } from './step.ts';
import { partsOf } from './train-data.ts';
import type { StepEvent } from './train-options.ts';
import { scheduleOf } from './train-settings.ts';

/** Above this share of a perturbation lost to rounding, adversarial training is not what was asked for. */
const ROUNDING_LIMIT = 0.1;

/**
 * One update from one batch, in as many parts as needed.
 *
 * @throws {ModelError} If the loss is no longer a number, or a pair is longer than the run was prepared for.
 * @throws {RangeError} If an adversarial perturbation is lost in rounding.
 */
export async function updateFromBatch(run: Run, batch: readonly LabelledPair[]): Promise<StepEvent> {
  const { options, step, program, trainer } = run;
  const started = performance.now();
  const schedule = scheduleOf(options, trainer, run.stepsPerEpoch);
  const learningRate = learningRateAt(trainer.step, schedule);
  const numbers = updateNumbers(run, learningRate);
  const sums = await runParts(run, batch, numbers);
  const scaling = await settleScale(run, sums);
  if (scaling.skipped !== true) await run.host?.update(program, { ...numbers, gradientNorm: sums.norm });
  const tokens = batch.reduce((sum, { ids }) => sum + ids.length, 0);
  const seconds = (performance.now() - started) / 1000;
  trainer.step++;
  trainer.batchOfEpoch++;
  trainer.tokens += tokens;
  trainer.seconds += seconds;
  const { loss, norm: gradientNorm, positions, ofTask } = sums;
  const { maskedAccuracy } = ofTask;
  const more = step.task === 'joint' ? ofTask : step.task === 'masked-language-model' ? { maskedAccuracy } : {};
  return {
    event: 'step',
    step: trainer.step,
    epoch: trainer.epoch,
    totalSteps: schedule.totalSteps,
    loss,
    ...more,
    gradientNorm,
    ...scaling,
    learningRate,
    tokens,
    positions,
    seconds,
  };
}

/** What the parts of a batch gave together; norm and scale are the last part's. */
interface PartSums {
  loss: number;
  readonly ofTask: { pairLoss: number; pairAccuracy: number; maskedLoss: number; maskedAccuracy: number };
  norm: number;
  scale: number;
  positions: number;
}

/** Computes a batch in its parts. @throws {ModelError} If the loss is no longer a number. */
async function runParts(run: Run, batch: readonly LabelledPair[], numbers: UpdateNumbers): Promise<PartSums> {
  const { options, step, program, trainer } = run;
  const parts = step.accumulate === true ? partsOf(batch, options.partSize ?? batch.length) : [batch];
  const totals = {
    weight: batch.reduce((sum, { label }) => sum + (options.loss?.classWeights?.[label] ?? 1), 0),
    masked: batch.reduce((sum, { masked = [] }) => sum + masked.length, 0),
  };
  const sums: PartSums = {
    loss: 0,
    ofTask: { pairLoss: 0, pairAccuracy: 0, maskedLoss: 0, maskedAccuracy: 0 },
    norm: 0,
    positions: 0,
    scale: 1,
  };
  for (const [index, part] of parts.entries()) {
    const inputs = partInputs(run, part, totals);
    const outputs = await program.run({ ...inputs, ...numbersOf(run, numbers, index) });
    const number = (name: string): number => outputs[name]?.data[0] ?? 0;
    sums.loss += number('loss');
    sums.ofTask.pairLoss += number('pair_loss');
    sums.ofTask.pairAccuracy += number('pair_accuracy');
    sums.ofTask.maskedLoss += number('masked_loss');
    sums.ofTask.maskedAccuracy += number('masked_accuracy');
    sums.norm = number('gradient_norm');
    sums.scale = number('loss_scale');
    sums.positions += inputs['input_ids']?.data.length ?? 0;
    trainer.passes++;
    // Known from the first update on; one that overflowed knows nothing.
    const first = trainer.step === (trainer.skipped ?? 0) && !(step.lossScaling !== undefined && hasOverflowed(sums.norm));
    if (step.adversarial !== undefined && first) checkRounding(number('rounding_error'), step.adversarial.epsilon);
  }
  if (!Number.isFinite(sums.loss))
    throw new ModelError(
      `train: expected a finite loss, got ${sums.loss} (step ${trainer.step + 1}). Lower the learning rate or lengthen the warm-up.`,
    );
  return sums;
}

/** What loss scaling made of an update: counts one that was left out, and sets the scale where the last part of a batch decides. */
async function settleScale(
  { step, program, host, trainer }: Run,
  { norm, scale }: { readonly norm: number; readonly scale: number },
): Promise<Pick<StepEvent, 'lossScale' | 'skipped'>> {
  if (step.lossScaling === undefined) return {};
  const skipped = hasOverflowed(norm);
  if (host !== undefined) {
    const state = await program.read(Object.values(lossScaleNames));
    await program.load(nextLossScaleValues(state, !skipped, step.lossScaling));
  }
  if (!skipped) return { lossScale: scale };
  if (isSmallestScale(scale))
    throw new ModelError(
      `train: expected finite gradients at a loss scale of ${scale}, got an overflow (step ${trainer.step + 1}). Lower the learning rate, or compute products in float32.`,
    );
  trainer.skipped = (trainer.skipped ?? 0) + 1;
  return { lossScale: scale, skipped };
}

function partInputs(
  run: Run,
  part: readonly LabelledPair[],
  totals: { readonly weight: number; readonly masked: number },
): Record<string, TensorValue> {
  const { options, step } = run;
  const tokens = collate(part, options.config, options.padToMultipleOf);
  const length = tokens['input_ids']?.shape[1] ?? 0;
  if (dropoutRates(options.config).length > 0 && largestWindow(options.config, part.length, length) > step.window) {
    throw new ModelError(
      `train: expected pairs of the length that the run was prepared for, got ${part.length} × ${length} tokens. Set maxLength to the longest there will be.`,
    );
  }
  return {
    ...tokens,
    ...(step.task === 'masked-language-model' ? {} : collateLabels(part, totals.weight, options.loss?.classWeights)),
    ...(step.task === 'classification'
      ? {}
      : collateMasked(part, length, Math.max(1, totals.masked), MASKED_STEP * (options.padToMultipleOf ?? 0) || 1)),
  };
}

/** Masked tokens are rounded up to this many times the multiple that lengths are padded to. */
const MASKED_STEP = 16;

const scalar = (value: number): TensorValue => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });

type UpdateNumbers = Omit<UpdateScalars, 'gradientNorm'>;

function updateNumbers({ options, step, trainer }: Run, learningRate: number): UpdateNumbers {
  const { beta1, beta2, biasCorrection } = step.optimizer;
  const time = trainer.step + 1 - (trainer.skipped ?? 0);
  return {
    learningRate,
    correction1: biasCorrection ? 1 / (1 - beta1 ** time) : 1,
    correction2: biasCorrection ? 1 / (1 - beta2 ** time) : 1,
    averageDecay: Math.min(options.averageDecay ?? 0, (1 + trainer.step) / (10 + trainer.step)),
  };
}

/** The inputs of a part that are not data: rates, corrections, places of the masks. */
function numbersOf({ options, step, trainer }: Run, numbers: UpdateNumbers, part: number): Record<string, TensorValue> {
  const inputs: Record<string, TensorValue> =
    step.accumulate === true
      ? { keep: scalar(part === 0 ? 0 : 1) }
      : {
          learning_rate: scalar(numbers.learningRate),
          ...(step.optimizer.biasCorrection ? { correction1: scalar(numbers.correction1), correction2: scalar(numbers.correction2) } : {}),
          ...(step.average === true ? { average_decay: scalar(numbers.averageDecay) } : {}),
        };
  if (dropoutRates(options.config).length > 0) inputs[DROPOUT_OFFSETS] = dropoutOffsets(options.seed, trainer.passes, dropoutSites(step));
  return inputs;
}

function checkRounding(error: number, epsilon: number): void {
  if (error <= ROUNDING_LIMIT) return;
  throw new RangeError(
    `train: expected an adversarial perturbation that float32 can hold, got epsilon ${epsilon}, of which rounding takes ${Math.round(error * 100)} %. Choose a larger one, such as 1.`,
  );
}
