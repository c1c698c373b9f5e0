import type { Command } from 'commander';

import { examples, integer } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion tokenize`. */
export function addTokenize(program: Command, perform: Perform): void {
  program
    .command('tokenize')
    .summary('texts of standard input to WordPiece tokens')
    .description(
      'Reads one text a line from standard input and writes its tokens, or with --json one object {ids, types, tokens, offsets} a line. Offsets are UTF-16 indices into the text.',
    )
    .requiredOption('--vocab <file>', 'vocab.txt')
    .option('--cased', 'keep capital letters and accents')
    .option('--pairs', 'a line is left<TAB>right')
    .option('--jsonl', 'a line is {"text": …} or {"left": …, "right": …}, each with an optional "maxLength"')
    .option('--max-length <tokens>', 'cut longer texts, special tokens counted', integer)
    .addHelpText(
      'after',
      examples([
        'samequestion tokenize --vocab vocab.txt --json < questions.txt',
        'cut -f1,2 pairs.tsv | samequestion tokenize --vocab vocab.txt --pairs --max-length 64 --json',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/tokenize.ts')).tokenize(options, context)));
}
