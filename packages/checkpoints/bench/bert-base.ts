import type { TensorRecord } from '@samequestion/checkpoints';

const hidden = 768;
const inner = 3072;
const layers = 12;

/** The tensors of bert-base-chinese, with arbitrary values. They share memory, so that making the files needs little. */
export function bertBase(): readonly TensorRecord[] {
  const vocabulary = 21_128;
  const values = Float32Array.from({ length: vocabulary * hidden }, (_, i) => Math.sin(i) * 0.02);
  const tensor = (name: string, shape: readonly number[]): TensorRecord => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer, 0, count * 4) };
  };
  const linear = (name: string, [to, from]: readonly [number, number]): TensorRecord[] => [
    tensor(`${name}.weight`, [to, from]),
    tensor(`${name}.bias`, [to]),
  ];
  const norm = (name: string): TensorRecord[] => [tensor(`${name}.weight`, [hidden]), tensor(`${name}.bias`, [hidden])];
  const embeddings = [
    ['word', vocabulary],
    ['position', 512],
    ['token_type', 2],
  ] as const;
  const records = embeddings.map(([kind, rows]) => tensor(`bert.embeddings.${kind}_embeddings.weight`, [rows, hidden]));
  records.push(...norm('bert.embeddings.LayerNorm'), ...linear('bert.pooler.dense', [hidden, hidden]));
  for (let layer = 0; layer < layers; layer++) {
    const name = `bert.encoder.layer.${layer}`;
    for (const part of ['self.query', 'self.key', 'self.value', 'output.dense'])
      records.push(...linear(`${name}.attention.${part}`, [hidden, hidden]));
    records.push(...linear(`${name}.intermediate.dense`, [inner, hidden]), ...linear(`${name}.output.dense`, [hidden, inner]));
    records.push(...norm(`${name}.attention.output.LayerNorm`), ...norm(`${name}.output.LayerNorm`));
  }
  return records;
}
