import { join } from 'node:path';

import { type FormatPairsOptions, writePairsFile } from '@samequestion/pairs';

import type { Context } from '../context.ts';
import { type PairRuleOptions, pairRules } from '../pair-rules.ts';
import { prepareOutputFolder } from '../run-folder.ts';
import { readTrainingData, sayData } from '../training-data.ts';
import { stopIfAsked } from '../usage-error.ts';

interface PrepareOptions extends PairRuleOptions {
  readonly train: string;
  readonly dev?: string;
  readonly out: string;
  readonly format: 'tsv' | 'csv' | 'jsonl';
  readonly keepGroup?: boolean;
}

/** `samequestion prepare`: groups or pairs to train and dev files. */
export async function prepare(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const options = given as unknown as PrepareOptions;
  const { train, dev, out, format, keepGroup } = options;
  const data = await readTrainingData({ train, dev, rules: pairRules(options) });
  stopIfAsked(context, 'nothing was written');
  const folder = await prepareOutputFolder(out);
  const files = { train: join(folder, `train.${format}`), dev: join(folder, `dev.${format}`) };
  const how: FormatPairsOptions = { format, group: keepGroup === true };
  await writePairsFile(files.train, data.train, how);
  await writePairsFile(files.dev, data.dev, how);
  sayData(context, data);
  if (data.counts !== undefined) {
    const { counts } = data;
    const repeated = counts.positive_pairs + counts.negative_pairs - counts.unique_unordered_pairs;
    context.say(
      `repeats  ${repeated.toLocaleString('en')} repeated pairs (${data.rules.duplicates}), ${counts.unordered_pairs_with_both_labels} pairs under both labels and ${counts.questions_in_both_lists} questions in both lists (${data.rules.contradictions})`,
    );
  }
  for (const [kind, count] of Object.entries(data.defects)) context.say(`put right: ${count} × ${kind}`);
  context.say(`train: ${data.train.length.toLocaleString('en')} pairs → ${files.train}`);
  context.say(`dev:   ${data.dev.length.toLocaleString('en')} pairs → ${files.dev}`);
  return {
    ...data.counts,
    train_pairs: data.train.length,
    dev_pairs: data.dev.length,
    train: data.corpus.train,
    dev: data.corpus.dev,
    audit: data.corpus.audit,
    warning: data.warning,
    rules: data.rules,
    defects: data.defects,
    files,
  };
}
