import type { Command } from 'commander';

import { examples, oneOf } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion ensemble`. */
export function addEnsemble(program: Command, perform: Perform): void {
  const methods = ['weighted-mean', 'mean', 'geometric-mean', 'rank-mean', 'majority-vote'];
  program
    .command('ensemble')
    .summary('predictions of several models to one')
    .description(`Combines predictions: ${methods.join(', ')}. Predictions whose qids differ are refused.`)
    .requiredOption('--input <file...>', "predictions.tsv, or google's test_results.tsv beside --test")
    .requiredOption('--out <file>', 'where the combined predictions are written')
    .option('--method <method>', 'how', oneOf(...methods), 'mean')
    .option('--weights <number...>', 'for weighted-mean: one for each input, such as its macro-F1')
    .option('--test <file>', 'test file: qid, question1, question2')
    .addHelpText(
      'after',
      examples([
        'samequestion ensemble --input a.tsv b.tsv c.tsv --out mean.tsv',
        'samequestion ensemble --input a.tsv b.tsv --method weighted-mean --weights 0.958 0.968 --out weighted.tsv',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/ensemble.ts')).ensemble(options, context)));
}
