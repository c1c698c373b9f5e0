import { existsSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { showProgress } from './progress.ts';
import { writeAtomically } from './run-folder.ts';
import { findPackage } from './tensorflow/find-package.ts';
import { UsageError } from './usage-error.ts';

/** What is used of `@huggingface/hub`, an optional package. */
interface Hub {
  modelInfo(options: HubOptions & { name: string; revision: string; additionalFields: string[] }): Promise<unknown>;
  downloadFile(options: HubOptions & { repo: string; path: string; revision: string; xet: boolean }): Promise<Blob | null>;
  getHFHubCachePath(): string;
}

interface HubOptions {
  readonly hubUrl: string;
  readonly accessToken?: string;
}

const usualEndpoint = 'https://huggingface.co';
/** Weights by preference; the first that a model has is downloaded. */
const weights = ['model.safetensors', 'model.safetensors.index.json', 'pytorch_model.bin', 'pytorch_model.bin.index.json'];
const beside = ['config.json', 'bert_config.json', 'vocab.txt', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];
const shard = /^(?:model|pytorch_model)-\d{5}-of-\d{5}\.(safetensors|bin)$/u;

/**
 * The folder of a model: the one named, or for `owner/name` the one in the cache of the Hugging Face Hub, downloaded first if need be.
 * `HF_ENDPOINT` names another server, `HF_HOME` or `HF_HUB_CACHE` another cache, `HF_TOKEN` opens closed models.
 *
 * @param option The option that names the model, for errors.
 * @throws {UsageError} If there is neither folder nor model, with what to put where.
 */
export async function findModelFolder(option: string, name: string): Promise<string> {
  const found = await stat(name).catch(() => undefined);
  if (found !== undefined || !/^[\w-][\w.-]*\/[\w-][\w.-]*$/u.test(name)) return name;
  const installed = findPackage('@huggingface/hub');
  if (installed === undefined) {
    throw new UsageError(
      `${option}: expected a model folder, found none at ${name}. To download ${name} from the Hub, npm install @huggingface/hub. ${orByHand(name)}`,
    );
  }
  const hub = (await import(installed.entry)) as Hub;
  const store = join(hub.getHFHubCachePath(), `models--${name.replace('/', '--')}`);
  const token = process.env['HF_TOKEN'];
  const options: HubOptions = {
    hubUrl: process.env['HF_ENDPOINT']?.replace(/\/+$/u, '') || usualEndpoint,
    ...(token ? { accessToken: token } : {}),
  };
  try {
    return await download(hub, name, { ...options, store });
  } catch (error) {
    const kept = await cachedSnapshot(store);
    if (kept !== undefined && isOffline(error)) return kept;
    throw new UsageError(
      `${option}: expected a model folder at ${name} or a model ${name} on ${options.hubUrl}, got: ${reasonOf(error)}. ${orByHand(name)}`,
      {
        cause: error,
      },
    );
  }
}

function orByHand(name: string): string {
  return `Or put config.json, vocab.txt and model.safetensors (or pytorch_model.bin) of ${usualEndpoint}/${name}/tree/main into a folder and name that.`;
}

interface DownloadOptions extends HubOptions {
  /** The model's folder in the cache. */
  readonly store: string;
}

async function download(hub: Hub, name: string, { store, ...options }: DownloadOptions): Promise<string> {
  const fields = ['sha', 'filePaths'];
  const { sha, filePaths } = (await hub.modelInfo({ ...options, name, revision: 'main', additionalFields: fields })) as {
    sha?: unknown;
    filePaths?: unknown;
  };
  if (typeof sha !== 'string' || !/^[\da-f]{40}$/u.test(sha) || !Array.isArray(filePaths))
    throw new Error('an answer without revision and files');
  const folder = join(store, 'snapshots', sha);
  await mkdir(folder, { recursive: true });
  for (const path of wantedFiles(filePaths as readonly string[])) {
    if (existsSync(join(folder, path))) continue;
    const blob = await hub.downloadFile({ ...options, repo: name, path, revision: sha, xet: options.hubUrl === usualEndpoint });
    if (blob === null) throw new Error(`no file ${path}`);
    await save(blob, { path: join(folder, path), label: `downloading ${path}` });
  }
  await writeAtomically(join(store, 'refs', 'main'), sha);
  return folder;
}

function wantedFiles(all: readonly string[]): readonly string[] {
  const first = weights.find((name) => all.includes(name));
  if (first === undefined) throw new Error(`a model without ${weights.join(', ')}`);
  const ending = first.endsWith('.index.json') ? (first.includes('safetensors') ? 'safetensors' : 'bin') : undefined;
  const parts = ending === undefined ? [] : all.filter((name) => shard.exec(name)?.[1] === ending);
  return [...beside.filter((name) => all.includes(name)), ...parts, first];
}

async function save(blob: Blob, { path, label }: { readonly path: string; readonly label: string }): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  const handle = await open(partial, 'w');
  const progress = showProgress({ label, total: blob.size, unit: 'bytes' });
  try {
    let done = 0;
    for await (const part of blob.stream() as unknown as AsyncIterable<Uint8Array>) {
      await handle.writeFile(part);
      progress.update((done += part.length));
    }
    if (done !== blob.size) throw new Error(`${done} of ${blob.size} bytes of ${path}`);
    await handle.close();
    await rename(partial, path);
  } finally {
    progress.stop();
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
  }
}

/** A snapshot that was downloaded whole before. */
async function cachedSnapshot(store: string): Promise<string | undefined> {
  const sha = await readFile(join(store, 'refs', 'main'), 'utf8').catch(() => undefined);
  if (sha === undefined) return undefined;
  const folder = join(store, 'snapshots', sha.trim());
  const files = await readdir(folder).catch((): string[] => []);
  return weights.some((name) => files.includes(name)) ? folder : undefined;
}

/** No answer at all, as without a network. */
function isOffline(error: unknown): boolean {
  return error instanceof TypeError || (error as { cause?: { code?: string } }).cause?.code !== undefined;
}

function reasonOf(error: unknown): string {
  const { statusCode, cause, message } = error as { statusCode?: number; cause?: { code?: string }; message?: string };
  if (statusCode === 401 || statusCode === 403 || statusCode === 404) return `${statusCode}: no such model, or one that needs HF_TOKEN`;
  if (isOffline(error)) return `no answer from the server (${cause?.code ?? message ?? 'unknown'})`;
  return (message ?? String(error)).split('\n')[0]?.replace(/\.$/u, '') ?? '';
}
