/** One measured number, with its unit and what it is compared with. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What `ratio` is relative to, measured in the same run. */
  readonly baseline?: string;
  readonly ratio?: number;
  readonly note?: string;
}

/** A bench file exports one of these as `bench`. */
export interface Bench {
  readonly name: string;
  /** One sentence: what is measured, on what. */
  readonly about: string;
  run(report: (figure: Figure) => void): Promise<void>;
}
