import { type Command, CommanderError } from 'commander';

import { buildProgram } from './program.ts';
import type { CommandAction } from './program/perform.ts';
import type { Context } from './context.ts';
import { describeError } from './exit-code.ts';
import { FailedCheckError } from './usage-error.ts';

/**
 * Runs one command.
 *
 * @param args The arguments after the program's name.
 * @returns The exit code: 0 done, 2 the input is wrong, 130 stopped by Ctrl-C, 1 anything else.
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    process.stderr.write('\nstopping … (again to stop at once)\n');
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    await buildProgram((command) => perform(command, stop.signal)).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return report(error);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Wraps a command: gives it a context, prints its result as JSON if asked. */
function perform(action: CommandAction, signal: AbortSignal): (options: Record<string, unknown>, command: Command) => Promise<void> {
  return async (options) => {
    const json = options['json'] === true;
    const context: Context = { signal, say: (line) => (json ? process.stderr : process.stdout).write(`${line}\n`) };
    const print = (result: unknown): void => {
      if (json && result !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`);
    };
    try {
      print(await action(options, context));
    } catch (error) {
      if (error instanceof FailedCheckError) print(error.result);
      throw error;
    }
  };
}

function report(error: unknown): number {
  // Commander has printed its own message or the help already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { code, message } = describeError(error);
  process.stderr.write(`${code === 130 ? '' : 'samequestion: '}${message}\n`);
  return code;
}
