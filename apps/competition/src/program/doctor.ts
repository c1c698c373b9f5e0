import type { Command } from 'commander';

import { examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion doctor`. */
export function addDoctor(program: Command, perform: Perform): void {
  program
    .command('doctor')
    .summary('what this machine can do')
    .description('Tries every engine and optional package, and says how to enable what is missing.')
    .addHelpText('after', examples(['samequestion doctor', 'samequestion doctor --json']))
    .action(perform(async (options, context) => (await import('../commands/doctor.ts')).doctor(options, context)));
}
