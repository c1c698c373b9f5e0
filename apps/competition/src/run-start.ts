import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { type RunCheckpoint, formatConfig, parseConfig, readRunCheckpoint } from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import { tokenizerFiles } from '@samequestion/tokenizer';

import { hashWeights } from './manifest.ts';
import { type RunFolder, hashFile, prepareOutputFolder, runFolder, writeAtomically } from './run-folder.ts';
import { type StartModel, startModel } from './start-model.ts';
import { readTokenizer } from './tokenizer-folder.ts';
import type { TrainingOptions } from './training-options.ts';
import { UsageError } from './usage-error.ts';

/** A run that begins, or goes on. */
export interface RunStart<Options> {
  /** As given now, or as given when the run began. */
  readonly options: Options;
  readonly folder: RunFolder;
  /** Does the run go on from an earlier session? */
  readonly goesOn: boolean;
}

/** How a run began. */
interface Beginning {
  readonly command: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
}

export interface OpenRunOptions {
  /** `run` or `train`. */
  readonly command: string;
  /** Options that name files which must not change between sessions. */
  readonly files: readonly string[];
  /** The folder of a new run. */
  readonly out: string;
}

/** Options that may differ when a run goes on. */
const free = new Set(['resume', 'json', 'out', 'explicit']);

/**
 * Begins a run in a folder, or, with `--resume`, finds out how one began: its options are those of then.
 *
 * @throws {UsageError} If the folder holds an unfinished run that would be lost, the run to resume does not exist, or its options or inputs are others now.
 */
export async function openRun<Options extends object>(
  given: Options,
  { command, out }: Omit<OpenRunOptions, 'files'>,
): Promise<RunStart<Options>> {
  const options = given as Readonly<Record<string, unknown>>;
  if (typeof options['resume'] === 'string') {
    const folder = runFolder(resolve(options['resume']));
    const beginning = await readBeginning(folder, command);
    refuseOtherOptions(beginning, options);
    await refuseOtherFiles(beginning);
    return { options: { ...beginning.options, resume: options['resume'] } as Options, folder, goesOn: true };
  }
  const folder = runFolder(await prepareOutputFolder(out));
  if (existsSync(beginningFile(folder)) && !existsSync(folder.manifest)) {
    throw new UsageError(
      `--out: expected a folder without an unfinished run, ${out} has one. Go on with --resume ${out}, or remove the folder.`,
    );
  }
  return { options: given, folder, goesOn: false };
}

/** Writes how a new run begins, once its inputs have been read: from here on it can be resumed. */
export async function beginRun<Options extends object>(
  { options, folder, goesOn }: RunStart<Options>,
  { command, files }: Pick<OpenRunOptions, 'command' | 'files'>,
): Promise<void> {
  if (goesOn) return;
  await rm(folder.checkpoints, { recursive: true, force: true });
  await rm(folder.manifest, { force: true });
  const kept = Object.entries(options).filter(([name]) => !free.has(name));
  const paths = kept.filter((entry): entry is [string, string] => [...files, 'init'].includes(entry[0]) && typeof entry[1] === 'string');
  const absolute = Object.fromEntries(paths.map(([name, path]) => [name, existsSync(path) ? resolve(path) : path]));
  const hashed = await Promise.all(
    files.flatMap((name) => {
      const path = absolute[name];
      return path === undefined ? [] : [hashFile(path).then((sha256) => [name, { path, sha256 }] as const)];
    }),
  );
  const beginning: Beginning = { command, options: { ...Object.fromEntries(kept), ...absolute }, files: Object.fromEntries(hashed) };
  await writeAtomically(beginningFile(folder), `${JSON.stringify(beginning, undefined, 2)}\n`);
}

/** The newest checkpoint of a run, if it wrote one. @throws {ModelError} If it is damaged. */
export async function newest(folder: RunFolder): Promise<RunCheckpoint | undefined> {
  await mkdir(folder.checkpoints, { recursive: true });
  return readRunCheckpoint(folder.checkpoints);
}

/** Keeps beside the checkpoints what they belong to, so that a run goes on without the files it began with. */
export async function keepStart(folder: RunFolder, { config, tokenizer, origin, parameters }: StartModel): Promise<void> {
  const start = startFolder(folder);
  await mkdir(start, { recursive: true });
  const files = { ...tokenizerFiles(tokenizer, { maxLength: config.max_position_embeddings }), 'config.json': formatConfig(config) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(start, name), text);
  await writeAtomically(join(start, 'origin.json'), `${JSON.stringify({ origin, sha256: hashWeights(parameters) })}\n`);
}

/** The model that a run began with, but for its weights, which are in its checkpoints. */
async function keptStart(folder: RunFolder): Promise<StartModel> {
  const start = startFolder(folder);
  const path = join(start, 'config.json');
  const { origin, sha256 } = JSON.parse(await readFile(join(start, 'origin.json'), 'utf8')) as { origin: string; sha256: string };
  return { config: parseConfig(await readFile(path, 'utf8'), path), tokenizer: await readTokenizer(start), parameters: {}, origin, sha256 };
}

/** The model to train: where a run goes on from a checkpoint, the one it began with. @throws {UsageError | ModelError | CheckpointError | VocabularyError} */
export async function startOrGoOn(run: RunStart<TrainingOptions>, train: readonly Pair[]): Promise<StartModel> {
  const started = run.goesOn && (await newest(run.folder)) !== undefined;
  return started ? keptStart(run.folder) : startModel(run.options, train);
}

function startFolder({ checkpoints }: RunFolder): string {
  return join(checkpoints, 'start');
}

function beginningFile(folder: RunFolder): string {
  return join(startFolder(folder), 'run.json');
}

async function readBeginning(folder: RunFolder, command: string): Promise<Beginning> {
  const file = beginningFile(folder);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--resume: expected the folder of a run that had begun to train, ${folder.root} has no checkpoints/start/run.json. To start a new run from finished weights, use --init.`,
      { cause: error },
    );
  });
  let beginning: Partial<Beginning>;
  try {
    beginning = JSON.parse(text) as Partial<Beginning>;
  } catch (error) {
    throw new UsageError(`--resume: expected JSON in ${file}, got something else. Start the run again.`, { cause: error });
  }
  if (beginning.command !== command || beginning.options === undefined || beginning.files === undefined) {
    throw new UsageError(
      `--resume: expected a run of \`${command}\`, ${folder.root} holds one of \`${String(beginning.command)}\`. Use the command that began it.`,
    );
  }
  return beginning as Beginning;
}

function refuseOtherOptions({ options: before }: Beginning, now: Readonly<Record<string, unknown>>): void {
  const explicit = (now['explicit'] ?? []) as readonly string[];
  const other = explicit.filter(
    (name) => !free.has(name) && JSON.stringify(now[name]) !== JSON.stringify(before[name]) && resolve(String(now[name])) !== before[name],
  );
  if (other.length === 0) return;
  const shown = other.map((name) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).join(', ');
  const hint = other.includes('init') ? '--init starts a new run in another --out.' : 'Leave them out, or start a new run.';
  throw new UsageError(`--resume: expected the options that the run began with, got others: ${shown}. ${hint}`);
}

async function refuseOtherFiles({ files }: Beginning): Promise<void> {
  for (const [name, { path, sha256 }] of Object.entries(files)) {
    const now = await hashFile(path).catch(() => undefined);
    if (now !== sha256) {
      throw new UsageError(
        `--resume: expected the file that the run began with (${name}), ${path} ${now === undefined ? 'is gone' : 'has changed since'}. Put it back, or start a new run.`,
      );
    }
  }
}
