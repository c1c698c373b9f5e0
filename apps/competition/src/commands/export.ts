import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { type LoadedModel, type Parameters, formatConfig, loadModel, pairLogits } from '@samequestion/bert';
import { type ExportedModel, toOnnx } from '@samequestion/tfjs-onnx';
import { tokenizerFiles } from '@samequestion/tokenizer';
import type { Tensor } from '@tensorflow/tfjs';

import type { Context } from '../context.ts';
import { findModelFolder } from '../hub-model.ts';
import { writeAtomically } from '../run-folder.ts';
import { readTokenizer } from '../tokenizer-folder.ts';

/** The inputs of every BERT, in Hugging Face's names. */
const tokens = { dtype: 'int64', shape: ['batch', 'sequence'] } as const;
const signature = { input_ids: tokens, attention_mask: tokens, token_type_ids: tokens } as const;

/** `samequestion export`: adds `onnx/model.onnx` to a model folder, and the tokenizer files that it lacks. */
export async function exportModel(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { model: given } = options as { model: string };
  const folder = await findModelFolder('--model', given);
  const tokenizer = await readTokenizer(folder);
  const model = await loadModel(folder);
  const exported = modelToOnnx(model);
  const file = join(folder, 'onnx', 'model.onnx');
  await writeModel(file, exported);
  const wanted = {
    ...tokenizerFiles(tokenizer, { maxLength: model.config.max_position_embeddings }),
    'config.json': formatConfig(model.config),
  };
  const added: string[] = [];
  for (const [name, text] of Object.entries(wanted)) {
    if (existsSync(join(folder, name))) continue;
    await writeAtomically(join(folder, name), text);
    added.push(name);
  }
  const { size: bytes } = await stat(file);
  const dataBytes = exported.data?.parts.reduce((sum, part) => sum + part.length, 0);
  context.say(`${file} · ${((bytes + (dataBytes ?? 0)) / 1e6).toFixed(1)} MB · opset ${exported.opset}`);
  if (added.length > 0) context.say(`added to the folder: ${added.join(', ')}`);
  return { file, bytes, ...(exported.data === undefined ? {} : { data: exported.data.file, dataBytes }), opset: exported.opset, added };
}

/** A pair classifier as an ONNX file: ids, mask and sides in, logits out; batch and sequence are free. */
export function modelToOnnx({ config, parameters }: LoadedModel): ExportedModel {
  const logits = (inputs: Readonly<Record<string, Tensor>>, weights: Parameters): Record<string, Tensor> => ({
    logits: pairLogits(
      weights,
      {
        ids: inputs['input_ids'] as Tensor,
        sides: inputs['token_type_ids'] as Tensor,
        mask: inputs['attention_mask'] as Tensor,
      },
      config,
    ),
  });
  return toOnnx(logits, signature, {
    weights: parameters,
    name: 'bert_pair_classifier',
    metadata: { pair_token_types: config.pair_token_types },
  });
}

async function writeModel(file: string, { model, data }: ExportedModel): Promise<void> {
  const folder = join(file, '..');
  await mkdir(folder, { recursive: true });
  if (data !== undefined) await writeParts(join(folder, data.file), data.parts);
  await writeParts(file, [model]);
}

/** Writes beside and renames; parts may hold more bytes than one buffer can. */
async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const beside = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(beside, 'w');
    try {
      for (const part of parts) await handle.writeFile(part);
    } finally {
      await handle.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
