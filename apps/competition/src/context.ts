/** What every command gets from the command line. */
export interface Context {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Prints a line for people: to standard output, or to standard error when the result is JSON. */
  say(line: string): void;
}
