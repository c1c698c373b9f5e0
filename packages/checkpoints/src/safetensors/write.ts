import { byteLength, isDataType, type DataType, type TensorInfo } from '../tensor.ts';

/** A tensor to write: its bytes, or a function that gives them when their turn comes, so that only one tensor is in memory. */
export interface TensorToWrite extends TensorInfo {
  readonly data: Uint8Array | (() => Uint8Array | Promise<Uint8Array>);
}

/** Largest elements first keeps every tensor aligned; the order inside one size is the reference implementation's. */
const typeOrder: readonly DataType[] = ['I64', 'F64', 'F32', 'I32', 'BF16', 'F16', 'I16', 'I8', 'U8', 'BOOL'];

/**
 * A safetensors file, piece by piece: the header, then each tensor's bytes. The same tensors and metadata give the same bytes, in any order of `tensors`.
 *
 * @param metadata Written as `__metadata__`, in the given order; left out if empty.
 * @throws {TypeError} For a repeated or reserved name, an unknown dtype or metadata that is no text.
 * @throws {RangeError} If a tensor's bytes do not fit its shape.
 */
export async function* encodeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const ordered = inFileOrder(tensors);
  yield headerOf(ordered, metadata);
  for (const tensor of ordered) {
    const data = typeof tensor.data === 'function' ? await tensor.data() : tensor.data;
    if (data.length !== byteLength(tensor)) throw wrongLength(tensor, data.length);
    yield data;
  }
}

/** A whole safetensors file in memory. @throws As `encodeSafetensors`. */
export async function safetensorsBytes(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of encodeSafetensors(tensors, metadata)) {
    pieces.push(piece);
    size += piece.length;
  }
  const file = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

function inFileOrder(tensors: readonly TensorToWrite[]): readonly TensorToWrite[] {
  const names = new Set<string>();
  for (const tensor of tensors) {
    const { name, dtype, shape } = tensor;
    if (name === '__metadata__')
      throw new TypeError('encodeSafetensors: expected a tensor name, got "__metadata__". The format keeps that name for itself.');
    if (names.has(name))
      throw new TypeError(`encodeSafetensors: expected each name once, got ${JSON.stringify(name)} again. Rename one of them.`);
    names.add(name);
    if (!isDataType(dtype))
      throw new TypeError(`encodeSafetensors: ${name}: expected a dtype such as "F32", got ${JSON.stringify(dtype)}.`);
    const bytes = byteLength({ dtype, shape });
    if (bytes === undefined)
      throw new RangeError(`encodeSafetensors: ${name}: expected a shape of integers ≥ 0, got [${shape.join(', ')}].`);
    if (typeof tensor.data !== 'function' && tensor.data.length !== bytes) throw wrongLength(tensor, tensor.data.length);
  }
  return tensors.toSorted((a, b) => typeOrder.indexOf(a.dtype) - typeOrder.indexOf(b.dtype) || byCodePoints(a.name, b.name));
}

function headerOf(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: string[] = [];
  const pairs = Object.entries(metadata);
  for (const [key, value] of pairs) {
    if (typeof value !== 'string')
      throw new TypeError(`encodeSafetensors: metadata: expected text under ${JSON.stringify(key)}, got ${typeof value}.`);
  }
  if (pairs.length > 0) entries.push(`"__metadata__":${JSON.stringify(Object.fromEntries(pairs))}`);
  let at = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = at + (byteLength({ dtype, shape }) ?? 0);
    entries.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [at, end] })}`);
    at = end;
  }
  const json = new TextEncoder().encode(`{${entries.join(',')}}`);
  // Padded with spaces so that the data begin at a multiple of eight.
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

/** The order of the UTF-8 bytes, which is that of the code points. */
function byCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function wrongLength(tensor: TensorInfo, got: number): RangeError {
  const { name, dtype, shape } = tensor;
  return new RangeError(`encodeSafetensors: ${name}: expected ${byteLength(tensor)} bytes for ${dtype} [${shape.join(', ')}], got ${got}.`);
}
