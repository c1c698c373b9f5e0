/** What the user gave is wrong: the message goes to standard error in one line and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The user stopped the command (Ctrl-C or SIGTERM): exit code 130, the message says what is kept. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}
