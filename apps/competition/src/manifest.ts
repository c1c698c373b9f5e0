import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

import type { TensorValues } from '@samequestion/bert';

import { hashFile, writeAtomically } from './run-folder.ts';
import type { Inputs } from './run-inputs.ts';
import { UsageError } from './usage-error.ts';

/** SHA-256 of each file a run reads, by what it is for. */
export async function hashInputs(inputs: Inputs): Promise<Readonly<Record<string, { readonly path: string; readonly sha256: string }>>> {
  const files = Object.entries(inputs).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(await Promise.all(files.map(async ([name, path]) => [name, { path, sha256: await hashFile(path) }] as const)));
}

/** SHA-256 of all weights, with their names and shapes: equal only for equal weights. */
export function hashWeights(parameters: TensorValues): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${name} ${shape.join('x')}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** Adds what is known at the end of a run to its manifest, or makes one. It is the last thing a run writes: where it says `finished`, all is there. */
export async function writeManifest(path: string, engine: string, content: Readonly<Record<string, unknown>>): Promise<void> {
  const manifest = {
    created: new Date().toISOString(),
    ...(await readManifest(path)),
    ...content,
    finished: new Date().toISOString(),
    versions: { node: process.version, ...packageVersions },
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      engine,
    },
  };
  await writeAtomically(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

const packageVersions = { samequestion: '0.1.0' };

/** Reads a manifest; `undefined` if there is none. @throws {UsageError} If it is no JSON object. */
export async function readManifest(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new SyntaxError('another value than an object');
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path}: expected a JSON object, got ${got}. Is this a run folder?`, { cause: error });
  }
}
