// Makes model/ from the model folder of a pre-training run: node --import ./tools/typescript.mjs --conditions=@samequestion/source packages/model-mini/tools/make.ts FOLDER
// The masked-word head stays behind (fine-tuning does not read it); weights become float16, rounded to the nearest even.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bytesOf, fromFloat32, toFloat32 } from '@samequestion/checkpoints';
import { openCheckpointFile, writeSafetensorsFile } from '@samequestion/checkpoints/node';

const [from] = process.argv.slice(2);
if (from === undefined) throw new TypeError('make: expected the model folder of a pre-training run. Name it.');
const target = fileURLToPath(new URL('../model/', import.meta.url));
await mkdir(target, { recursive: true });
const checkpoint = await openCheckpointFile(join(from, 'model.safetensors'));
const tensors = [];
for (const name of checkpoint.names().filter((candidate) => !candidate.startsWith('cls.'))) {
  const record = await checkpoint.read(name);
  if (record.dtype === 'F32')
    tensors.push({ name, dtype: 'F16' as const, shape: record.shape, data: bytesOf(fromFloat32(toFloat32(record), 'F16')) });
  else tensors.push(record);
}
await writeSafetensorsFile(join(target, 'model.safetensors'), tensors, { metadata: { format: 'pt' } });
await checkpoint.close();
for (const name of ['config.json', 'vocab.txt', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'])
  await copyFile(join(from, name), join(target, name));
