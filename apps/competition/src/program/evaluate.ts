import type { Command } from 'commander';

import { engineOptions, examples, integer } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion evaluate`. */
export function addEvaluate(program: Command, perform: Perform): void {
  const command = program
    .command('evaluate')
    .summary('scores of a model on labelled pairs')
    .description('Accuracy, precision, recall and F1 of label 1, macro-F1, loss and the confusion matrix.')
    .requiredOption('--model <folder>', 'a model folder')
    .requiredOption('--data <file>', 'labelled pairs: question1, question2, label')
    .option('--symmetric', 'judge both orders of each pair, take the mean, and report how often they differ')
    .option('--attack', 'judge the same pairs again with one typo each, with edits that keep the meaning, and with edits that flip it')
    .option('--seed <number>', 'seed of the attacks', integer, 7);
  engineOptions(command)
    .addHelpText(
      'after',
      examples([
        'samequestion evaluate --model runs/mine/model --data data/dev.tsv --json',
        'samequestion evaluate --model runs/mine/model --data data/dev.tsv --symmetric --attack',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/evaluate.ts')).evaluate(options, context)));
}
