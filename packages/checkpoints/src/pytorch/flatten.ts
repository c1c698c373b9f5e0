import type { SkippedEntry } from '../checkpoint.ts';
import { PickleFaultError } from './reader.ts';
import { describeValue, isKind, type PickleValue, type TensorView } from './values.ts';

/** Deeper than any checkpoint nests. */
const maxDepth = 32;

/** The tensors of a checkpoint by name. */
export interface Flattened {
  readonly tensors: ReadonlyMap<string, TensorView>;
  readonly skipped: readonly SkippedEntry[];
}

/**
 * Names every tensor in nested dicts, lists and tuples by the path to it, joined by dots; a tensor that is the whole file is called `tensor`.
 *
 * @param budget How many characters all names together may have. Values can be shared, so a short pickle can spell endless names: this stops it.
 * @throws {PickleFaultError} If names repeat, nest too deep, or the budget is spent.
 */
export function flattenTensors(root: PickleValue, budget: number): Flattened {
  const tensors = new Map<string, TensorView>();
  const skipped: SkippedEntry[] = [];
  let left = budget;
  const visit = (name: string, value: PickleValue, depth: number): void => {
    left -= name.length + 1;
    if (left < 0) throw new PickleFaultError('malformed', 'expected names in proportion to the file, got far more');
    if (depth > maxDepth) throw new PickleFaultError('malformed', `expected at most ${maxDepth} levels of dicts and lists, got more`);
    const prefix = name === '' ? '' : `${name}.`;
    if (isKind(value, 'dict')) for (const [key, item] of value.entries) visit(prefix + nameOfKey(key), item, depth + 1);
    else if (isKind(value, 'list') || isKind(value, 'tuple'))
      for (const [i, item] of value.items.entries()) visit(`${prefix}${i}`, item, depth + 1);
    else if (!isKind(value, 'tensor')) skipped.push({ name, reason: `no tensor but ${describeValue(value)}` });
    else if (tensors.has(name)) throw new PickleFaultError('malformed', 'expected each name once, got one twice');
    else tensors.set(name === '' ? 'tensor' : name, value);
  };
  visit('', root, 0);
  return { tensors, skipped };
}

function nameOfKey(key: PickleValue): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean') return String(key);
  throw new PickleFaultError('unsupported', `expected text or a number as a dict's key, got ${describeValue(key)}`);
}
