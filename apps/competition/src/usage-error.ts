/** What the user gave is wrong: the message goes to standard error in one line and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The user stopped the command (Ctrl-C or SIGTERM): exit code 130, the message says what is kept. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** A check found something wrong: exit code 2, and the result is printed as JSON if asked. */
export class FailedCheckError extends UsageError {
  readonly result: unknown;

  constructor(message: string, result: unknown) {
    super(message);
    this.result = result;
  }
}

/** Stops a command that was asked to stop. @throws {StoppedError} Saying what is kept. */
export function stopIfAsked({ signal }: { readonly signal: AbortSignal }, kept: string): void {
  if (signal.aborted) throw new StoppedError(`Stopped: ${kept}.`);
}
