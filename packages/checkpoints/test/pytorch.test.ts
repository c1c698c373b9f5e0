import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, bytesSource, openCheckpoint, toFloat32, type Checkpoint } from '@samequestion/checkpoints';
import { archiveOf, legacyOf, PickleWriter, zipOf, type StorageToWrite } from './writers/pytorch.ts';

const counted = Float32Array.from({ length: 24 }, (_, i) => i);
const storage: StorageToWrite = { dtype: 'F32', key: '0', count: 24 };
const start = (): PickleWriter => new PickleWriter().protocol();

/** Opens an archive with the pickle and a storage of 24 numbers. */
function openPickle(pickle: PickleWriter): Promise<Checkpoint> {
  return openCheckpoint(bytesSource(archiveOf(pickle.done(), { 0: bytesOf(counted) }), 'x.bin'));
}

describe('a PyTorch file', () => {
  it('gives any view of a storage in row-major order', async () => {
    const axis = fc.record({ size: fc.nat(4), stride: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(axis, { maxLength: 4 }), fc.nat(8), async (axes, offset) => {
        const shape = axes.map(({ size }) => size);
        const strides = axes.map(({ stride }) => stride);
        const last = offset + axes.reduce((sum, { size, stride }) => sum + Math.max(0, size - 1) * stride, 0);
        fc.pre(last < 24);
        const expected = axes.reduce(
          (starts, { size, stride }) => starts.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * stride)),
          [offset],
        );
        const checkpoint = await openPickle(start().tensor(storage, { offset, shape, strides }).op('.'));
        expect(checkpoint.info('tensor').shape).toEqual(shape);
        expect([...toFloat32(await checkpoint.read('tensor'))]).toEqual(expected);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('names tensors by the path to them, and lists the rest as skipped', async () => {
    const pickle = start().op('}(');
    pickle
      .string('model')
      .global('collections', 'OrderedDict')
      .op(')R(')
      .string('a')
      .tensor(storage, { shape: [2] })
      .op('u');
    pickle.op('}').string('_metadata').op('}sb'); // state_dict()'s attributes
    pickle.string('list').op('](').tensor(storage, { shape: [], offset: 5 }).op('K\x05e');
    pickle.integer(7).tensor(storage, { shape: [1] });
    pickle
      .string('step')
      .integer(-3)
      .string('rate')
      .op('G')
      .bytes(new Uint8Array(8))
      .string('long')
      .integer(2 ** 40);
    pickle.string('dtype').global('torch', 'float32').string('none').op('N').string('flag').op('\x88').op('u.');
    const checkpoint = await openPickle(pickle);
    expect(checkpoint.names()).toEqual(['model.a', 'list.0', '7']);
    expect([...toFloat32(await checkpoint.read('list.0'))]).toEqual([5]);
    expect(checkpoint.skipped.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'list.1: no tensor but number',
      'step: no tensor but number',
      'rate: no tensor but number',
      'long: no tensor but number',
      'dtype: no tensor but torch.float32',
      'none: no tensor but None',
      'flag: no tensor but boolean',
    ]);
  });

  it('gives parameters and tensor subclasses as tensors', async () => {
    const pickle = start().op('}(');
    pickle
      .string('parameter')
      .global('torch._utils', '_rebuild_parameter')
      .op('(')
      .tensor(storage, { shape: [2] })
      .op('\x88}tR');
    pickle.string('buffer').global('torch._tensor', '_rebuild_from_type_v2').op('(');
    pickle.global('torch._utils', '_rebuild_tensor_v2').global('torch.nn.parameter', 'Parameter');
    pickle.op('(').storage(storage).integer(1).tuple([2]).tuple([1]).op('\x89}t}tRu.');
    const checkpoint = await openPickle(pickle);
    expect([...toFloat32(await checkpoint.read('parameter'))]).toEqual([0, 1]);
    expect([...toFloat32(await checkpoint.read('buffer'))]).toEqual([1, 2]);
  });

  it('is read with zip64 fields, an archive comment, and no checksums', async () => {
    const pickle = start()
      .tensor(storage, { shape: [24] })
      .op('.')
      .done();
    const name = 'archive/data.pkl';
    const files = [
      archiveOf(pickle, { 0: bytesOf(counted) }, { zip64: true }),
      archiveOf(pickle, { 0: bytesOf(counted) }, { comment: 'PK\u0005\u0006 is not the end' }),
      zipOf([
        { name, data: pickle, crc: 0 },
        { name: 'archive/data/0', data: bytesOf(counted), crc: 0 },
      ]),
    ];
    for (const file of files) {
      const checkpoint = await openCheckpoint(bytesSource(file));
      expect(toFloat32(await checkpoint.read('tensor'))).toEqual(counted);
    }
  });

  it('is read with the opcodes of protocol 4', async () => {
    const pickle = new PickleWriter().protocol(4).op('\x95').uint64(100).op('}\x94(\x8c').byte(1).text('a');
    pickle.op('\x8c').byte(12).text('torch._utils').op('\x8c').byte(18).text('_rebuild_tensor_v2').op('\x93\x94');
    pickle.op('(').storage(storage).integer(0).tuple([2]).op('K\x01\x85').op('\x89').op('h\x01').op('0}tR\x94u.');
    const checkpoint = await openPickle(pickle);
    expect([...toFloat32(await checkpoint.read('a'))]).toEqual([0, 1]);
  });

  it('may be of the kind before zip, with views of storages', async () => {
    const view = { key: 'v', offset: 4, count: 3 };
    const pickle = start()
      .op('}(')
      .string('a')
      .tensor({ ...storage, view: null }, { shape: [24] });
    pickle
      .string('b')
      .tensor({ ...storage, view }, { shape: [2], offset: 1 })
      .op('u.');
    const checkpoint = await openCheckpoint(bytesSource(legacyOf(pickle.done(), [{ key: '0', count: 24, data: bytesOf(counted) }])));
    expect(toFloat32(await checkpoint.read('a'))).toEqual(counted);
    expect([...toFloat32(await checkpoint.read('b'))]).toEqual([5, 6]);
  });

  it('may be of the kind before zip, with pickles longer than the first read', async () => {
    const pickle = start()
      .op('}(')
      .string('text')
      .string('x'.repeat(3_000_000))
      .string('a')
      .tensor({ ...storage, view: null }, { shape: [24] })
      .op('u.');
    const checkpoint = await openCheckpoint(bytesSource(legacyOf(pickle.done(), [{ key: '0', count: 24, data: bytesOf(counted) }])));
    expect(toFloat32(await checkpoint.read('a'))).toEqual(counted);
  });

  it('lists complex and quantised tensors as skipped', async () => {
    const pickle = start().global('torch._utils', '_rebuild_tensor_v2').op('((').string('storage').global('torch', 'ComplexFloatStorage');
    pickle.string('0').string('cpu').integer(2).op('tQ').integer(0).tuple([2]).tuple([1]).op('\x89}tR.');
    expect((await openPickle(pickle)).skipped).toEqual([{ name: 'tensor', reason: 'elements of a torch.ComplexFloatStorage' }]);
  });
});
