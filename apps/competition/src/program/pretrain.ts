import type { Command } from 'commander';

import { engineOptions, examples, fraction, integer, oneOf, positive, share, tokenTypes } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion pretrain`. */
export function addPretrain(program: Command, perform: Perform): void {
  const command = program
    .command('pretrain')
    .summary('text to an encoder')
    .description(
      'Pre-trains an encoder: --task text hides words of running text, --task pairs learns to judge made pairs as well; --init chains the two.',
    )
    .requiredOption(
      '--data <file...>',
      'text, one paragraph a line (.gz and .tsv with a column question or text, too); for --task pairs a table of pairs',
    )
    .requiredOption('--out <folder>', 'where model/, log.jsonl and checkpoints/ are written')
    .option('--task <task>', 'text or pairs', oneOf('text', 'pairs'), 'text')
    .option('--init <folder>', 'start from the weights of a model folder')
    .option('--resume', 'go on from the newest checkpoint in --out')
    .option('--steps <number>', 'updates', integer)
    .option('--minutes <number>', 'minutes of training, instead of steps', positive)
    .option('--checkpoint-every <steps>', 'steps between checkpoints; default: none', integer)
    .option('--vocab <file>', 'vocab.txt; default: trained on the text')
    .option('--vocab-size <pieces>', 'pieces of a trained vocabulary at most', integer, 8000)
    .option('--layers <number>', 'layers', integer, 4)
    .option('--hidden <number>', 'hidden size', integer, 312)
    .option('--heads <number>', 'attention heads', integer, 12)
    .option(
      '--token-types <rule>',
      'side, side-and-match, side-match-and-sound or side-match-sound-and-context',
      tokenTypes,
      'side-match-and-sound',
    )
    .option('--max-length <tokens>', 'tokens of a sequence', integer, 128)
    .option('--mask-rate <share>', 'part of the tokens that is hidden', share, 0.15)
    .option('--batch-size <sequences>', 'sequences in a step', integer, 64)
    .option('--accumulate <parts>', 'compute a batch in so many parts: less memory, same gradient', integer, 1)
    .option('--learning-rate <rate>', 'highest learning rate', positive, 1e-3)
    .option('--weight-decay <number>', 'weight decay', fraction, 0.01)
    .option('--dropout <share>', 'dropout', fraction, 0.1)
    .option('--cache <file>', 'where the tokens of the text are kept between runs')
    .option('--seed <number>', 'seed of everything random', integer, 7);
  engineOptions(command)
    .addHelpText(
      'after',
      examples([
        'samequestion pretrain --data laws.txt.gz questions.tsv --steps 20000 --out runs/text',
        'samequestion make-pairs --data questions.tsv --count 200000 --out pairs.tsv.gz',
        'samequestion pretrain --task pairs --init runs/text/model --data pairs.tsv.gz --steps 4000 --out runs/pairs',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/pretrain.ts')).pretrain(options, context)));
}
