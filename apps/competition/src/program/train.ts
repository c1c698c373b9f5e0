import type { Command } from 'commander';

import { examples } from './options.ts';
import { buildingOptions, splittingOptions } from './pair-options.ts';
import type { Perform } from './perform.ts';
import { explicitOptions, fineTuningOptions } from './training-options.ts';

/** `samequestion train`. */
export function addTrain(program: Command, perform: Perform): void {
  const command = program
    .command('train')
    .summary('labelled pairs to a model')
    .description('Fine-tunes BERT on labelled pairs and writes a Hugging Face folder.')
    .option('--train <file>', 'labelled pairs: question1, question2, label')
    .option('--dev <file>', 'labelled pairs to evaluate on')
    .option('--out <folder>', 'where model/, log.jsonl and checkpoints/ are written');
  splittingOptions(buildingOptions(fineTuningOptions(command)))
    .addHelpText(
      'after',
      examples([
        'samequestion train --train data/train.tsv --dev data/dev.tsv --out runs/mine --epochs 2',
        'samequestion train --train data/train.tsv --out runs/more --init runs/mine/model --augment balanced --adversarial fgm',
        'samequestion train --resume runs/mine',
      ]),
    )
    .action(
      perform(async (options, context) =>
        (await import('../commands/train.ts')).train({ ...options, explicit: explicitOptions(command) }, context),
      ),
    );
}
