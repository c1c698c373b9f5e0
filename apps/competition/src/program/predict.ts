import type { Command } from 'commander';

import { engineOptions, examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion predict`. */
export function addPredict(program: Command, perform: Perform): void {
  const command = program
    .command('predict')
    .summary('probabilities for a test file')
    .description(
      'Writes qid, probability0, probability1 and label for each pair of a test file. Any Hugging Face folder of a BERT pair classifier will do.',
    )
    .requiredOption('--model <folder>', 'a model folder')
    .requiredOption('--input <file>', 'test file: qid, question1, question2')
    .requiredOption('--out <file>', 'where predictions are written')
    .option('--logits', 'write logit0 and logit1 too')
    .option('--symmetric', 'judge both orders of each pair, take the mean, and report how often they differ');
  engineOptions(command)
    .addHelpText('after', examples(['samequestion predict --model runs/mine/model --input test.csv --out predictions.tsv']))
    .action(perform(async (options, context) => (await import('../commands/predict.ts')).predict(options, context)));
}
