import { PickleFaultError, PickleReader } from './reader.ts';
import { describeValue, isKind, type Dict, type PickleValue } from './values.ts';

/** The three places where a pickle reaches out of itself. Each decides what may be built. */
export interface PickleWorld {
  /** Gives the value for a name, or throws: the only way by which a name enters the machine. */
  find(module: string, name: string): PickleValue;
  /** What calling `callee` with `args` builds. `callee` came from `find`, or is no callable at all. */
  call(callee: PickleValue, args: readonly PickleValue[]): PickleValue;
  /** What a persistent id stands for: with PyTorch, a storage. */
  persistent(id: PickleValue): PickleValue;
}

/** The state of a pickle virtual machine: a stack with marks, and a memo. Each opcode adds at most one value, so memory is bounded by the pickle's length. */
export class PickleMachine {
  readonly reader: PickleReader;
  readonly world: PickleWorld;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(reader: PickleReader, world: PickleWorld) {
    this.reader = reader;
    this.world = world;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const floor = this.#marks.at(-1) ?? 0;
    const value = this.#stack.length > floor ? this.#stack.pop() : undefined;
    if (value === undefined) throw new PickleFaultError('malformed', 'expected a value on the stack, got none');
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleFaultError('malformed', 'expected a mark on the stack, got none');
    return this.#stack.splice(mark);
  }

  popMany(count: number): readonly PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).toReversed();
  }

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new PickleFaultError('malformed', `expected memo ${index} to be set, got nothing`);
    this.push(value);
  }

  /** Adds keys and values, given in turn, to the dict on top. */
  setItems(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!isKind(target, 'dict')) throw new PickleFaultError('malformed', `expected a dict to fill, got ${describeValue(target)}`);
    fillDict(target, items);
  }

  append(items: readonly PickleValue[]): void {
    const target = this.top();
    if (!isKind(target, 'list')) throw new PickleFaultError('malformed', `expected a list to fill, got ${describeValue(target)}`);
    for (const item of items) target.items.push(item);
  }

  /** Calls what stands below the arguments on the stack. */
  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isKind(args, 'tuple')) throw new PickleFaultError('malformed', `expected a tuple of arguments, got ${describeValue(args)}`);
    this.push(this.world.call(callee, args.items));
  }
}

/** Adds keys and values, given in turn, to a dict. */
export function fillDict(dict: Dict, items: readonly PickleValue[]): void {
  if (items.length % 2 !== 0) throw new PickleFaultError('malformed', 'expected a value for each key, got one too few');
  for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i] ?? null, items[i + 1] ?? null);
}
