import { fillDict, type PickleMachine } from './machine.ts';
import { PickleFaultError } from './reader.ts';
import { describeValue, isKind, type Dict, type PickleValue } from './values.ts';

type Opcode = (machine: PickleMachine) => void;

/** Integers longer than this are no sizes, and slow to build. */
const maxLongBytes = 64;

const constants: readonly [string, Opcode][] = [
  ['N', (m) => m.push(null)],
  ['\x88', (m) => m.push(true)],
  ['\x89', (m) => m.push(false)],
  ['J', (m) => m.push(m.reader.int32())],
  ['K', (m) => m.push(m.reader.byte())],
  ['M', (m) => m.push(m.reader.uint16())],
  ['I', (m) => m.push(integerLine(m.reader.line()))],
  ['L', (m) => m.push(integerLine(m.reader.line().replace(/L$/, '')))],
  ['\x8a', (m) => m.push(long(m, m.reader.byte()))],
  ['\x8b', (m) => m.push(long(m, m.reader.uint32()))],
  ['G', (m) => m.push(m.reader.float64())],
  ['U', (m) => m.push(m.reader.text(m.reader.byte()))],
  ['T', (m) => m.push(m.reader.text(m.reader.uint32()))],
  ['\x8c', (m) => m.push(m.reader.text(m.reader.byte()))],
  ['X', (m) => m.push(m.reader.text(m.reader.uint32()))],
  ['\x8d', (m) => m.push(m.reader.text(m.reader.uint64()))],
  ['C', (m) => m.push(m.reader.take(m.reader.byte()))],
  ['B', (m) => m.push(m.reader.take(m.reader.uint32()))],
  ['\x8e', (m) => m.push(m.reader.take(m.reader.uint64()))],
];

const containers: readonly [string, Opcode][] = [
  [')', (m) => m.push({ kind: 'tuple', items: [] })],
  ['\x85', (m) => m.push({ kind: 'tuple', items: m.popMany(1) })],
  ['\x86', (m) => m.push({ kind: 'tuple', items: m.popMany(2) })],
  ['\x87', (m) => m.push({ kind: 'tuple', items: m.popMany(3) })],
  ['t', (m) => m.push({ kind: 'tuple', items: m.popToMark() })],
  [']', (m) => m.push({ kind: 'list', items: [] })],
  ['l', (m) => m.push({ kind: 'list', items: m.popToMark() })],
  ['a', (m) => m.append([m.pop()])],
  ['e', (m) => m.append(m.popToMark())],
  ['}', (m) => m.push({ kind: 'dict', entries: new Map() })],
  ['d', (m) => m.push(dictOf(m.popToMark()))],
  ['s', (m) => m.setItems(m.popMany(2))],
  ['u', (m) => m.setItems(m.popToMark())],
];

const stack: readonly [string, Opcode][] = [
  ['(', (m) => m.mark()],
  ['0', (m) => void m.pop()],
  ['1', (m) => void m.popToMark()],
  ['2', (m) => m.push(m.top())],
  ['h', (m) => m.get(m.reader.byte())],
  ['j', (m) => m.get(m.reader.uint32())],
  ['q', (m) => m.put(m.reader.byte())],
  ['r', (m) => m.put(m.reader.uint32())],
  ['\x94', (m) => m.memoize()],
  ['\x80', (m) => protocol(m.reader.byte())],
  ['\x95', (m) => void m.reader.uint64()], // A frame only announces how far to read ahead.
];

const outside: readonly [string, Opcode][] = [
  ['c', (m) => m.push(m.world.find(m.reader.line(), m.reader.line()))],
  ['\x93', stackGlobal],
  ['i', (m) => refuseInstance(m)],
  ['R', (m) => m.reduce()],
  ['\x81', (m) => m.reduce()],
  ['b', build],
  ['Q', (m) => m.push(m.world.persistent(m.pop()))],
];

/** What each opcode does, by its byte. Those of protocol 0 that PyTorch cannot have written are missing, as are all that make objects of arbitrary classes. */
export const opcodes: ReadonlyMap<number, Opcode> = new Map(
  [constants, containers, stack, outside].flat().map(([character, opcode]) => [character.charCodeAt(0), opcode]),
);

function protocol(version: number): void {
  if (version > 5) throw new PickleFaultError('unsupported', `expected pickle protocol 0 to 5, got ${version}`);
}

function integerLine(line: string): PickleValue {
  if (line === '00') return false;
  if (line === '01') return true;
  if (!/^-?\d{1,40}$/.test(line)) throw new PickleFaultError('malformed', 'expected an integer of up to 40 digits, got another line');
  return narrowed(BigInt(line));
}

/** A two's complement integer of any length, little-endian. */
function long(machine: PickleMachine, length: number): PickleValue {
  const bytes = machine.reader.take(length);
  if (length > maxLongBytes) throw new PickleFaultError('unsupported', `expected an integer of up to ${maxLongBytes} bytes, got ${length}`);
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return narrowed(BigInt.asIntN(8 * length, value));
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function dictOf(items: readonly PickleValue[]): Dict {
  const dict: Dict = { kind: 'dict', entries: new Map() };
  fillDict(dict, items);
  return dict;
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string')
    throw new PickleFaultError('malformed', 'expected the name of a code object, got no text');
  machine.push(machine.world.find(module, name));
}

/** `find` refuses names outside the allow-list, and what is on it is never made this way. */
function refuseInstance(machine: PickleMachine): never {
  const module = machine.reader.line();
  const name = machine.reader.line();
  machine.world.find(module, name);
  throw new PickleFaultError('malformed', `expected ${module}.${name} to be called, got an old-style instance`);
}

/** An OrderedDict may carry attributes (state_dict's `_metadata`), which say nothing about tensors. Nothing else can be given any. */
function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (isKind(target, 'dict') && isKind(state, 'dict')) return;
  throw new PickleFaultError('forbidden', `expected attributes on a dict alone, got some on ${describeValue(target)}`);
}
