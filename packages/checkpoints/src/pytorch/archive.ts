import type { Checkpoint } from '../checkpoint.ts';
import { crc32 } from '../checksum.ts';
import { quote } from '../error.ts';
import { readRange, type ByteSource } from '../source.ts';
import { bytesPerElement } from '../tensor.ts';
import { torchFault } from './fault.ts';
import { parsePickle } from './parse.ts';
import { torchCheckpoint } from './tensors.ts';
import type { Storage } from './values.ts';
import { storageTypes, torchWorld } from './world.ts';
import { dataOffset, readZip, type ZipMember } from './zip.ts';

const format = 'pytorch';

/** Opens what torch.save has written since PyTorch 1.6: a zip archive with `data.pkl` and a member for each storage. @throws {CheckpointError} */
export async function openTorchArchive(source: ByteSource): Promise<Checkpoint> {
  const members = await readZip(source);
  const pickles = [...members.values()].filter(({ name }) => /^[^/]*\/data\.pkl$/.test(name));
  const pickle = pickles[0];
  if (pickle === undefined || pickles.length > 1) {
    throw torchFault(source, 'unsupported', `zip archive: expected one NAME/data.pkl, got ${pickles.length}`);
  }
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  await checkByteOrder(source, members.get(`${folder}byteorder`));
  const bytes = await readMember(source, pickle);
  const { value } = parsePickle(source, { bytes, start: 0, world: torchWorld(bytes.length) });
  const memberOf = (storage: Storage): ZipMember | undefined => members.get(`${folder}data/${storage.key}`);
  return torchCheckpoint({
    source,
    root: value,
    pickleBytes: bytes.length,
    locate: async (storage, tensor) => {
      const member = memberOf(storage);
      const size = storage.count * widthOf(storage);
      if (member === undefined)
        throw torchFault(source, 'missing', `tensor ${quote(tensor)}: expected storage ${quote(storage.key)}, got none of that name`, {
          tensor,
        });
      if (member.size !== size) {
        throw torchFault(source, 'malformed', `tensor ${quote(tensor)}: expected a storage of ${size} bytes, got ${member.size}`, {
          tensor,
        });
      }
      return { offset: await dataOffset(source, member), size };
    },
    verify: (storage, data, tensor) => {
      const stored = memberOf(storage)?.checksum ?? 0;
      if (stored === 0 || stored === crc32(data)) return;
      throw torchFault(source, 'checksum', `tensor ${quote(tensor)}: expected the CRC-32 that its archive stores, got another`, { tensor });
    },
  });
}

function widthOf(storage: Storage): number {
  const dtype = storageTypes.get(storage.type);
  return dtype === undefined ? 1 : bytesPerElement[dtype];
}

async function checkByteOrder(source: ByteSource, member: ZipMember | undefined): Promise<void> {
  if (member === undefined) return; // Archives before PyTorch 2.1 do not say: they are little-endian.
  const order = new TextDecoder().decode((await readMember(source, member)).subarray(0, 16));
  if (order !== 'little') throw torchFault(source, 'unsupported', `byte order: expected "little", got ${quote(order)}`);
}

async function readMember(source: ByteSource, member: ZipMember): Promise<Uint8Array> {
  const data = await readRange(source, [await dataOffset(source, member), member.size], { format, what: quote(member.name) });
  if (member.checksum === 0 || member.checksum === crc32(data)) return data;
  throw torchFault(source, 'checksum', `${quote(member.name)}: expected the CRC-32 that its archive stores, got another`, {
    offset: member.header,
  });
}
