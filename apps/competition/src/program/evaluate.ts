import type { Command } from 'commander';

import { engineOptions, examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion evaluate`. */
export function addEvaluate(program: Command, perform: Perform): void {
  const command = program
    .command('evaluate')
    .summary('scores of a model on labelled pairs')
    .description('Accuracy, precision, recall and F1 of label 1, macro-F1, loss and the confusion matrix.')
    .requiredOption('--model <folder>', 'a model folder')
    .requiredOption('--data <file>', 'labelled pairs: question1, question2, label')
    .option('--symmetric', 'judge both orders of each pair, take the mean, and report how often they differ');
  engineOptions(command)
    .addHelpText('after', examples(['samequestion evaluate --model runs/mine/model --data data/dev.tsv --json']))
    .action(perform(async (options, context) => (await import('../commands/evaluate.ts')).evaluate(options, context)));
}
