import type { Command } from 'commander';

import { examples, integer } from './options.ts';
import { buildingOptions, splittingOptions } from './pair-options.ts';
import type { Perform } from './perform.ts';
import { presetOption } from './preset.ts';
import { explicitOptions, fineTuningOptions } from './training-options.ts';

/** `samequestion run`. */
export function addRun(program: Command, perform: Perform): void {
  const command = program
    .command('run')
    .summary('everything: pairs, training, evaluation, test file, submission, report')
    .description(
      'Reads question groups, trains, predicts the test file and writes the submission and a report into one folder. Without files it runs on the sample data.',
    );
  presetOption(splittingOptions(buildingOptions(fineTuningOptions(command))))
    .option('--train <file>', 'question groups (competition XML) or labelled pairs; default: the sample data')
    .option('--dev <file>', 'labelled pairs to evaluate on; default: a part of the training groups that shares no question with the rest')
    .option('--test <file>', 'test file: qid, question1, question2; default: the sample data')
    .option('--test-labels <file>', 'labels of the test file: qid, label')
    .option('--sample-submission <file>', 'a submission whose order and line ending are followed')
    .option('--folds <number>', 'train so many models on component folds, judge each on its own part, and combine their answers', integer)
    .option('--out <folder>', 'where everything is written; default: runs/ and the time')
    .addHelpText(
      'after',
      examples([
        'samequestion run',
        'samequestion run --train train_set.xml --folds 5',
        'samequestion run --train train_set.xml --preset original',
        'samequestion run --train train_set.xml --test dev_set.csv --sample-submission sample_submission.csv --out runs/diac',
      ]),
    )
    .action(
      perform(async (options, context) =>
        (await import('../commands/run.ts')).run({ ...options, explicit: explicitOptions(command) }, context),
      ),
    );
}
