import { quote } from '../error.ts';
import type { DataType } from '../tensor.ts';
import { fillDict, type PickleWorld } from './machine.ts';
import { PickleFaultError } from './reader.ts';
import { describeValue, isKind, type Dict, type PickleValue, type Storage, type TensorView } from './values.ts';

/** Element types of the storage classes that are read. */
export const storageTypes: ReadonlyMap<string, DataType> = new Map([
  ['torch.DoubleStorage', 'F64'],
  ['torch.FloatStorage', 'F32'],
  ['torch.HalfStorage', 'F16'],
  ['torch.BFloat16Storage', 'BF16'],
  ['torch.LongStorage', 'I64'],
  ['torch.IntStorage', 'I32'],
  ['torch.ShortStorage', 'I16'],
  ['torch.CharStorage', 'I8'],
  ['torch.ByteStorage', 'U8'],
  ['torch.BoolStorage', 'BOOL'],
]);

/** Bytes per element of the storage classes that are recognised, so that the ones after them are found, but not read. */
export const otherStorages: ReadonlyMap<string, number> = new Map([
  ['torch.ComplexFloatStorage', 8],
  ['torch.ComplexDoubleStorage', 16],
  ['torch.QInt8Storage', 1],
  ['torch.QUInt8Storage', 1],
  ['torch.QInt32Storage', 4],
  ['torch.storage.UntypedStorage', 1],
]);

/** PyTorch's own limit on a tensor's dimensions. */
const maxRank = 64;

/** How many items builders may still copy. Arguments can be shared, so that a short pickle could ask for the same long copy again and again. */
interface Budget {
  items: number;
}
type Builder = (args: readonly PickleValue[], budget: Budget) => PickleValue;

/** Each name's code is this project's own; a name only picks it. */
const builders: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor', tensorView],
  ['torch._utils._rebuild_tensor_v2', tensorView],
  ['torch._utils._rebuild_parameter', parameter],
  ['torch._utils._rebuild_parameter_with_state', parameter],
  ['torch._tensor._rebuild_from_type_v2', tensorSubclass],
  ['torch.Size', size],
  ['torch.device', () => ({ kind: 'other', name: 'torch.device' })],
  ['builtins.set', () => ({ kind: 'other', name: 'set' })],
  ['__builtin__.set', () => ({ kind: 'other', name: 'set' })],
  ['_codecs.encode', encode],
]);

/** Names that stand for themselves: element types, and classes that tensors are marked with. */
const plainNames: ReadonlySet<string> = new Set([
  'torch.Tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool', 'complex64', 'complex128'].map(
    (type) => `torch.${type}`,
  ),
]);

/** A world in which a pickle can build dicts, lists, tuples and tensors, and nothing else. */
export function torchWorld(pickleBytes: number): PickleWorld {
  const budget: Budget = { items: pickleBytes };
  return {
    find,
    call(callee, args) {
      const builder = isKind(callee, 'global') ? builders.get(callee.name) : undefined;
      if (builder === undefined)
        throw new PickleFaultError('malformed', `expected a function on the allow-list to be called, got ${describeValue(callee)}`);
      return builder(args, budget);
    },
    persistent: storage,
  };
}

function find(module: string, name: string): PickleValue {
  const full = `${module}.${name}`;
  if (builders.has(full) || plainNames.has(full) || storageTypes.has(full) || otherStorages.has(full))
    return { kind: 'global', name: full };
  throw new PickleFaultError('forbidden', `expected tensors and plain containers, got the code object ${quote(full)}`);
}

function spend(budget: Budget, items: number): void {
  budget.items -= items;
  if (budget.items < 0)
    throw new PickleFaultError('malformed', 'expected arguments in proportion to the file, got the same ones copied again and again');
}

/** A world for the small pickles around the legacy format's main one: they need no names at all. */
export const emptyWorld: PickleWorld = {
  find,
  call: (callee) => {
    throw new PickleFaultError('malformed', `expected plain values, got a call of ${describeValue(callee)}`);
  },
  persistent: () => {
    throw new PickleFaultError('malformed', 'expected plain values, got a storage');
  },
};

function orderedDict(args: readonly PickleValue[], budget: Budget): Dict {
  const dict: Dict = { kind: 'dict', entries: new Map() };
  const pairs = args[0];
  if (pairs === undefined) return dict;
  if (!isKind(pairs, 'list')) throw wrong('a list of pairs', pairs);
  spend(budget, pairs.items.length);
  for (const pair of pairs.items) {
    if (!(isKind(pair, 'list') || isKind(pair, 'tuple')) || pair.items.length !== 2) throw wrong('a pair', pair);
    fillDict(dict, pair.items);
  }
  return dict;
}

/** `_rebuild_tensor(storage, offset, size, stride)`, and version 2 with gradients and hooks after these. */
function tensorView(args: readonly PickleValue[]): TensorView {
  const [from, offset, shape, strides] = args;
  if (!isKind(from, 'storage')) throw wrong('a storage', from);
  const view: TensorView = { kind: 'tensor', storage: from, offset: natural(offset), shape: naturals(shape), strides: naturals(strides) };
  if (view.shape.length !== view.strides.length) throw new PickleFaultError('malformed', 'expected one stride for each size, got others');
  return view;
}

/** `_rebuild_parameter(data, requires_grad, backward_hooks)`. */
function parameter([data]: readonly PickleValue[]): TensorView {
  if (!isKind(data, 'tensor')) throw wrong('a tensor', data);
  return data;
}

/** `_rebuild_from_type_v2(function, type, args, state)`: a tensor with attributes, or of a subclass. */
function tensorSubclass([callee, type, args]: readonly PickleValue[]): TensorView {
  const known = isKind(type, 'global') && plainNames.has(type.name);
  const rebuilds = isKind(callee, 'global') && callee.name.startsWith('torch._utils._rebuild_tensor');
  if (!known || !rebuilds || !isKind(args, 'tuple')) throw wrong('a plain tensor', callee);
  return tensorView(args.items);
}

function size([sizes]: readonly PickleValue[]): PickleValue {
  if (sizes === undefined) return { kind: 'tuple', items: [] };
  return { kind: 'tuple', items: naturals(sizes) };
}

/** How protocol 2 spells bytes: as the text whose code points they are. */
function encode([text, encoding]: readonly PickleValue[], budget: Budget): Uint8Array {
  if (typeof text !== 'string' || encoding !== 'latin1') throw wrong('text in latin1', text);
  spend(budget, text.length);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** `('storage', class, key, location, element count)`; the legacy format adds a view `(key, offset, count)` or None. */
function storage(id: PickleValue): Storage {
  if (!isKind(id, 'tuple')) throw wrong('a persistent id of a storage', id);
  const [tag, type, key, , elements, view] = id.items;
  if (tag !== 'storage' || typeof key !== 'string') throw wrong('a persistent id of a storage', tag);
  if (!isKind(type, 'global') || !(storageTypes.has(type.name) || otherStorages.has(type.name))) throw wrong('a storage class', type);
  const count = natural(elements);
  if (view === undefined || view === null) return { kind: 'storage', type: type.name, key, count, start: 0, length: count };
  if (!isKind(view, 'tuple')) throw wrong('a view of a storage', view);
  const start = natural(view.items[1]);
  const length = natural(view.items[2]);
  if (start + length > count)
    throw new PickleFaultError('malformed', `expected a view within ${count} elements, got ${length} from ${start}`);
  return { kind: 'storage', type: type.name, key, count, start, length };
}

function naturals(value: PickleValue | undefined): readonly number[] {
  if (!isKind(value, 'tuple') && !isKind(value, 'list')) throw wrong('a tuple of sizes', value);
  if (value.items.length > maxRank) throw wrong(`at most ${maxRank} sizes`, value);
  return value.items.map(natural);
}

function natural(value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new PickleFaultError(
    'malformed',
    `expected an integer from 0 to 2^53, got ${typeof value === 'number' ? value : describeValue(value)}`,
  );
}

function wrong(expected: string, got: PickleValue | undefined): PickleFaultError {
  return new PickleFaultError('malformed', `expected ${expected}, got ${describeValue(got)}`);
}
