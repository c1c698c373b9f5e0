import { writeFile } from 'node:fs/promises';
import { createOnnxEngine, type NodeReport, type OnnxEngineOptions } from '@samequestion/tfjs-onnx';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { BERT_SIZES, bertBatch, bertSignature, bertState, bertStep, stepFlops, type BertSize } from './bert-step.ts';

interface Case {
  readonly name: string;
  readonly size: BertSize;
  readonly batch: number;
  readonly length: number;
}

/** `4x312:128x128,12x768:32x64`: sizes, batches and lengths. The default is small enough for a software GPU. */
const casesFrom = (text: string): readonly Case[] =>
  text.split(',').map((item) => {
    const [name = '', shape = ''] = item.split(':');
    const [batch = 1, length = 1] = shape.split('x').map(Number);
    const size = BERT_SIZES[name];
    if (size === undefined) throw new RangeError(`webgpu bench: expected a size of ${Object.keys(BERT_SIZES).join(', ')}, got "${name}".`);
    return { name: `${name} ${shape}`, size, batch, length };
  });

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const summarize = (nodes: readonly NodeReport[]): readonly (readonly [string, number, number])[] => {
  const byOp = new Map<string, readonly [number, number]>();
  for (const { op, microseconds } of nodes) {
    const [count, total] = byOp.get(op) ?? [0, 0];
    byOp.set(op, [count + 1, total + microseconds]);
  }
  return [...byOp].map(([op, [count, total]]) => [op, count, total] as const).toSorted((a, b) => b[2] - a[2]);
};

const measure = async (
  { name, size, batch, length }: Case,
  options: OnnxEngineOptions,
  report: (figure: Figure) => void,
): Promise<void> => {
  const steps = Number(process.env['BENCH_STEPS'] ?? 3);
  const engine = await createOnnxEngine({ provider: 'webgpu', ...options });
  const label = `${name} ${options.precision ?? 'float32'}${size.dropout ? '' : ' without dropout'}`;
  try {
    const started = performance.now();
    const program = await engine.compile(bertStep(size), bertSignature(size));
    await program.load(bertState(size));
    const values = bertBatch(size, batch, length);
    let first = NaN;
    let last = NaN;
    const seconds: number[] = [];
    for (let step = -2; step < steps; step++) {
      const from = performance.now();
      const outputs = await program.run(values);
      if (step >= 0) seconds.push((performance.now() - from) / 1000);
      last = outputs['loss']?.data[0] ?? NaN;
      if (Number.isNaN(first)) {
        first = last;
        report({ name: `${label}: to the first loss`, value: (performance.now() - started) / 1000, unit: 's' });
      }
    }
    const flops = stepFlops(size, batch, length);
    const second = median(seconds);
    report({
      name: `${label}: step`,
      value: second,
      unit: 's',
      note: `loss ${first.toFixed(4)} → ${last.toFixed(4)}; best ${Math.min(...seconds).toFixed(4)} s`,
    });
    report({
      name: `${label}: rate`,
      value: flops / second / 1e12,
      unit: 'TFLOP/s',
      note: `${Math.round((batch * length) / second)} tokens/s`,
    });
    const nodes = await program.explain(values);
    const elsewhere = nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider');
    report({
      name: `${label}: nodes`,
      value: nodes.length,
      unit: 'nodes',
      note: `${elsewhere.length} of them not on the GPU ${elsewhere.map(({ op }) => op).join(' ')}`,
    });
    const total = nodes.reduce((sum, { microseconds }) => sum + microseconds, 0);
    report({
      name: `${label}: time in shaders`,
      value: total / 1e6,
      unit: 's',
      note: summarize(nodes)
        .slice(0, 12)
        .map(([op, count, time]) => `${op}×${count} ${(time / 1e3).toFixed(2)} ms`)
        .join(', '),
    });
    const folder = process.env['BENCH_PROFILES'];
    if (folder !== undefined)
      await writeFile(
        `${folder}/${label.replaceAll(/\W+/g, '-')}.json`,
        JSON.stringify(nodes.toSorted((a, b) => b.microseconds - a.microseconds).slice(0, 400)),
      );
    await program.dispose();
  } finally {
    await engine.dispose();
  }
};

export const bench: Bench = {
  name: 'webgpu',
  about: 'a whole BERT training step (forward, backward, clip, AdamW) on WebGPU, float32 and float16 products, with and without dropout',
  run: async (report) => {
    for (const item of casesFrom(process.env['BENCH_CASES'] ?? '4x312:2x16')) {
      for (const precision of ['float32', 'float16'] as const) {
        for (const dropout of [false, true]) {
          try {
            await measure({ ...item, size: { ...item.size, dropout } }, { precision }, report);
          } catch (error) {
            report({
              name: `${item.name} ${precision}`,
              value: NaN,
              unit: 's',
              note: (error instanceof Error ? error.message : String(error)).slice(0, 200),
            });
          }
        }
      }
    }
  },
};
