import type { Command } from 'commander';

import { examples, integer } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion audit`. */
export function addAudit(program: Command, perform: Perform): void {
  program
    .command('audit')
    .summary('what training and dev pairs share')
    .description(
      'Looks for shared questions, pairs, mirrors, components and near duplicates. Exits with 2 where all but near duplicates are found, unless --allow-leaks is given.',
    )
    .requiredOption('--train <file>', 'labelled pairs, or question groups (.xml)')
    .requiredOption('--dev <file>', 'labelled pairs, or question groups (.xml)')
    .option('--groups <file>', 'the groups (.xml) that the pairs were built from: their questions count as connected')
    .option('--examples <number>', 'examples of each kind', integer, 3)
    .option('--allow-leaks', 'exit with 0 although there are leaks')
    .addHelpText(
      'after',
      examples(['samequestion audit --train data/train.tsv --dev data/dev.tsv', 'samequestion audit --train a.tsv --dev b.tsv --json']),
    )
    .action(perform(async (options, context) => (await import('../commands/audit.ts')).audit(options, context)));
}
