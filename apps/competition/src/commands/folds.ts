import { type FormatPairsOptions, writePairsFile } from '@samequestion/pairs';

import type { Context } from '../context.ts';
import { foldFolder } from '../folds.ts';
import { type PairRuleOptions, pairRules } from '../pair-rules.ts';
import { prepareOutputFolder, runFolder } from '../run-folder.ts';
import { foldCorpus, readCorpus } from '../training-data.ts';
import { stopIfAsked } from '../usage-error.ts';

interface FoldsOptions extends PairRuleOptions {
  readonly train: string;
  readonly folds: number;
  readonly out: string;
  readonly keepGroup?: boolean;
}

/** `samequestion folds`: K times train and dev files, every component in exactly one dev file. */
export async function folds(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const options = given as unknown as FoldsOptions;
  const rules = pairRules(options);
  const corpus = await readCorpus('--train', options.train, rules);
  const parts = foldCorpus(corpus, options.folds, rules);
  const root = runFolder(await prepareOutputFolder(options.out));
  const how: FormatPairsOptions = { group: options.keepGroup === true };
  const written: unknown[] = [];
  for (const [index, { train, dev, corpus: report }] of parts.entries()) {
    stopIfAsked(context, index === 0 ? 'nothing was written' : `folds 1 to ${index} were written to ${root.root}`);
    const folder = foldFolder(root, index + 1);
    await prepareOutputFolder(folder.data);
    await writePairsFile(folder.train, train, how);
    await writePairsFile(folder.dev, dev, how);
    const { audit } = report;
    context.say(
      `fold ${index + 1}: ${train.length.toLocaleString('en')} train, ${dev.length.toLocaleString('en')} dev (${(100 * report.dev.positiveShare).toFixed(1)} % same), ${audit.sharedQuestions.count} shared questions, ${audit.nearDevPairs.length} near pairs → ${folder.data}`,
    );
    written.push({
      fold: index + 1,
      files: { train: folder.train, dev: folder.dev },
      train_pairs: train.length,
      dev_pairs: dev.length,
      dev_positives: report.dev.positives,
      shared_questions: audit.sharedQuestions.count,
      shared_components: audit.sharedComponents.count,
      near_dev_pairs: audit.nearDevPairs.length,
    });
  }
  return { ...corpus.counts, folds: written, rules, defects: corpus.defects };
}
