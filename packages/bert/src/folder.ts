import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, bytesOf, toFloat32, toInt32 } from '@samequestion/checkpoints';
import { openCheckpointFile, writeFileAtomically, writeSafetensorsFile } from '@samequestion/checkpoints/node';
import { type BertConfig, TOKEN_TYPE_COUNTS, createConfig, formatConfig, parseConfig } from './config.ts';
import type { TensorSpec, TensorValue, TensorValues } from './engine.ts';
import { ModelError } from './error.ts';
import { extendTokenTypes, initialValues } from './initialise.ts';
import { canonicalName, isBeside, isTransposed } from './names.ts';
import {
  CLASSIFIER_ONLY,
  type Heads,
  SOUND_CLASSES,
  describeDifferences,
  elementCount,
  misshapedTensors,
  parameterSpecs,
} from './parameters.ts';

/** A configuration with its weights. */
export interface Model {
  readonly config: BertConfig;
  readonly parameters: TensorValues;
  readonly heads: Heads;
}

/** What loading found. */
export interface LoadedModel extends Model {
  /** The weights file that was read. */
  readonly file: string;
  /** Parameters of heads that the file does not hold: they were initialised. */
  readonly initialised: readonly string[];
  /** Tensors of the file that the model does not have: they were left out. */
  readonly extra: readonly string[];
}

/** How a folder is loaded. */
export interface LoadModelOptions {
  /** The heads wanted; the pair classifier alone by default. */
  readonly heads?: Heads;
  /** Initialise heads that the file lacks, from this seed. Without it, a missing head is an error. */
  readonly newHeadsSeed?: number;
  /** Fields that replace those of the configuration file, such as `pair_token_types` or dropout rates. Rows of new token types are copies of their side. */
  readonly config?: Partial<BertConfig>;
  /** The table for rules that compare sounds, if the file has none. */
  readonly soundClasses?: Int32Array;
}

const CONFIGS = ['config.json', 'bert_config.json'];
const WEIGHTS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
  'bert_model.ckpt.index',
];
const TYPES = 'bert.embeddings.token_type_embeddings.weight';

/**
 * Loads a model folder: Hugging Face's layout (`config.json` with `model.safetensors` or `pytorch_model.bin`) or google's (`bert_config.json` with
 * `bert_model.ckpt.*`). Names and layouts are brought to Hugging Face's.
 *
 * @throws {ModelError} If a file is absent, or with every missing and misshaped tensor listed.
 * @throws {CheckpointError} If the weights file is damaged.
 */
export async function loadModel(folder: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const files = await filesOf(folder);
  const config = await readConfig(folder, files, options.config);
  const file = WEIGHTS.find((name) => files.includes(name));
  if (file === undefined)
    throw new ModelError(`loadModel: expected one of ${WEIGHTS.join(', ')}, got none of them (${folder}). Put the weights there.`, {
      path: folder,
    });
  const checkpoint = await openCheckpointFile(join(folder, file));
  try {
    return { ...(await readParameters(checkpoint, config, { ...options, path: join(folder, file) })), file };
  } finally {
    await checkpoint.close();
  }
}

/** What is written beside configuration and weights: texts by file name, such as `vocab.txt`, `tokenizer.json`, `tokenizer_config.json`. */
export type ModelFiles = Readonly<Record<string, string>>;

/** Writes a Hugging Face folder: `config.json`, `model.safetensors` and the given files. Each file is whole or as it was. */
export async function saveModel(folder: string, model: Pick<Model, 'config' | 'parameters'>, files: ModelFiles = {}): Promise<void> {
  const wrong = Object.keys(files).find((name) => !/^[\w.-]+$/u.test(name) || name.startsWith('.'));
  if (wrong !== undefined) throw new TypeError(`saveModel: expected plain file names, got ${JSON.stringify(wrong)}.`);
  await mkdir(folder, { recursive: true });
  await writeTensors(join(folder, 'model.safetensors'), model.parameters);
  const texts = { ...files, 'config.json': formatConfig(model.config, architectureOf(model.parameters)) };
  for (const [name, text] of Object.entries(texts)) await writeFileAtomically(join(folder, name), [new TextEncoder().encode(text)]);
}

/** Writes tensors as safetensors, metadata as Hugging Face's loaders expect it. */
export async function writeTensors(path: string, tensors: TensorValues): Promise<void> {
  const types = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, data }]) => ({
    name,
    dtype: types[dtype],
    shape,
    data: bytesOf(data),
  }));
  await writeSafetensorsFile(path, entries, { metadata: { format: 'pt' } });
}

/** Reads every tensor of a safetensors file that holds floats and 32-bit integers. */
export async function readTensors(path: string): Promise<Record<string, TensorValue>> {
  const checkpoint = await openCheckpointFile(path);
  try {
    const tensors: Record<string, TensorValue> = {};
    for (const name of checkpoint.names()) tensors[name] = await readTensor(checkpoint, name);
    return tensors;
  } finally {
    await checkpoint.close();
  }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new ModelError(
      `loadModel: expected a folder, got ${JSON.stringify(folder)}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { path: folder, cause },
    );
  }
}

async function readConfig(folder: string, files: readonly string[], changes: Partial<BertConfig> = {}): Promise<BertConfig> {
  const name = CONFIGS.find((candidate) => files.includes(candidate));
  if (name === undefined) {
    const hint = files.includes('trainer.json')
      ? 'This is a checkpoint of a run: resume it, or name the run’s model folder.'
      : 'Put the model’s configuration there.';
    throw new ModelError(`loadModel: expected config.json or bert_config.json, got neither (${folder}). ${hint}`, { path: folder });
  }
  const path = join(folder, name);
  const config = parseConfig(await readFile(path, 'utf8'), path);
  const types = TOKEN_TYPE_COUNTS[changes.pair_token_types ?? config.pair_token_types];
  return createConfig({ ...config, type_vocab_size: Math.max(config.type_vocab_size, types), ...changes });
}

interface ReadOptions extends LoadModelOptions {
  readonly path: string;
}

async function readParameters(checkpoint: Checkpoint, config: BertConfig, options: ReadOptions): Promise<Omit<LoadedModel, 'file'>> {
  const heads = options.heads ?? CLASSIFIER_ONLY;
  const specs = parameterSpecs(config, heads);
  const parameters: Record<string, TensorValue> = {};
  const extra: string[] = [];
  for (const stored of checkpoint.names()) {
    const name = canonicalName(stored);
    if (specs[name] === undefined) {
      if (!isBeside(name) && !isBeside(stored)) extra.push(stored);
      continue;
    }
    // A tied copy may stand under a second name; the first wins.
    if (parameters[name] === undefined) parameters[name] = fit(name, await readTensor(checkpoint, stored), config);
  }
  const table = options.soundClasses;
  if (table !== undefined && specs[SOUND_CLASSES] !== undefined)
    parameters[SOUND_CLASSES] ??= { dtype: 'int32', shape: [table.length], data: table };
  const absent = Object.keys(specs).filter((name) => parameters[name] === undefined);
  const initialised = absent.filter((name) => options.newHeadsSeed !== undefined && isOfHead(name));
  for (const name of initialised) parameters[name] = newTensor(name, specs[name] as TensorSpec, config, options.newHeadsSeed ?? 0);
  const missing = absent.filter((name) => !initialised.includes(name));
  const misshaped = misshapedTensors(parameters, specs);
  if (missing.length > 0 || misshaped.length > 0) {
    const differences = { missing, misshaped, extra };
    throw new ModelError(`loadModel: ${describeDifferences(differences)} (${options.path}). The weights do not fit the configuration.`, {
      path: options.path,
      ...differences,
    });
  }
  return {
    config,
    parameters: Object.fromEntries(Object.keys(specs).map((name) => [name, parameters[name] as TensorValue])),
    heads,
    initialised,
    extra,
  };
}

async function readTensor(checkpoint: Checkpoint, name: string): Promise<TensorValue> {
  const record = await checkpoint.read(name);
  if (['F64', 'F32', 'F16', 'BF16'].includes(record.dtype)) {
    const data = toFloat32(record);
    return isTransposed(name) ? transpose(data, record.shape) : { dtype: 'float32', shape: record.shape, data };
  }
  return { dtype: 'int32', shape: record.shape, data: toInt32(record) };
}

/** TensorFlow's `[in, out]` as `[out, in]`, in blocks that stay in the cache. */
function transpose(data: Float32Array, shape: readonly number[]): TensorValue {
  const [rows = 0, columns = 0] = shape;
  const result = new Float32Array(data.length);
  const block = 32;
  for (let top = 0; top < rows; top += block) {
    for (let left = 0; left < columns; left += block) {
      for (let row = top; row < Math.min(rows, top + block); row++) {
        for (let column = left; column < Math.min(columns, left + block); column++)
          result[column * rows + row] = data[row * columns + column] ?? 0;
      }
    }
  }
  return { dtype: 'float32', shape: [columns, rows], data: result };
}

/** Token types gain the rows that the configuration asks for. */
function fit(name: string, value: TensorValue, config: BertConfig): TensorValue {
  return name === TYPES && value.shape[1] === config.hidden_size ? extendTokenTypes(value, config) : value;
}

function isOfHead(name: string): boolean {
  return name.startsWith('classifier.') || name.startsWith('bert.pooler.') || name.startsWith('cls.');
}

function newTensor(name: string, spec: TensorSpec, config: BertConfig, seed: number): TensorValue {
  const shape = spec.shape.map(Number);
  return { dtype: 'float32', shape, data: initialValues(name, elementCount(shape), config.initializer_range, seed) };
}

function architectureOf(parameters: TensorValues): 'BertForSequenceClassification' | 'BertForMaskedLM' {
  return parameters['classifier.weight'] === undefined && parameters['cls.predictions.bias'] !== undefined
    ? 'BertForMaskedLM'
    : 'BertForSequenceClassification';
}

/** Is there a file or folder at this path? */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
