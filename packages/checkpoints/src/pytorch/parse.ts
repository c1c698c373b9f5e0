import type { ByteSource } from '../source.ts';
import { torchFault } from './fault.ts';
import type { PickleWorld } from './machine.ts';
import { PickleEndError, PickleFaultError } from './reader.ts';
import { unpickle, type Unpickled } from './unpickle.ts';

/** A pickle to read: where it begins, and what it may build. */
export interface PickleSlot {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly world: PickleWorld;
}

/** Reads a pickle that must be complete. @throws {CheckpointError} */
export function parsePickle(source: ByteSource, slot: PickleSlot): Unpickled {
  return inFile(source, () => unpickle(slot.bytes, slot.start, slot.world));
}

/** Runs what throws a pickle's errors, and names the file in them. */
export function inFile<Result>(source: ByteSource, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof PickleEndError)
      throw torchFault(source, 'truncated', `pickle: expected its end, got the end of its bytes`, { cause });
    if (cause instanceof PickleFaultError) throw torchFault(source, cause.fault, `pickle: ${cause.message}`, { cause });
    throw cause;
  }
}
