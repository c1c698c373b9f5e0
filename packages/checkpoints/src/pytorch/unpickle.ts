import { PickleMachine, type PickleWorld } from './machine.ts';
import { opcodes } from './opcodes.ts';
import { PickleFaultError, PickleReader } from './reader.ts';
import type { PickleValue } from './values.ts';

/** Opcodes that Python knows and torch.save has no use for. */
const otherOpcodes = 'SVFgpPo\x82\x83\x84\x8f\x90\x91\x92\x96\x97\x98';
/** `.`, which ends a pickle. */
const stop = 0x2e;

/** A pickle's value, and where the bytes after it begin. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads one pickle, building plain values only.
 *
 * @param start Where in `bytes` the pickle begins.
 * @throws {PickleEndError} If the bytes end first.
 * @throws {PickleFaultError} If the pickle is damaged or wants what is not allowed.
 * @see CPython's Lib/pickletools.py for the opcodes
 */
export function unpickle(bytes: Uint8Array, start: number, world: PickleWorld): Unpickled {
  const reader = new PickleReader(bytes, start);
  const machine = new PickleMachine(reader, world);
  for (;;) {
    const code = reader.byte();
    if (code === stop) return { value: machine.pop(), end: reader.at };
    const opcode = opcodes.get(code);
    if (opcode === undefined) {
      const fault = otherOpcodes.includes(String.fromCharCode(code)) ? 'unsupported' : 'malformed';
      throw new PickleFaultError(
        fault,
        `expected an opcode that torch.save writes, got 0x${code.toString(16).padStart(2, '0')} at byte ${reader.at - 1} of the pickle`,
      );
    }
    opcode(machine);
  }
}
