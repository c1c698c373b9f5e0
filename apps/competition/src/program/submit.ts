import type { Command } from 'commander';

import { examples, share } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion submit`. */
export function addSubmit(program: Command, perform: Perform): void {
  program
    .command('submit')
    .summary('predictions to a submission')
    .description("Turns predictions (ours, or google's headerless test_results.tsv in the test file's order) into a submission.")
    .requiredOption('--input <file>', 'predictions.tsv, or test_results.tsv')
    .requiredOption('--test <file>', 'test file: qid, question1, question2')
    .option('--sample-submission <file>', 'a submission whose order and line ending are followed')
    .requiredOption('--out <file>', 'where the submission is written')
    .option('--threshold <share>', 'probability of label 1 from which the answer is 1', share, 0.5)
    .addHelpText(
      'after',
      examples(['samequestion submit --input predictions.tsv --test test.csv --sample-submission sample.csv --out result.csv']),
    )
    .action(perform(async (options, context) => (await import('../commands/submit.ts')).submit(options, context)));
}
