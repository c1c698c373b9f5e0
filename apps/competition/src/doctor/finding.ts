/** One thing that this machine has or lacks. */
export interface Finding {
  readonly name: string;
  readonly works: boolean;
  /** What was found: version, size, speed. */
  readonly found: string;
  /** How to get it, where it is missing. */
  readonly enable?: string;
}
