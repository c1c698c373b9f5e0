import type { Program, TensorValue, TensorValues } from './engine.ts';
import { ModelError } from './error.ts';
import { type HostOptimizer, createHostOptimizer } from './host-optimizer.ts';
import { checkParameters, parameterSpecs } from './parameters.ts';
import type { Predictor } from './predict.ts';
import type { TrainerState } from './run-checkpoint.ts';
import { initialEntries } from './state.ts';
import { type StepOptions, headsOf, trainedNames, trainingSignature, trainingStep } from './step.ts';
import type { TrainOptions } from './train-options.ts';
import { differingSettings, settingsOf, stepOptionsOf } from './train-settings.ts';
import { slotNames } from './update.ts';

/** A run's moving parts. */
export interface Run {
  readonly options: TrainOptions;
  readonly step: StepOptions;
  readonly program: Program;
  /** Updates the parameters where batches are computed in parts. */
  readonly host: HostOptimizer | undefined;
  predictor?: Predictor;
  trainer: Mutable<TrainerState>;
  best: TensorValues | undefined;
  /** The step that was evaluated last. */
  evaluated: number;
  stepsPerEpoch: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Prepares a run: checks, compiles, loads.
 *
 * @throws {ModelError} If parameters do not fit, or a checkpoint is of other settings.
 */
export async function startRun(options: TrainOptions): Promise<Run> {
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
      ? await (typeof options.parameters === 'function' ? options.parameters() : options.parameters)
      : Object.fromEntries(saved.filter(([name]) => parameterSpecs(options.config, headsOf(step.task))[name] !== undefined));
  checkParameters(parameters, options.config, headsOf(step.task));
  const best = saved.flatMap(([name, value]) => (name.startsWith('best.') ? [[name.slice(5), value] as const] : []));
  const program = await options.engine.compile(trainingStep(step), trainingSignature(step));
  const others: TensorValues = Object.fromEntries(saved.filter(([name]) => !name.startsWith('best.')));
  await loadInPieces(program, initialEntries(step, parameters, options.seed), others);
  const host = step.accumulate === true ? createHostOptimizer(step, parameters, others) : undefined;
  return {
    options,
    step,
    program,
    host,
    trainer: { ...trainer, settings },
    best: best.length > 0 ? Object.fromEntries(best) : undefined,
    evaluated: -1,
    stepsPerEpoch: 0,
  };
}

/** A piece of state that travels at once: so much of a large model is twice in memory. */
const PIECE_NUMBERS = 1 << 26;

async function loadInPieces(program: Program, entries: Iterable<[string, TensorValue]>, others: TensorValues): Promise<void> {
  let piece: Record<string, TensorValue> = {};
  let numbers = 0;
  for (const [name, value] of entries) {
    piece[name] = others[name] ?? value;
    numbers += value.data.length;
    if (numbers < PIECE_NUMBERS) continue;
    await program.load(piece);
    piece = {};
    numbers = 0;
  }
  await program.load(piece);
}

/** The weights as they would be used now: averaged ones where an average is kept. */
export async function currentParameters({ options, step, program, host }: Run): Promise<TensorValues> {
  const names = Object.keys(parameterSpecs(options.config, headsOf(step.task)));
  const averaged = new Set(step.average === true ? trainedNames(step) : []);
  const fromHost = (name: string): TensorValue | undefined => (averaged.has(name) ? host?.slots[slotNames.average(name)] : undefined);
  const source = (name: string): string => (averaged.has(name) ? slotNames.average(name) : name);
  const values = await program.read(names.filter((name) => fromHost(name) === undefined).map(source));
  return Object.fromEntries(
    names.map((name) => {
      const lasting = fromHost(name);
      return [name, lasting === undefined ? (values[source(name)] as TensorValue) : { ...lasting, data: lasting.data.slice() }];
    }),
  );
}

/** What a checkpoint holds of the state: not the sums, which a batch starts anew, and not the masks, which the seed gives. */
export async function stateToKeep({ program, step, host }: Run): Promise<TensorValues> {
  const names = Object.keys(trainingSignature(step).state);
  const kept = names.filter((name) => !name.startsWith('dropout.') && !name.startsWith('accumulated.'));
  return { ...(await program.read(kept)), ...host?.slots };
}
