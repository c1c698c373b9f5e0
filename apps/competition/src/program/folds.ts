import type { Command } from 'commander';

import { examples, integer } from './options.ts';
import { buildingOptions, splittingOptions } from './pair-options.ts';
import type { Perform } from './perform.ts';

/** `samequestion folds`. */
export function addFolds(program: Command, perform: Perform): void {
  const command = program
    .command('folds')
    .summary('K times train and dev files that share no question')
    .description(
      'Splits groups or pairs into K folds, every component of shared questions in exactly one. Writes fold-N/data/train.tsv and dev.tsv.',
    )
    .requiredOption('--train <file>', 'question groups (competition XML) or labelled pairs')
    .requiredOption('--out <folder>', 'where the folds are written')
    .option('--folds <number>', 'how many', integer, 5)
    .option('--seed <number>', 'seed of the split', integer, 7)
    .option('--keep-group', 'write the group of each pair as a fourth column');
  splittingOptions(buildingOptions(command))
    .addHelpText('after', examples(['samequestion folds --train train_set.xml --folds 5 --out folds']))
    .action(perform(async (options, context) => (await import('../commands/folds.ts')).folds(options, context)));
}
