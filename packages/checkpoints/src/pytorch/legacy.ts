import type { Checkpoint } from '../checkpoint.ts';
import { quote } from '../error.ts';
import { readRange, type ByteSource } from '../source.ts';
import { bytesPerElement } from '../tensor.ts';
import { torchFault } from './fault.ts';
import { inFile } from './parse.ts';
import { PickleEndError } from './reader.ts';
import { torchCheckpoint, type StorageBytes } from './tensors.ts';
import { unpickle } from './unpickle.ts';
import { isKind, type PickleValue, type Storage } from './values.ts';
import { emptyWorld, otherStorages, storageTypes, torchWorld } from './world.ts';

const format = 'pytorch';
/** The number that torch.save pickles first. */
const magic = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;
/** How much is read at first to find the pickles, whose length nothing says. */
const firstGuess = 2 ** 20;

interface Preamble {
  readonly root: PickleValue;
  /** The storages' keys, in the order of their bytes. */
  readonly keys: readonly string[];
  readonly storages: ReadonlyMap<string, Storage>;
  /** Where the first storage begins. */
  readonly end: number;
}

/** Opens what torch.save wrote before PyTorch 1.6: five pickles, then each storage's element count and bytes. @throws {CheckpointError} */
export async function openTorchLegacy(source: ByteSource): Promise<Checkpoint> {
  const preamble = await readPreamble(source);
  const places = await findStorages(source, preamble);
  return torchCheckpoint({
    source,
    root: preamble.root,
    pickleBytes: preamble.end,
    locate: (storage, tensor) => {
      const place = places.get(storage.key);
      if (place !== undefined) return Promise.resolve(place);
      throw torchFault(source, 'missing', `tensor ${quote(tensor)}: expected storage ${quote(storage.key)}, got none of that name`, {
        tensor,
      });
    },
    verify: () => undefined, // This format has no checksums.
  });
}

async function readPreamble(source: ByteSource): Promise<Preamble> {
  for (let length = Math.min(firstGuess, source.size); ; length = Math.min(4 * length, source.size)) {
    const bytes = await readRange(source, [0, length], { format, what: 'pickles' });
    try {
      return inFile(source, () => parsePreamble(source, bytes));
    } catch (error) {
      const cutOff = error instanceof Error && error.cause instanceof PickleEndError;
      if (!cutOff || length === source.size) throw error;
    }
  }
}

function parsePreamble(source: ByteSource, bytes: Uint8Array): Preamble {
  const number = unpickle(bytes, 0, emptyWorld);
  if (number.value !== magic)
    throw torchFault(source, 'unsupported', "pickle: expected torch.save's magic number first, got another pickle");
  const version = unpickle(bytes, number.end, emptyWorld);
  if (version.value !== protocolVersion)
    throw torchFault(source, 'unsupported', `pickle: expected version ${protocolVersion}, got another`);
  const machine = unpickle(bytes, version.end, emptyWorld);
  const little = isKind(machine.value, 'dict') ? machine.value.entries.get('little_endian') : undefined;
  if (little !== true) throw torchFault(source, 'unsupported', 'byte order: expected little_endian True, got otherwise');
  const storages = new Map<string, Storage>();
  const world = torchWorld(bytes.length);
  const root = unpickle(bytes, machine.end, { ...world, persistent: (id) => noteStorage(source, storages, world.persistent(id)) });
  const list = unpickle(bytes, root.end, emptyWorld);
  const keys = isKind(list.value, 'list') ? list.value.items : [];
  if (!keys.every((key) => typeof key === 'string'))
    throw torchFault(source, 'malformed', 'storages: expected a list of keys, got other values');
  return { root: root.value, keys, storages, end: list.end };
}

/** Views of one storage must agree on what it is. */
function noteStorage(source: ByteSource, storages: Map<string, Storage>, storage: PickleValue): PickleValue {
  if (!isKind(storage, 'storage')) return storage;
  const before = storages.get(storage.key);
  if (before !== undefined && (before.type !== storage.type || before.count !== storage.count)) {
    throw torchFault(source, 'malformed', `storage ${quote(storage.key)}: expected one type and size, got two`);
  }
  storages.set(storage.key, storage);
  return storage;
}

async function findStorages(source: ByteSource, preamble: Preamble): Promise<ReadonlyMap<string, StorageBytes>> {
  const places = new Map<string, StorageBytes>();
  let at = preamble.end;
  for (const key of preamble.keys) {
    const storage = preamble.storages.get(key);
    if (storage === undefined || places.has(key))
      throw torchFault(source, 'malformed', `storages: expected each key of the pickle once, got ${quote(key)}`);
    const header = await readRange(source, [at, 8], { format, what: `storage ${quote(key)}` });
    const count = new DataView(header.buffer, header.byteOffset, 8).getBigUint64(0, true);
    if (count !== BigInt(storage.count))
      throw torchFault(source, 'malformed', `storage ${quote(key)}: expected ${storage.count} elements, got ${count}`, { offset: at });
    const dtype = storageTypes.get(storage.type);
    const size = storage.count * (dtype === undefined ? (otherStorages.get(storage.type) ?? 1) : bytesPerElement[dtype]);
    places.set(key, { offset: at + 8, size });
    at += 8 + size;
    if (at > source.size) {
      throw torchFault(source, 'truncated', `storage ${quote(key)}: expected ${size} bytes, got the end of the file`, {
        offset: at - size,
      });
    }
  }
  return places;
}
