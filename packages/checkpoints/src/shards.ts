import type { Checkpoint, SkippedEntry } from './checkpoint.ts';
import { CheckpointError, quote } from './error.ts';
import { parseJson, type Json } from './json.ts';
import { readRange, type ByteSource } from './source.ts';

/** Whether a file's first bytes are those of a JSON object. */
export function isShardMap(head: Uint8Array): boolean {
  return /^\s*\{\s*"/.test(String.fromCharCode(...head));
}

/**
 * Opens a model that Hugging Face's `save_pretrained` split: a JSON file whose `weight_map` gives each tensor's file.
 * @param openFile Opens one of the files, by its plain name.
 * @throws {CheckpointError} If the map is damaged, names a file outside its folder, or a tensor is not in the file it names.
 */
export async function openShardMap(source: ByteSource, openFile: (name: string) => Promise<Checkpoint>): Promise<Checkpoint> {
  const map = await readMap(source);
  const files = new Map<string, Checkpoint>();
  const close = async (): Promise<void> => {
    for (const file of files.values()) await file.close();
    await source.close?.();
  };
  try {
    for (const name of new Set(map.values())) files.set(name, await openFile(name));
    const owners = new Map<string, Checkpoint>();
    const skipped: SkippedEntry[] = [];
    const others = new Map(
      [...files].flatMap(([file, { skipped: entries }]) => entries.map((entry) => [`${file} ${entry.name}`, entry] as const)),
    );
    for (const [tensor, file] of map) {
      const owner = files.get(file);
      const other = others.get(`${file} ${tensor}`);
      if (other !== undefined) skipped.push(other);
      else if (owner?.info(tensor) !== undefined) owners.set(tensor, owner);
    }
    return joined(source, { owners, skipped, close });
  } catch (error) {
    for (const file of files.values()) await file.close();
    throw error;
  }
}

async function readMap(source: ByteSource): Promise<ReadonlyMap<string, string>> {
  const bytes = await readRange(source, [0, source.size], { what: 'weight map' });
  let parsed: Json;
  try {
    parsed = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), 8);
  } catch (cause) {
    throw mapFault(source, cause instanceof Error ? cause.message : 'expected JSON', cause);
  }
  const weights = parsed instanceof Map ? parsed.get('weight_map') : undefined;
  if (!(weights instanceof Map)) throw mapFault(source, 'expected an object "weight_map", got none');
  const map = new Map<string, string>();
  for (const [tensor, file] of weights) {
    if (typeof file !== 'string' || !/^[\w-][\w.-]*\.(?:safetensors|bin)$/.test(file)) {
      throw mapFault(
        source,
        `${quote(tensor)}: expected the plain name of a .safetensors or .bin file, got ${typeof file === 'string' ? quote(file) : typeof file}`,
      );
    }
    map.set(tensor, file);
  }
  return map;
}

interface Parts {
  readonly owners: ReadonlyMap<string, Checkpoint>;
  readonly skipped: readonly SkippedEntry[];
  close(): Promise<void>;
}

function joined(source: ByteSource, { owners, skipped, close }: Parts): Checkpoint {
  const [first] = owners.values();
  const ownerOf = (name: string): Checkpoint => {
    const owner = owners.get(name);
    if (owner !== undefined) return owner;
    const reason = skipped.find((entry) => entry.name === name)?.reason;
    throw new CheckpointError(
      `weight map: expected a tensor named ${quote(name)}, got ${reason ?? `${owners.size} others`} (${source.name ?? 'no file name'}). names() lists what is there.`,
      {
        fault: reason === undefined ? 'missing' : 'unsupported',
        tensor: name,
      },
    );
  };
  return {
    format: first?.format ?? 'safetensors',
    metadata: first?.metadata ?? {},
    skipped,
    names: () => [...owners.keys()],
    info: (name) => ownerOf(name).info(name),
    read: async (name) => ownerOf(name).read(name),
    close,
  };
}

function mapFault(source: ByteSource, what: string, cause?: unknown): CheckpointError {
  return new CheckpointError(`weight map: ${what} (${source.name ?? 'no file name'}). The file is no index of a split model, or damaged.`, {
    fault: 'malformed',
    cause,
  });
}
