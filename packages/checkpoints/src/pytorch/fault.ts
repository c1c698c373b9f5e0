import { CheckpointError, type CheckpointFault } from '../error.ts';
import type { ByteSource } from '../source.ts';

const advice: Readonly<Record<CheckpointFault, string>> = {
  truncated: 'The file is cut off: fetch it again.',
  malformed: 'The file is damaged: fetch it again.',
  checksum: 'The file is damaged: fetch it again.',
  missing: 'The file is damaged: fetch it again.',
  unsupported: 'Save a plain dictionary of tensors, such as model.state_dict(), with torch.save.',
  forbidden: 'Nothing of it was run. If you trust the file, load it in Python and save its state_dict() alone.',
};

/** More of an error, where it is known. */
export interface FaultFields {
  readonly tensor?: string | undefined;
  readonly offset?: number | undefined;
  readonly cause?: unknown;
}

/** A `CheckpointError` of this format; `what` reads "what: expected …, got …". */
export function torchFault(
  source: Pick<ByteSource, 'name'>,
  fault: CheckpointFault,
  what: string,
  fields: FaultFields = {},
): CheckpointError {
  const { cause, ...rest } = fields;
  return new CheckpointError(`pytorch: ${what} (${source.name ?? 'no file name'}). ${advice[fault]}`, {
    fault,
    format: 'pytorch',
    ...rest,
    cause,
  });
}
