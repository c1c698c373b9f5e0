import type { Command } from 'commander';

import { examples, share } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion submit`. */
export function addSubmit(program: Command, perform: Perform): void {
  program
    .command('submit')
    .summary('predictions to a submission')
    .description(
      "Turns predictions (ours, or google's headerless test_results.tsv in the test file's order) into a submission. OUT.json records the threshold and how it was chosen.",
    )
    .requiredOption('--input <file>', 'predictions.tsv, or test_results.tsv')
    .requiredOption('--test <file>', 'test file: qid, question1, question2')
    .option('--sample-submission <file>', 'a submission whose order and line ending are followed')
    .requiredOption('--out <file>', 'where the submission is written')
    .option('--threshold <share>', 'probability of label 1 from which the answer is 1 (default: 0.5)', share)
    .option('--positive-share <share>', 'set the threshold so that this share of the answers is 1', share)
    .option('--tune-predictions <file>', 'set the threshold to the best macro-F1 on these predictions')
    .option('--tune-labels <file>', "their labels: qid, label; or a run's data/dev.tsv beside its data/dev_predictions.tsv")
    .addHelpText(
      'after',
      examples([
        'samequestion submit --input predictions.tsv --test test.csv --sample-submission sample.csv --out result.csv',
        'samequestion submit --input runs/mine/predictions.tsv --test test.csv --tune-predictions runs/mine/data/dev_predictions.tsv --tune-labels runs/mine/data/dev.tsv --out result.csv',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/submit.ts')).submit(options, context)));
}
