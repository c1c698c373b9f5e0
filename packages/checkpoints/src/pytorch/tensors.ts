import { checkpointOf, type Checkpoint, type SkippedEntry } from '../checkpoint.ts';
import { quote } from '../error.ts';
import { readRange, type ByteSource } from '../source.ts';
import { byteLength, bytesPerElement, elementCount, type TensorInfo } from '../tensor.ts';
import { torchFault } from './fault.ts';
import { flattenTensors } from './flatten.ts';
import { inFile } from './parse.ts';
import type { PickleValue, Storage, TensorView } from './values.ts';
import { storageTypes } from './world.ts';

const format = 'pytorch';

/** Where a storage's bytes lie. */
export interface StorageBytes {
  readonly offset: number;
  readonly size: number;
}

/** What the two containers, zip and legacy, provide. */
export interface Container {
  readonly source: ByteSource;
  /** The unpickled root, and the pickle's length in bytes. */
  readonly root: PickleValue;
  readonly pickleBytes: number;
  /** Finds a storage. @throws {CheckpointError} If it is not in the file or has another size. */
  locate(storage: Storage, tensor: string): Promise<StorageBytes>;
  /** Checks the bytes of a whole storage, where the container has a checksum. */
  verify(storage: Storage, data: Uint8Array, tensor: string): void;
}

interface Entry extends TensorInfo {
  readonly view: TensorView;
}

/** A checkpoint of the tensors in a container. */
export function torchCheckpoint(container: Container): Checkpoint {
  const { source } = container;
  const { tensors, skipped } = inFile(source, () => flattenTensors(container.root, 16 * container.pickleBytes + 4096));
  const entries = new Map<string, Entry>();
  const others: SkippedEntry[] = [...skipped];
  for (const [name, view] of tensors) {
    const dtype = storageTypes.get(view.storage.type);
    if (dtype === undefined) others.push({ name, reason: `elements of a ${view.storage.type}` });
    else entries.set(name, checked(source, { name, dtype, shape: view.shape, view }));
  }
  return checkpointOf({
    format,
    file: source.name,
    entries,
    skipped: others,
    load: (entry) => load(container, entry),
    close: async () => source.close?.(),
  });
}

/** A view must stay within its storage, and must not be larger than the file: strides of 0 can make it so. */
function checked(source: ByteSource, entry: Entry): Entry {
  const { name, shape, view } = entry;
  const bytes = byteLength(entry);
  if (bytes === undefined || bytes > source.size) {
    throw torchFault(
      source,
      'malformed',
      `tensor ${quote(name)}: expected at most the file's ${source.size} bytes, got ${bytes ?? 'more than 2^53'}`,
      { tensor: name },
    );
  }
  const last = lastElement(view);
  if (bytes > 0 && last >= view.storage.length) {
    const got = `[${shape.slice(0, 8).join(', ')}] up to element ${last}`;
    throw torchFault(source, 'malformed', `tensor ${quote(name)}: expected a view of ${view.storage.length} elements, got ${got}`, {
      tensor: name,
    });
  }
  return entry;
}

/** The highest element a view that is not empty looks at, counted from its storage's view. */
function lastElement(view: TensorView): number {
  return view.shape.reduce((last, size, axis) => last + (size - 1) * (view.strides[axis] ?? 0), view.offset);
}

async function load(container: Container, entry: Entry): Promise<Uint8Array> {
  const { name, dtype, view } = entry;
  const count = elementCount(view.shape) ?? 0;
  if (count === 0) return new Uint8Array(0);
  const { storage } = view;
  const width = bytesPerElement[dtype];
  const place = await container.locate(storage, name);
  const first = storage.start + view.offset;
  const span = isContiguous(view) ? count : lastElement(view) - view.offset + 1;
  const range = [place.offset + first * width, span * width] as const;
  const data = await readRange(container.source, range, { format, what: quote(name), tensor: name });
  if (data.length === place.size) container.verify(storage, data, name);
  return span === count && isContiguous(view) ? data : gather(data, view, width);
}

/** Whether the elements lie one after another in row-major order. Strides of axes of size 1 do not matter. */
function isContiguous(view: TensorView): boolean {
  let expected = 1;
  for (let axis = view.shape.length - 1; axis >= 0; axis--) {
    const size = view.shape[axis] ?? 0;
    if (size !== 1 && view.strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Copies a strided view into row-major order. `data` begins at the view's first element; `width` is the bytes of one. */
function gather(data: Uint8Array, view: TensorView, width: number): Uint8Array {
  // Axes of size 1 move nothing; a scalar has none left.
  const axes = view.shape.map((size, axis) => ({ size, stride: (view.strides[axis] ?? 0) * width })).filter(({ size }) => size > 1);
  const output = new Uint8Array((elementCount(view.shape) ?? 0) * width);
  const inner = axes.pop() ?? { size: 1, stride: 0 };
  const index = axes.map(() => 0);
  let from = 0;
  for (let to = 0; to < output.length;) {
    for (let i = 0, start = from; i < inner.size; i++, start += inner.stride)
      for (let byte = 0; byte < width; byte++) output[to++] = data[start + byte] ?? 0;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { size, stride } = axes[axis] ?? inner;
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next === size ? 0 : next;
      from += next === size ? -(size - 1) * stride : stride;
      if (next !== size) break;
    }
  }
  return output;
}
