import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@samequestion/checkpoints/node';
import type { TensorValue, TensorValues } from './engine.ts';
import { ModelError } from './error.ts';
import { exists, readTensors, writeTensors } from './folder.ts';

/** Everything beside tensors that a run needs to go on as if it had never stopped. */
export interface TrainerState {
  /** Updates done. */
  readonly step: number;
  readonly epoch: number;
  /** Batches of the epoch done. */
  readonly batchOfEpoch: number;
  /** Batches and parts of batches computed: what the random masks count. */
  readonly passes: number;
  /** Updates left out because gradients overflowed under loss scaling; they count as steps. */
  readonly skipped?: number;
  /** Tokens trained on, padding not counted. */
  readonly tokens: number;
  /** Seconds of training so far, over all sessions. */
  readonly seconds: number;
  readonly best: { readonly step: number; readonly macroF1: number } | null;
  /** Evaluations since the best one. */
  readonly evaluationsWithoutGain: number;
  /** What decides the run's numbers: a run can only go on under the same. */
  readonly settings: unknown;
}

/** A checkpoint of a run, read back. */
export interface RunCheckpoint {
  readonly folder: string;
  readonly trainer: TrainerState;
  /** Parameters, moments and averages by name, and the best parameters so far as `best.NAME`. */
  readonly state: TensorValues;
}

const STATE = 'state.safetensors';
const TRAINER = 'trainer.json';

/**
 * Writes `step-N/` with `state.safetensors` and `trainer.json` into a folder, whole or not at all, then removes all but the newest `keep`.
 * A step that is already there is left as it is: a run that goes on comes to the same numbers again.
 *
 * @returns The checkpoint's folder.
 */
export async function writeRunCheckpoint(
  folder: string,
  checkpoint: { readonly trainer: TrainerState; readonly state: Readonly<Record<string, TensorValue>> },
  keep: number,
): Promise<string> {
  const target = join(folder, `step-${checkpoint.trainer.step}`);
  if (!(await exists(target))) {
    const partial = join(folder, `.step-${checkpoint.trainer.step}.partial`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await writeTensors(join(partial, STATE), checkpoint.state);
    await writeFileAtomically(join(partial, TRAINER), [new TextEncoder().encode(`${JSON.stringify(checkpoint.trainer, null, 2)}\n`)]);
    await rename(partial, target);
  }
  const steps = await stepsIn(folder);
  for (const step of steps.slice(0, Math.max(0, steps.length - Math.max(1, keep))))
    await rm(join(folder, `step-${step}`), { recursive: true, force: true });
  return target;
}

/**
 * The newest checkpoint in a run's `checkpoints` folder, or `undefined` if the run was stopped before it wrote one.
 *
 * @throws {ModelError} If the folder does not exist or the checkpoint is damaged.
 */
export async function readRunCheckpoint(folder: string): Promise<RunCheckpoint | undefined> {
  const step = (await stepsIn(folder)).at(-1);
  if (step === undefined) return undefined;
  const path = join(folder, `step-${step}`);
  try {
    const trainer = JSON.parse(await readFile(join(path, TRAINER), 'utf8')) as TrainerState;
    return { folder: path, trainer, state: await readTensors(join(path, STATE)) };
  } catch (cause) {
    throw new ModelError(
      `readRunCheckpoint: expected ${STATE} and ${TRAINER} of a run, got ${cause instanceof Error ? cause.message : String(cause)} (${path}). Remove the folder to go on from the checkpoint before it.`,
      { path, cause },
    );
  }
}

async function stepsIn(folder: string): Promise<readonly number[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new ModelError(
      `readRunCheckpoint: expected the checkpoints folder of a run, got ${cause instanceof Error ? cause.message : String(cause)}. A run that goes on needs one; finished weights start a new run.`,
      {
        path: folder,
        cause,
      },
    );
  }
  return names.flatMap((name) => (/^step-\d+$/u.test(name) ? [Number(name.slice(5))] : [])).sort((a, b) => a - b);
}
