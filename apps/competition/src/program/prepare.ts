import type { Command } from 'commander';

import { examples, integer, share } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion prepare`. */
export function addPrepare(program: Command, perform: Perform): void {
  program
    .command('prepare')
    .summary('question groups to labelled pairs, split into train and dev')
    .description('Builds pairs from question groups and splits them so that train and dev share no question. Writes train.tsv and dev.tsv.')
    .requiredOption('--train <file>', 'question groups (competition XML) or labelled pairs')
    .requiredOption('--out <folder>', 'where train.tsv and dev.tsv are written')
    .option('--dev-share <share>', 'part of the pairs that goes to dev', share, 0.1)
    .option('--seed <number>', 'seed of the split', integer, 7)
    .addHelpText('after', examples(['samequestion prepare --train train_set.xml --out data']))
    .action(perform(async (options, context) => (await import('../commands/prepare.ts')).prepare(options, context)));
}
