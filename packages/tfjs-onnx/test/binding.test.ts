import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';

/** A protobuf field that holds bytes. */
const field = (number: number, ...parts: readonly (string | readonly number[])[]): readonly number[] => {
  const content = parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part));
  const { length } = content;
  return [number * 8 + 2, ...(length < 128 ? [length] : [(length & 127) | 128, length >> 7]), ...content];
};
const integer = (number: number, value: number): readonly number[] => [number * 8, value];

/** y = x + x of one float32 vector; before it an output `halt`, an empty sequence. */
const model = (): Uint8Array => {
  const vector = field(1, integer(1, 1), field(2, field(1, field(2, 'count'))));
  const sequence = field(4, field(1, vector));
  const graph = field(
    7,
    field(1, field(2, 'halt'), field(4, 'SequenceEmpty')),
    field(1, field(1, 'x'), field(1, 'x'), field(2, 'y'), field(4, 'Add')),
    field(2, 'double'),
    field(11, field(1, 'x'), field(2, vector)),
    field(12, field(1, 'halt'), field(2, sequence)),
    field(12, field(1, 'y'), field(2, vector)),
  );
  return Uint8Array.from([...integer(1, 8), ...graph, ...field(8, field(1, ''), integer(2, 18))]);
};

const tensor = (...values: readonly number[]): Tensor => new Tensor('float32', Float32Array.from(values), [values.length]);

// The engine's runs rely on both. If one fails after an update of ONNX Runtime: does its binding still copy outputs that were given a place?
describe("ONNX Runtime's Node binding", () => {
  it('copies an output that it has written to a place it was given', async () => {
    const session = await InferenceSession.create(model());
    const place = tensor(0, 0, 0);
    const { y } = await session.run({ x: tensor(1, 2, 3) }, { y: place });
    expect([...(place.data as Float32Array)]).toEqual([2, 4, 6]);
    expect(y).not.toBe(place);
    await session.release();
  });

  it('refuses a sequence, before which nothing is copied and after which everything is in its place', async () => {
    const session = await InferenceSession.create(model());
    const place = tensor(0, 0, 0);
    await expect(session.run({ x: tensor(1, 2, 3) }, { halt: null, y: place })).rejects.toThrow(
      'Non tensor type is temporarily not supported',
    );
    expect([...(place.data as Float32Array)]).toEqual([2, 4, 6]);
    await session.release();
  });
});
