import type { Command } from 'commander';

import { examples, integer, oneOf, share } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion augment`. */
export function addAugment(program: Command, perform: Perform): void {
  program
    .command('augment')
    .summary('labelled pairs to more labelled pairs, by edits of known effect')
    .description(
      'Edits the questions of labelled pairs by a recipe. The label of a new pair follows from what its edits do to the meaning. The output depends on pairs, seed, recipe and segmenter alone.',
    )
    .requiredOption('--input <file>', 'labelled pairs: question1, question2, label')
    .requiredOption('--out <file>', 'where the pairs are written, each original before its new ones')
    .option('--recipe <name>', 'balanced, typos, eda, original, competition-attack or contrast', 'balanced')
    .option('--count <number>', 'new pairs for each pair', integer, 5)
    .option('--rate <share>', "part of a question's characters that changes; default: as the recipe says", share)
    .option('--seed <number>', 'seed of all draws', integer, 7)
    .option('--only-new', 'leave the originals out')
    .option('--edits <file>', 'write one JSON object for each edited question: source, side, text, edits')
    .option('--workers <number>', 'worker threads; default: one for each core; 0: none', integer)
    .option('--segmenter <name>', 'best, intl or nodejieba', oneOf('best', 'intl', 'nodejieba'), 'best')
    .addHelpText(
      'after',
      examples([
        'samequestion augment --input train.tsv --out train.aug.tsv --recipe balanced --count 5 --rate 0.1 --seed 7',
        'samequestion augment --input train.tsv --out typos.tsv --recipe typos --count 1 --only-new --edits edits.jsonl',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/augment.ts')).augment(options, context)));
}
