/** What is wrong with a checkpoint, in one word. */
export type CheckpointFault =
  | 'truncated' // the file ends before what it promises
  | 'malformed' // the bytes break the format's rules
  | 'unsupported' // legal, but not read here
  | 'forbidden' // names code that only a trusting loader would run
  | 'checksum' // a stored checksum does not fit the bytes
  | 'missing'; // a tensor, shard or file that should be there is not

/** The format that was being read or written. */
export type CheckpointFormat = 'safetensors' | 'tensorflow' | 'pytorch';

/** Typed fields of a `CheckpointError`. */
export interface CheckpointErrorFields {
  readonly fault: CheckpointFault;
  /** Undefined where the format could not be told. */
  readonly format?: CheckpointFormat | undefined;
  /** The tensor concerned, if one is. */
  readonly tensor?: string | undefined;
  /** Byte offset in the file, where it helps. */
  readonly offset?: number | undefined;
  readonly cause?: unknown;
}

/** A checkpoint that cannot be read as it is: damaged, hostile, incomplete or of an unknown kind. Wrong calls throw `TypeError` or `RangeError` instead. */
export class CheckpointError extends Error {
  override readonly name: string = 'CheckpointError';
  readonly fault: CheckpointFault;
  readonly format: CheckpointFormat | undefined;
  readonly tensor: string | undefined;
  readonly offset: number | undefined;

  constructor(message: string, fields: CheckpointErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.fault = fields.fault;
    this.format = fields.format;
    this.tensor = fields.tensor;
    this.offset = fields.offset;
  }
}

/** Text from a file made fit for a one-line message: quoted, control characters escaped, cut at 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
