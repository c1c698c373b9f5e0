import type { Command } from 'commander';

import { examples, integer } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion make-pairs`. */
export function addMakePairs(program: Command, perform: Perform): void {
  program
    .command('make-pairs')
    .summary('unlabelled questions to labelled pairs, for pre-training')
    .description(
      'Makes pairs from short texts: half the same (edits that keep the meaning), half not (an edit that flips it, a near neighbour, or a few characters of one).',
    )
    .requiredOption('--data <file...>', 'text, one paragraph a line; .gz and .tsv (column question or text) are read')
    .requiredOption('--count <pairs>', 'how many pairs', integer)
    .requiredOption('--out <file>', 'where they are written: question1, question2, label; .gz is packed')
    .option('--recipe <name>', 'augmentation recipe', 'balanced')
    .option('--seed <number>', 'seed', integer, 7)
    .addHelpText('after', examples(['samequestion make-pairs --data questions.tsv --count 200000 --out pairs.tsv.gz']))
    .action(perform(async (options, context) => (await import('../commands/make-pairs.ts')).makePairs(options, context)));
}
