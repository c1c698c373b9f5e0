import type { Command } from 'commander';

import { examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion validate`. */
export function addValidate(program: Command, perform: Perform): void {
  program
    .command('validate')
    .summary('a submission against the sample, byte for byte but for the labels')
    .description('Lists every deviation with line and column, and prints the SHA-256. Exits with 2 if there is any deviation.')
    .requiredOption('--input <file>', 'the submission')
    .requiredOption('--sample-submission <file>', "the organiser's sample")
    .option('--test <file>', 'test file: qid, question1, question2; the sample must belong to it')
    .addHelpText('after', examples(['samequestion validate --input result.csv --sample-submission sample_submission.csv --test test.csv']))
    .action(perform(async (options, context) => (await import('../commands/validate.ts')).validate(options, context)));
}
