import { elementCount, type DataType } from '../tensor.ts';
import { fieldsOf } from './protobuf.ts';

/** TensorFlow's `DataType` numbers of the element types read here. */
const types: ReadonlyMap<number, DataType> = new Map([
  [1, 'F32'],
  [2, 'F64'],
  [3, 'I32'],
  [4, 'U8'],
  [5, 'I16'],
  [6, 'I8'],
  [9, 'I64'],
  [10, 'BOOL'],
  [14, 'BF16'],
  [19, 'F16'],
]);

/** A `BundleEntryProto`: where a tensor lies. */
export interface BundleEntry {
  /** Undefined for types that are not read here. */
  readonly dtype: DataType | undefined;
  /** TensorFlow's number of the type. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** Masked CRC-32C of the bytes. */
  readonly checksum: number;
  /** Whether this is one variable cut into slices that stand under other keys. */
  readonly sliced: boolean;
}

/** A `BundleHeaderProto`. */
export interface BundleHeader {
  readonly shards: number;
  readonly littleEndian: boolean;
  /** The oldest reader that may read this. */
  readonly minConsumer: number;
}

/** Reads a `BundleEntryProto`. @throws {RangeError} If it is damaged. @see tensorflow/core/protobuf/tensor_bundle.proto */
export function parseBundleEntry(message: Uint8Array): BundleEntry {
  const numbers = new Map<number, number>();
  let shape: readonly number[] = [];
  let sliced = false;
  for (const { number, value } of fieldsOf(message)) {
    if (number === 2) shape = parseShape(bytes(value));
    else if (number === 7) sliced = true;
    else if (typeof value === 'bigint') numbers.set(number, size(value));
  }
  const type = numbers.get(1) ?? 0;
  const [shard = 0, offset = 0, bytesStored = 0, checksum = 0] = [3, 4, 5, 6].map((number) => numbers.get(number));
  return { dtype: types.get(type), type, shape, shard, offset, size: bytesStored, checksum, sliced };
}

/** Reads a `BundleHeaderProto`. @throws {RangeError} If it is damaged. */
export function parseBundleHeader(message: Uint8Array): BundleHeader {
  let shards = 0;
  let littleEndian = true;
  let minConsumer = 0;
  for (const { number, value } of fieldsOf(message)) {
    if (number === 1) shards = size(value);
    else if (number === 2) littleEndian = size(value) === 0;
    else if (number === 3) {
      for (const field of fieldsOf(bytes(value))) if (field.number === 2) minConsumer = size(field.value);
    }
  }
  return { shards, littleEndian, minConsumer };
}

function parseShape(message: Uint8Array): readonly number[] {
  const shape: number[] = [];
  for (const { number, value } of fieldsOf(message)) {
    if (number === 3 && size(value) !== 0) throw new RangeError('a shape is unknown');
    if (number !== 2) continue;
    let length = 0;
    for (const field of fieldsOf(bytes(value))) if (field.number === 1) length = size(field.value);
    shape.push(length);
  }
  if (elementCount(shape) === undefined) throw new RangeError('a shape has too many elements');
  return shape;
}

function size(value: bigint | Uint8Array): number {
  if (typeof value !== 'bigint' || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('a field is no number from 0 to 2^53');
  return Number(value);
}

function bytes(value: bigint | Uint8Array): Uint8Array {
  if (typeof value === 'bigint') throw new RangeError('a field is a number instead of a message');
  return value;
}
