import type { Command } from 'commander';

import { examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion compare`. */
export function addCompare(program: Command, perform: Perform): void {
  program
    .command('compare')
    .summary('finished runs side by side')
    .description('Shows the settings that differ, the scores and how far the answers agree; --out writes a page with figures.')
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'where the page is written, such as compare.html')
    .addHelpText('after', examples(['samequestion compare runs/a runs/b runs/c --out compare.html']))
    .action(async (runs: readonly string[], options: Record<string, unknown>, command: Command) =>
      perform(async (given, context) => (await import('../commands/compare.ts')).compare({ ...given, runs }, context))(options, command),
    );
}
