import { join } from 'node:path';

import { writePairsFile } from '@samequestion/pairs';

import type { Context } from '../context.ts';
import { prepareOutputFolder } from '../run-folder.ts';
import { readTrainingData } from '../training-data.ts';

/** `samequestion prepare`: groups or pairs to train.tsv and dev.tsv. */
export async function prepare(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { train, out, devShare, seed } = options as { train: string; out: string; devShare: number; seed: number };
  const data = await readTrainingData({ train, devShare, seed });
  const folder = await prepareOutputFolder(out);
  const files = { train: join(folder, 'train.tsv'), dev: join(folder, 'dev.tsv') };
  await writePairsFile(files.train, data.train);
  await writePairsFile(files.dev, data.dev);
  context.say(`train: ${data.train.length.toLocaleString('en')} pairs → ${files.train}`);
  context.say(`dev:   ${data.dev.length.toLocaleString('en')} pairs → ${files.dev}`);
  return { ...data.counts, train_pairs: data.train.length, dev_pairs: data.dev.length, defects: data.defects, files };
}
