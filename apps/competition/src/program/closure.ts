import type { Command } from 'commander';

import { examples, integer, oneOf } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion closure`. */
export function addClosure(program: Command, perform: Perform): void {
  program
    .command('closure')
    .summary('what labelled or predicted pairs imply, and where they contradict each other')
    .description(
      'From A = B and B = C follows A = C; A ≠ C beside them is a contradiction, shown with a shortest proof. --repair changes the fewest answers, or the least confident ones.',
    )
    .option('--data <file>', 'labelled pairs, or question groups (.xml)')
    .option('--input <file>', 'predictions for --test, instead of --data')
    .option('--test <file>', 'test file: qid, question1, question2')
    .option('--repair <what>', 'what to keep small: changes or confidence', oneOf('changes', 'confidence'))
    .option('--out <file>', 'where the repaired pairs, or the repaired submission, are written')
    .option('--sample-submission <file>', 'a submission whose order and line ending are followed')
    .option('--implied <file>', 'where the implied pairs are written')
    .option('--examples <number>', 'contradictions that are shown', integer, 5)
    .addHelpText(
      'after',
      examples([
        'samequestion closure --data train.tsv --implied implied.tsv',
        'samequestion closure --input predictions.tsv --test test.csv --repair confidence --out result.csv',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/closure.ts')).closure(options, context)));
}
