import { type LabelledPair, collate, collateLabels, collateMasked } from './batch.ts';
import { DROPOUT_OFFSETS, dropoutOffsets, dropoutRates, largestWindow } from './dropout.ts';
import type { Program, TensorValue, TensorValues } from './engine.ts';
import { ModelError } from './error.ts';
import { checkParameters, parameterSpecs } from './parameters.ts';
import { type Predictor, createPredictor } from './predict.ts';
import { type TrainerState, writeRunCheckpoint } from './run-checkpoint.ts';
import { learningRateAt } from './schedule.ts';
import { initialState } from './state.ts';
import { type StepOptions, dropoutSites, headsOf, trainedNames, trainingSignature, trainingStep } from './step.ts';
import { epochData, partsOf } from './train-data.ts';
import type { StepEvent, TrainEvent, TrainOptions } from './train-options.ts';
import { differingSettings, isOver, scheduleOf, settingsOf, stepOptionsOf } from './train-settings.ts';
import { slotNames } from './update.ts';

/** Above this share of a perturbation lost to rounding, adversarial training is not what was asked for. */
const ROUNDING_LIMIT = 0.1;

/**
 * Fine-tunes a model: an iterator of events, the last of which (`done`) brings the weights.
 *
 * The numbers depend on options and seed alone; with `checkpoints`, a run that was stopped anywhere goes on (`resume`) to the same weights,
 * bit for bit, on the same machine and engine. Stop reading the iterator to stop the run.
 *
 * @throws {ModelError} If parameters, pairs or checkpoint do not fit, or the loss is no longer a number.
 * @throws {RangeError} If an adversarial perturbation is lost in rounding.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void, undefined> {
  const run = await startRun(options);
  try {
    yield* trainingLoop(run);
  } finally {
    await run.program.dispose();
    await run.predictor?.dispose();
  }
}

/** A run's moving parts. */
interface Run {
  readonly options: TrainOptions;
  readonly step: StepOptions;
  readonly program: Program;
  predictor?: Predictor;
  trainer: Mutable<TrainerState>;
  best: TensorValues | undefined;
  /** The step that was evaluated last. */
  evaluated: number;
  stepsPerEpoch: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

async function startRun(options: TrainOptions): Promise<Run> {
  const step = stepOptionsOf(options);
  const settings = settingsOf(options, step);
  const { resume } = options;
  const fresh: TrainerState = {
    step: 0,
    epoch: 0,
    batchOfEpoch: 0,
    passes: 0,
    tokens: 0,
    seconds: 0,
    best: null,
    evaluationsWithoutGain: 0,
    settings,
  };
  const trainer = resume === undefined ? fresh : resume.trainer;
  if (JSON.stringify(trainer.settings) !== JSON.stringify(settings)) {
    throw new ModelError(
      `train: expected the settings of the run that is resumed, got others: ${differingSettings(trainer.settings, settings)}. Start a new run from its weights instead.`,
    );
  }
  const saved = Object.entries(resume?.state ?? {});
  const parameters =
    resume === undefined
      ? options.parameters
      : Object.fromEntries(saved.filter(([name]) => parameterSpecs(options.config, headsOf(step.task))[name] !== undefined));
  checkParameters(parameters, options.config, headsOf(step.task));
  const best = saved.flatMap(([name, value]) => (name.startsWith('best.') ? [[name.slice(5), value] as const] : []));
  const program = await options.engine.compile(trainingStep(step), trainingSignature(step));
  const others = Object.fromEntries(saved.filter(([name]) => !name.startsWith('best.')));
  await loadInPieces(program, { ...initialState(step, parameters, options.seed), ...others });
  return {
    options,
    step,
    program,
    trainer: { ...trainer, settings },
    best: best.length > 0 ? Object.fromEntries(best) : undefined,
    evaluated: -1,
    stepsPerEpoch: 0,
  };
}

/** A piece of state that travels at once: so much of a large model is twice in memory. */
const PIECE_NUMBERS = 1 << 26;

async function loadInPieces(program: Program, state: TensorValues): Promise<void> {
  let piece: Record<string, TensorValue> = {};
  let numbers = 0;
  for (const [name, value] of Object.entries(state)) {
    piece[name] = value;
    numbers += value.data.length;
    if (numbers < PIECE_NUMBERS) continue;
    await program.load(piece);
    piece = {};
    numbers = 0;
  }
  await program.load(piece);
}

async function* trainingLoop(run: Run): AsyncGenerator<TrainEvent, void, undefined> {
  const { options, trainer } = run;
  const { limit, checkpoints, patience = Number.POSITIVE_INFINITY } = options;
  let data = epochData(options, trainer.epoch);
  run.stepsPerEpoch = data.batches.length;
  if (checkpoints !== undefined && options.resume === undefined) yield await writeCheckpoint(run);
  let reason: 'limit' | 'early-stop' | 'stopped' = 'limit';
  while (!isOver(limit, trainer, run.stepsPerEpoch)) {
    if (options.signal?.aborted === true) {
      reason = 'stopped';
      break;
    }
    if (trainer.batchOfEpoch >= data.batches.length) {
      trainer.epoch++;
      trainer.batchOfEpoch = 0;
      data = epochData(options, trainer.epoch);
    }
    yield await update(run, data.batches[trainer.batchOfEpoch] ?? []);
    if (trainer.step % (options.evaluateEvery ?? run.stepsPerEpoch) === 0) yield* evaluateRun(run);
    if (checkpoints !== undefined && trainer.step % (checkpoints.every ?? run.stepsPerEpoch) === 0) yield await writeCheckpoint(run);
    if (trainer.evaluationsWithoutGain >= patience) {
      reason = 'early-stop';
      break;
    }
  }
  if (reason !== 'stopped' && run.evaluated !== trainer.step) yield* evaluateRun(run);
  if (checkpoints !== undefined) yield await writeCheckpoint(run);
  const { step, epoch, seconds, best } = trainer;
  yield { event: 'done', step, epoch, reason, seconds, best, parameters: run.best ?? (await currentParameters(run)) };
}

/** One update from one batch, in as many parts as needed. */
async function update(run: Run, batch: readonly LabelledPair[]): Promise<StepEvent> {
  const { options, step, program, trainer } = run;
  const started = performance.now();
  const schedule = scheduleOf(options, trainer, run.stepsPerEpoch);
  const learningRate = learningRateAt(trainer.step, schedule);
  const parts = step.accumulate === true ? partsOf(batch, options.partSize ?? batch.length) : [batch];
  const totals = {
    weight: batch.reduce((sum, { label }) => sum + (options.loss?.classWeights?.[label] ?? 1), 0),
    masked: batch.reduce((sum, { masked = [] }) => sum + masked.length, 0),
  };
  const sums = { loss: 0, pairLoss: 0, maskedLoss: 0, norm: 0, positions: 0 };
  for (const [index, part] of parts.entries()) {
    const inputs = partInputs(run, part, totals);
    const outputs = await program.run({ ...inputs, ...scalars(run, learningRate, index === parts.length - 1) });
    const number = (name: string): number => outputs[name]?.data[0] ?? 0;
    if (step.adversarial !== undefined && trainer.step === 0) checkRounding(number('rounding_error'), step.adversarial.epsilon);
    sums.loss += number('loss');
    sums.pairLoss += number('pair_loss');
    sums.maskedLoss += number('masked_loss');
    sums.norm = number('gradient_norm');
    sums.positions += inputs['input_ids']?.data.length ?? 0;
    trainer.passes++;
  }
  if (!Number.isFinite(sums.loss))
    throw new ModelError(
      `train: expected a finite loss, got ${sums.loss} (step ${trainer.step + 1}). Lower the learning rate or lengthen the warm-up.`,
    );
  const tokens = batch.reduce((sum, { ids }) => sum + ids.length, 0);
  const seconds = (performance.now() - started) / 1000;
  trainer.step++;
  trainer.batchOfEpoch++;
  trainer.tokens += tokens;
  trainer.seconds += seconds;
  const joint = step.task === 'joint' ? { pairLoss: sums.pairLoss, maskedLoss: sums.maskedLoss } : {};
  const { loss, norm: gradientNorm, positions } = sums;
  return {
    event: 'step',
    step: trainer.step,
    epoch: trainer.epoch,
    totalSteps: schedule.totalSteps,
    loss,
    ...joint,
    gradientNorm,
    learningRate,
    tokens,
    positions,
    seconds,
  };
}

function partInputs(
  run: Run,
  part: readonly LabelledPair[],
  totals: { readonly weight: number; readonly masked: number },
): Record<string, TensorValue> {
  const { options, step } = run;
  const tokens = collate(part, options.config);
  const length = tokens['input_ids']?.shape[1] ?? 0;
  if (dropoutRates(options.config).length > 0 && largestWindow(options.config, part.length, length) > step.window) {
    throw new ModelError(
      `train: expected pairs of the length that the run was prepared for, got ${part.length} × ${length} tokens. Set maxLength to the longest there will be.`,
    );
  }
  return {
    ...tokens,
    ...(step.task === 'masked-language-model' ? {} : collateLabels(part, totals.weight, options.loss?.classWeights)),
    ...(step.task === 'classification' ? {} : collateMasked(part, length, Math.max(1, totals.masked))),
  };
}

const scalar = (value: number): TensorValue => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });

/** The batch's numbers that are not data: rates, corrections, places of the masks. */
function scalars({ options, step, trainer }: Run, learningRate: number, apply: boolean): Record<string, TensorValue> {
  const { beta1, beta2, biasCorrection } = step.optimizer;
  const time = trainer.step + 1;
  const decay = Math.min(options.averageDecay ?? 0, (1 + trainer.step) / (10 + trainer.step));
  return {
    learning_rate: scalar(learningRate),
    ...(biasCorrection ? { correction1: scalar(1 / (1 - beta1 ** time)), correction2: scalar(1 / (1 - beta2 ** time)) } : {}),
    ...(step.accumulate === true ? { apply: scalar(apply ? 1 : 0) } : {}),
    ...(step.average === true ? { average_decay: scalar(apply ? decay : 1) } : {}),
    ...(dropoutRates(options.config).length > 0
      ? { [DROPOUT_OFFSETS]: dropoutOffsets(options.seed, trainer.passes, dropoutSites(step)) }
      : {}),
  };
}

async function* evaluateRun(run: Run): AsyncGenerator<TrainEvent, void, undefined> {
  const { options, trainer } = run;
  run.evaluated = trainer.step;
  if (options.evaluationPairs === undefined || options.evaluationPairs.length === 0 || run.step.task === 'masked-language-model') return;
  const parameters = await currentParameters(run);
  if (run.predictor === undefined) run.predictor = await createPredictor(options.engine, options.config, parameters);
  else await run.predictor.load(parameters);
  const metrics = await run.predictor.evaluate(options.evaluationPairs, options.evaluation);
  const best = trainer.best === null || metrics.macroF1 > trainer.best.macroF1;
  if (best) {
    trainer.best = { step: trainer.step, macroF1: metrics.macroF1 };
    run.best = parameters;
  }
  trainer.evaluationsWithoutGain = best ? 0 : trainer.evaluationsWithoutGain + 1;
  yield { event: 'evaluation', step: trainer.step, epoch: trainer.epoch, best, ...metrics };
}

/** The weights as they would be used now: averaged ones where an average is kept. */
async function currentParameters({ options, step, program }: Run): Promise<TensorValues> {
  const names = Object.keys(parameterSpecs(options.config, headsOf(step.task)));
  const trained = new Set(step.average === true ? trainedNames(step) : []);
  const source = (name: string): string => (trained.has(name) ? slotNames.average(name) : name);
  const values = await program.read(names.map(source));
  return Object.fromEntries(names.map((name) => [name, values[source(name)] as TensorValue]));
}

async function writeCheckpoint(run: Run): Promise<TrainEvent> {
  const { options, program, trainer, step } = run;
  const { folder, keep = 2 } = options.checkpoints as { folder: string; keep?: number };
  // Sums of gradients are 0 between updates, and the seed gives the masks: neither is written.
  const names = Object.keys(trainingSignature(step).state).filter(
    (name) => !name.startsWith('dropout.') && !name.startsWith('accumulated.'),
  );
  const best = Object.entries(run.best ?? {}).map(([name, value]) => [`best.${name}`, value]);
  const state = { ...(await program.read(names)), ...Object.fromEntries(best) };
  return { event: 'checkpoint', step: trainer.step, folder: await writeRunCheckpoint(folder, { trainer, state }, keep) };
}

function checkRounding(error: number, epsilon: number): void {
  if (error <= ROUNDING_LIMIT) return;
  throw new RangeError(
    `train: expected an adversarial perturbation that float32 can hold, got epsilon ${epsilon}, of which rounding takes ${Math.round(error * 100)} %. Choose a larger one, such as 1.`,
  );
}
