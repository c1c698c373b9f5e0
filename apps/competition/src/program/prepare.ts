import type { Command } from 'commander';

import { examples, integer, oneOf, share } from './options.ts';
import { buildingOptions, splittingOptions } from './pair-options.ts';
import type { Perform } from './perform.ts';

/** `samequestion prepare`. */
export function addPrepare(program: Command, perform: Perform): void {
  const command = program
    .command('prepare')
    .summary('question groups to labelled pairs, split into train and dev')
    .description(
      'Builds pairs from question groups and splits them so that train and dev share no question. Writes train.tsv and dev.tsv; --json prints the counts.',
    )
    .requiredOption('--train <file>', 'question groups (competition XML) or labelled pairs')
    .option('--dev <file>', 'labelled pairs to use as the dev part; default: a part is split off')
    .requiredOption('--out <folder>', 'where the train and dev files are written')
    .option('--dev-share <share>', 'part of the pairs that goes to dev', share, 0.1)
    .option('--seed <number>', 'seed of the split', integer, 7)
    .option('--format <format>', 'tsv, csv or jsonl', oneOf('tsv', 'csv', 'jsonl'), 'tsv')
    .option('--keep-group', 'write the group of each pair as a fourth column');
  splittingOptions(buildingOptions(command))
    .addHelpText(
      'after',
      examples([
        'samequestion prepare --train train_set.xml --out data',
        'samequestion prepare --train train_set.xml --positives mirrored --split-by pair --no-stratified --dev-share 0.2 --allow-leaks --out data/leaky',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/prepare.ts')).prepare(options, context)));
}
