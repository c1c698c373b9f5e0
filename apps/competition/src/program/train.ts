import type { Command } from 'commander';

import { examples, trainingOptions } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion train`. */
export function addTrain(program: Command, perform: Perform): void {
  const command = program
    .command('train')
    .summary('labelled pairs to a model')
    .description('Fine-tunes BERT on labelled pairs and writes a Hugging Face folder.')
    .requiredOption('--train <file>', 'labelled pairs: question1, question2, label')
    .option('--dev <file>', 'labelled pairs to evaluate on')
    .requiredOption('--out <folder>', 'where model/ and log.jsonl are written');
  trainingOptions(command)
    .addHelpText('after', examples(['samequestion train --train data/train.tsv --dev data/dev.tsv --out runs/mine --epochs 2']))
    .action(perform(async (options, context) => (await import('../commands/train.ts')).train(options, context)));
}
