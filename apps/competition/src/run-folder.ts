import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { UsageError } from './usage-error.ts';

/** Writes a file beside its place and renames it, so that a reader sees all of it or none. Folders above it are made. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  const beside = `${path}.${process.pid}.partial`;
  try {
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Makes a folder and those above it, one by one: `mkdir` with `recursive` never ends where a file system refuses new folders with ENOENT, as /proc does. */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() === true) return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path || (await stat(above).catch(() => undefined)) !== undefined) throw error;
    await makeFolder(above);
    await mkdir(path);
  }
}

/** Makes the folder if need be and checks that files can be written in it, before hours of work go there. @throws {UsageError} */
export async function prepareOutputFolder(folder: string): Promise<string> {
  const path = resolve(folder);
  try {
    await makeFolder(path);
    await access(path, constants.W_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`--out: expected a folder that can be written, got ${folder} (${reason}). Name another folder.`, { cause: error });
  }
  return path;
}

/** Checks that a named input is a readable file. @throws {UsageError} */
export async function requireFile(option: string, path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`${option}: expected a file, found nothing at ${path}. Check the path.`);
  if (!found.isFile()) throw new UsageError(`${option}: expected a file, ${path} is a folder. Name a file in it.`);
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw new UsageError(`${option}: expected a readable file, got ${path}. Check its permissions.`, { cause: error });
  });
  return resolve(path);
}

/** SHA-256 of a file, in hexadecimal, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** The paths inside a run folder, as the README lists them. */
export interface RunFolder {
  readonly root: string;
  readonly manifest: string;
  readonly data: string;
  readonly train: string;
  readonly dev: string;
  /** What the model says about the rows of `dev`, which count from 1. */
  readonly devPredictions: string;
  readonly model: string;
  readonly checkpoints: string;
  readonly log: string;
  readonly predictions: string;
  readonly result: string;
  readonly report: string;
}

export function runFolder(root: string): RunFolder {
  return {
    root,
    manifest: join(root, 'manifest.json'),
    data: join(root, 'data'),
    train: join(root, 'data', 'train.tsv'),
    dev: join(root, 'data', 'dev.tsv'),
    devPredictions: join(root, 'data', 'dev_predictions.tsv'),
    model: join(root, 'model'),
    checkpoints: join(root, 'checkpoints'),
    log: join(root, 'log.jsonl'),
    predictions: join(root, 'predictions.tsv'),
    result: join(root, 'result.csv'),
    report: join(root, 'report.html'),
  };
}
