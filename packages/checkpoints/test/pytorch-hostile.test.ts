import { describe, expect, it } from 'vitest';
import { bytesOf, bytesSource, CheckpointError, openCheckpoint } from '@samequestion/checkpoints';
import { archiveOf, legacyOf, PickleWriter, zipOf, type StorageToWrite } from './writers/pytorch.ts';

const counted = Float32Array.from({ length: 24 }, (_, i) => i);
const storage: StorageToWrite = { dtype: 'F32', key: '0', count: 24 };
const start = (): PickleWriter => new PickleWriter().protocol();

async function faultOf(file: Uint8Array, read?: string): Promise<CheckpointError> {
  try {
    const checkpoint = await openCheckpoint(bytesSource(file, 'x.bin'));
    if (read !== undefined) await checkpoint.read(read);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  throw new Error('no error');
}
const pickleFault = (pickle: PickleWriter, read?: string): Promise<CheckpointError> =>
  faultOf(archiveOf(pickle.done(), { 0: bytesOf(counted) }), read);

describe('a PyTorch file with code', () => {
  const call = (module: string, name: string): PickleWriter => start().global(module, name).op('(').string('touch executed').op('tR.');

  it.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['__builtin__', 'getattr'],
    ['torch', 'load'],
    ['torch.storage', '_load_from_bytes'],
    ['torch._utils', '__builtins__'],
    ['collections', 'OrderedDict.fromkeys'],
    ['constructor', 'constructor'],
    ['__proto__', 'x'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['__main__', 'Model'],
  ])('names %s.%s in its error', async (module, name) => {
    const error = await pickleFault(call(module, name));
    expect(error.fault).toBe('forbidden');
    expect(error.message).toContain(`got the code object "${module}.${name}" (x.bin). Nothing of it was run.`);
    const legacy = await faultOf(legacyOf(call(module, name).done(), []));
    expect(legacy.fault).toBe('forbidden');
  });

  it('is refused even if the name is never called', async () => {
    const error = await pickleFault(start().op('}').string('a').global('os', 'system').op('s.'));
    expect(error).toMatchObject({ fault: 'forbidden', message: expect.stringContaining('"os.system"') as string });
  });

  it.each<[string, PickleWriter]>([
    ['STACK_GLOBAL', new PickleWriter().protocol(4).string('os').string('system').op('\x93.')],
    ['INST', start().op('(').string('ls').op('i').text('os\nsystem\n').op('.')],
    ['NEWOBJ', start().global('subprocess', 'Popen').op(')\x81.')],
    [
      'BUILD on a tensor',
      start()
        .tensor(storage, { shape: [1] })
        .op('}b.'),
    ],
    ['BUILD with a class’s setter', start().global('torch', 'Tensor').op('}').string('__setstate__').integer(1).op('sb.')],
  ])('is refused by way of %s', async (_, pickle) => {
    expect((await pickleFault(pickle)).fault).toBe('forbidden');
  });

  it.each<[string, PickleWriter]>([
    ['a call of a class that is only a name', start().global('torch', 'Tensor').op(')R.')],
    ['a call of text', start().string('eval').op(')R.')],
    [
      'a subclass rebuilt by another function',
      start()
        .global('torch._tensor', '_rebuild_from_type_v2')
        .op('(')
        .global('collections', 'OrderedDict')
        .global('torch', 'Tensor')
        .op(')}tR.'),
    ],
    ['an extension code', start().op('\x82\x01.')],
    ['OBJ', start().op('(').global('torch', 'Tensor').op('o.')],
  ])('is refused for %s', async (_, pickle) => {
    expect(['malformed', 'unsupported']).toContain((await pickleFault(pickle)).fault);
  });
});

describe('a damaged PyTorch file', () => {
  const tensor = (view: Parameters<PickleWriter['tensor']>[1], from = storage): PickleWriter => start().tensor(from, view).op('.');

  it.each<[name: string, pickle: PickleWriter, fault: string, message: string]>([
    ['a view past its storage', tensor({ shape: [25] }), 'malformed', 'a view of 24 elements'],
    ['an offset past its storage', tensor({ shape: [1], offset: 24 }), 'malformed', 'up to element 24'],
    ['a stride past its storage', tensor({ shape: [2, 2], strides: [1, 24] }), 'malformed', 'up to element 25'],
    ['a negative stride', tensor({ shape: [2], strides: [-1] }), 'malformed', 'got -1'],
    [
      'a tensor larger than the file, by strides of 0',
      tensor({ shape: [1_000_000, 1_000_000], strides: [0, 0] }),
      'malformed',
      "at most the file's",
    ],
    ['a shape that overflows', tensor({ shape: [2 ** 30, 2 ** 30, 2 ** 30], strides: [0, 0, 0] }), 'malformed', 'more than 2^53'],
    ['more sizes than strides', tensor({ shape: [1, 1], strides: [1] }), 'malformed', 'one stride for each size'],
    ['too many dimensions', tensor({ shape: Array.from({ length: 65 }, () => 1) }), 'malformed', 'at most 64 sizes'],
    ['a storage that is not there', tensor({ shape: [1] }, { ...storage, key: '9' }), 'missing', 'storage "9"'],
    ['a storage of another size', tensor({ shape: [1] }, { ...storage, count: 25 }), 'malformed', 'storage of 100 bytes, got 96'],
    ['a pickle without an end', start().op('}'), 'truncated', 'expected its end'],
    ['an empty stack', start().op('.'), 'malformed', 'a value on the stack'],
    ['a memo that is not set', start().op('h\x05.'), 'malformed', 'memo 5'],
    ['a mark that is not there', start().op('t.'), 'malformed', 'a mark'],
    ['a value below the mark', start().op('N(0.'), 'malformed', 'a value on the stack'],
    ['text longer than the file', start().op('X').uint32(0xffffffff), 'truncated', 'expected its end'],
    [
      'bytes longer than any file',
      start()
        .op('\x8e')
        .uint64(2n ** 63n),
      'malformed',
      'below 2^53',
    ],
    ['an endless integer', start().op('\x8b').uint32(100).bytes(new Uint8Array(100)).op('.'), 'unsupported', 'up to 64 bytes'],
    ['a protocol of the future', start().protocol(9).op('.'), 'unsupported', 'protocol 0 to 5'],
    ['an opcode that is none', start().op('\xff.'), 'malformed', '0xff'],
    ['an opcode that makes sets', start().op('\x8f.'), 'unsupported', '0x8f'],
    ['a key without a value', start().op('}(Nu.'), 'malformed', 'one too few'],
    ['items for what is no dict', start().op('](NNu.'), 'malformed', 'a dict to fill, got list'],
    ['items for what is no list', start().op('}Na.'), 'malformed', 'a list to fill, got dict'],
    ['a dict with a tuple as key', start().op('}()Nu.'), 'unsupported', "dict's key"],
    [
      'the same name twice',
      start()
        .op('}')
        .string('a.b')
        .tensor(storage, { shape: [1] })
        .op('s')
        .string('a')
        .op('}')
        .string('b')
        .tensor(storage, { shape: [1] })
        .op('ss.'),
      'malformed',
      'each name once',
    ],
    ['a list that holds itself', start().op(']q\x00h\x00a.'), 'malformed', 'at most 32 levels'],
    [
      'a storage class that is none',
      start().op('(').string('storage').global('torch', 'Size').string('0').string('cpu').integer(1).op('tQ.'),
      'malformed',
      'a storage class, got torch.Size',
    ],
  ])('is refused for %s', async (_, pickle, fault, message) => {
    const error = await pickleFault(pickle, 'tensor');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
    expect(error.fault).toBe(fault);
  });

  it('is refused when shared lists double at each level', async () => {
    const pickle = start().op(']q\x00');
    for (let level = 1; level < 30; level++)
      pickle
        .op('](h')
        .byte(level - 1)
        .op('h')
        .byte(level - 1)
        .op('eq')
        .byte(level);
    expect((await pickleFault(pickle.op('.'))).message).toContain('in proportion to the file');
  });

  it('is refused when one long argument is copied again and again', async () => {
    const pickle = start().op('(').op('](').op('))\x86'.repeat(2000)).op('e\x85q\x00').global('collections', 'OrderedDict').op('q\x01');
    pickle.op('h\x01h\x00R'.repeat(3000)).op('t.');
    expect((await pickleFault(pickle)).message).toContain('copied again and again');
  });

  const pickle = start()
    .tensor(storage, { shape: [24] })
    .op('.')
    .done();
  const name = 'archive/data.pkl';
  const data = { name: 'archive/data/0', data: bytesOf(counted) };
  it.each<[name: string, file: Uint8Array, fault: string, message: string]>([
    ['compressed members', zipOf([{ name, data: pickle, method: 8 }, data]), 'unsupported', 'compression method 8'],
    ['encrypted members', zipOf([{ name, data: pickle, flags: 1 }, data]), 'unsupported', 'encryption'],
    ['members of one name', zipOf([{ name, data: pickle }, data, data]), 'malformed', 'each name once'],
    [
      'overlapping members',
      zipOf([
        { name, data: pickle },
        { ...data, header: 10 },
      ]),
      'malformed',
      'do not overlap',
    ],
    [
      'a member past the end',
      zipOf([
        { name, data: pickle },
        { ...data, header: 2 ** 31 },
      ]),
      'malformed',
      'do not overlap',
    ],
    ['a wrong count of members', zipOf([{ name, data: pickle }, data], { count: 3 }), 'malformed', '3 members, got'],
    ['no pickle', zipOf([data]), 'unsupported', 'one NAME/data.pkl, got 0'],
    ['two pickles', zipOf([{ name, data: pickle }, { name: 'b/data.pkl', data: pickle }, data]), 'unsupported', 'got 2'],
    ['a cut-off archive', archiveOf(pickle, { 0: data.data }).slice(0, -1), 'truncated', "archive's end"],
    ['a wrong checksum of the pickle', zipOf([{ name, data: pickle, crc: 1 }, data]), 'checksum', 'CRC-32'],
    [
      'a wrong checksum of a storage',
      zipOf([
        { name, data: pickle },
        { ...data, crc: 1 },
      ]),
      'checksum',
      'tensor "tensor"',
    ],
    [
      'big-endian data',
      zipOf([
        { name, data: pickle },
        { name: 'archive/byteorder', data: new TextEncoder().encode('big') },
      ]),
      'unsupported',
      'got "big"',
    ],
  ])('is refused for %s', async (_, file, fault, message) => {
    const error = await faultOf(file, 'tensor');
    expect(error.message).toContain(message);
    expect(error.fault).toBe(fault);
  });

  const old = start()
    .tensor({ ...storage, view: null }, { shape: [24] })
    .op('.')
    .done();
  const stored = { key: '0', count: 24, data: bytesOf(counted) };
  it.each<[name: string, file: Uint8Array, fault: string, message: string]>([
    ['another magic number', legacyOf(old, [stored]).with(5, 0), 'unsupported', 'magic number'],
    ['big-endian data', legacyOf(old, [stored], false), 'unsupported', 'little_endian'],
    ['a storage that is not there', legacyOf(old, []), 'missing', 'storage "0"'],
    ['a storage twice', legacyOf(old, [stored, stored]), 'malformed', 'each key of the pickle once'],
    ['a storage that no tensor has', legacyOf(old, [stored, { ...stored, key: '1' }]), 'malformed', 'got "1"'],
    ['a storage of another size', legacyOf(old, [{ ...stored, count: 23 }]), 'malformed', '24 elements, got 23'],
    ['a cut-off storage', legacyOf(old, [stored]).slice(0, -1), 'truncated', 'end of the file'],
    ['a cut-off pickle', legacyOf(old, [stored]).slice(0, 60), 'truncated', 'expected its end'],
    [
      'views that disagree',
      legacyOf(
        start()
          .op('(')
          .tensor({ ...storage, view: null }, { shape: [1] })
          .tensor({ ...storage, count: 23, view: null }, { shape: [1] })
          .op('t.')
          .done(),
        [stored],
      ),
      'malformed',
      'got two',
    ],
    [
      'a view past its storage',
      legacyOf(
        start()
          .tensor({ ...storage, view: { key: 'v', offset: 20, count: 5 } }, { shape: [1] })
          .op('.')
          .done(),
        [stored],
      ),
      'malformed',
      'a view within 24',
    ],
  ])('of the kind before zip is refused for %s', async (_, file, fault, message) => {
    const error = await faultOf(file, 'tensor');
    expect(error.message).toContain(message);
    expect(error.fault).toBe(fault);
  });
});
