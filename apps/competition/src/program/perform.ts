import type { Command } from 'commander';

import type { Context } from '../context.ts';

/** What a command does with its options; the result is printed as JSON if asked. */
export type CommandAction = (options: Record<string, unknown>, context: Context) => Promise<unknown>;

/** Turns an action into a commander handler. */
export type Perform = (action: CommandAction) => (options: Record<string, unknown>, command: Command) => Promise<void>;
