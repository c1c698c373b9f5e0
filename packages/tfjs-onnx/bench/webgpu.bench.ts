import { writeFile } from 'node:fs/promises';
import {
  createOnnxEngine,
  describeAdapter,
  outlineStep,
  type NodeReport,
  type OnnxEngine,
  type OnnxProgram,
} from '@samequestion/tfjs-onnx';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { casesFrom, gpuStep, productRate, type GpuCase, type Precision } from './gpu-step.ts';
import { torchKey, torchSteps, type TorchFigures } from './torch-steps.ts';

const MIB = 2 ** 20;

interface Settings {
  readonly cases: readonly GpuCase[];
  readonly steps: number;
  readonly dropout: number;
  /** A folder for the slowest nodes of each case. */
  readonly profiles: string | undefined;
  readonly torch: TorchFigures | undefined;
  readonly report: (figure: Figure) => void;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Operators by the time of their shaders. */
const summarize = (nodes: readonly NodeReport[]): string => {
  const byOp = new Map<string, { count: number; microseconds: number }>();
  for (const { op, microseconds } of nodes) {
    const sum = byOp.get(op) ?? { count: 0, microseconds: 0 };
    byOp.set(op, { count: sum.count + 1, microseconds: sum.microseconds + microseconds });
  }
  return [...byOp]
    .toSorted(([, a], [, b]) => b.microseconds - a.microseconds)
    .slice(0, 12)
    .map(([op, { count, microseconds }]) => `${op}×${count} ${(microseconds / 1e3).toFixed(2)} ms`)
    .join(', ');
};

const reportNodes = async (label: string, nodes: readonly NodeReport[], { report, profiles }: Settings): Promise<void> => {
  const elsewhere = nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider').map(({ op }) => op);
  report({
    name: `${label}: nodes`,
    value: nodes.length,
    unit: 'nodes',
    note: `${elsewhere.length} not on the GPU ${elsewhere.join(' ')}`,
  });
  const total = nodes.reduce((sum, { microseconds }) => sum + microseconds, 0);
  report({ name: `${label}: time in shaders`, value: total / 1e6, unit: 's', note: summarize(nodes) });
  if (profiles === undefined) return;
  const slowest = nodes.toSorted((a, b) => b.microseconds - a.microseconds).slice(0, 400);
  await writeFile(`${profiles}/${label.replaceAll(/\W+/g, '-')}.json`, JSON.stringify(slowest));
};

/** Seconds of each step after two to warm up, and the losses of the first and the last. */
const timeSteps = async (
  program: OnnxProgram,
  batch: (step: number) => Parameters<OnnxProgram['run']>[0],
  steps: number,
): Promise<{ readonly seconds: readonly number[]; readonly losses: readonly number[] }> => {
  const seconds: number[] = [];
  const losses: number[] = [];
  for (let step = 0; step < steps + 2; step++) {
    const values = batch(step);
    const from = performance.now();
    const { loss } = await program.run(values);
    if (step >= 2) seconds.push((performance.now() - from) / 1000);
    losses.push(loss?.data[0] ?? NaN);
  }
  return { seconds, losses };
};

interface Measured {
  readonly item: GpuCase;
  readonly precision: Precision;
  readonly label: string;
  readonly second: number;
  readonly computed: number;
}

const reportShares = ({ item, precision, label, second, computed }: Measured, product: number, { report, torch }: Settings): void => {
  const rate = computed / second;
  report({
    name: `${label}: rate of what is computed`,
    value: rate / 1e12,
    unit: 'TFLOP/s',
    ratio: rate / product,
    baseline: "ONNX Runtime's products in this run",
  });
  const types = precision === 'float32' ? ['fp32', 'tf32'] : ['fp16'];
  for (const type of types) {
    const peak = torch?.peaks.get(type);
    const own = torch?.steps.get(torchKey(item.name, type));
    if (peak !== undefined)
      report({
        name: `${label}: share of PyTorch's ${type} product`,
        value: (100 * rate) / peak,
        unit: '%',
        note: `${(peak / 1e12).toFixed(2)} TFLOP/s`,
      });
    if (own !== undefined)
      report({
        name: `${label}: PyTorch ${type}, the same step`,
        value: own,
        unit: 's',
        ratio: own / second,
        baseline: 'this step',
        note: `torch ${torch?.version ?? ''}`,
      });
  }
};

const measure = async (item: GpuCase, precision: Precision, engine: OnnxEngine, product: number, settings: Settings): Promise<void> => {
  const { dropout, steps, report } = settings;
  const label = `${item.name} ${precision}`;
  const { step, signature, state, batch, flops, computedFlops } = gpuStep(item, precision, dropout);
  const { memory } = outlineStep(step, signature, { provider: 'webgpu', precision });
  const { peak, largest } = memory({ batch: item.batch, length: item.length });
  report({
    name: `${label}: intermediate values, by the graph`,
    value: peak / MIB,
    unit: 'MiB',
    note: `the largest ${(largest.bytes / MIB).toFixed(0)} MiB of ${largest.op}`,
  });
  const started = performance.now();
  const program = await engine.compile(step, signature);
  await program.load(state());
  report({ name: `${label}: to compile and load`, value: (performance.now() - started) / 1000, unit: 's' });
  const { seconds, losses } = await timeSteps(program, batch, steps);
  const second = median(seconds);
  const tokens = Math.round((item.batch * item.length) / second).toLocaleString('en');
  report({
    name: `${label}: step`,
    value: second,
    unit: 's',
    note: `${tokens} tokens/s; ${(flops / second / 1e12).toPrecision(3)} TFLOP/s as counted for all layers; loss ${losses[0]?.toFixed(4)} → ${losses.at(-1)?.toFixed(4)}; best ${Math.min(...seconds).toFixed(4)} s`,
  });
  reportShares({ item, precision, label, second, computed: computedFlops }, product, settings);
  await reportNodes(label, await program.explain(batch(0)), settings);
  await program.dispose();
};

const measureAll = async (precision: Precision, settings: Settings): Promise<void> => {
  const { report, cases } = settings;
  const engine = await createOnnxEngine({ provider: 'webgpu', precision });
  const said = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  try {
    const { rate, size } = await productRate(engine);
    report({ name: `products ${precision}`, value: rate / 1e12, unit: 'TFLOP/s', note: `${size}, a chain of 16 in one run` });
    for (const item of cases)
      await measure(item, precision, engine, rate, settings).catch((error: unknown) =>
        report({ name: `${item.name} ${precision}: step`, value: NaN, unit: 's', note: said(error) }),
      );
  } catch (error) {
    report({ name: `products ${precision}`, value: NaN, unit: 'TFLOP/s', note: said(error) });
  } finally {
    await engine.dispose();
  }
};

const torchFigures = async (cases: readonly GpuCase[], steps: number, dropout: number): Promise<TorchFigures | undefined> => {
  const python = process.env['BENCH_PYTHON'];
  if (python === undefined) {
    process.stderr.write('webgpu bench: PyTorch skipped: name a Python that has torch and transformers in BENCH_PYTHON\n');
    return undefined;
  }
  const device = process.env['BENCH_TORCH_DEVICE'] ?? 'cuda';
  const types = device === 'cuda' ? ['fp32', 'tf32', 'fp16'] : ['fp32'];
  return torchSteps({ python, device, types, cases: cases.map(({ name }) => name), steps, dropout }).catch((error: unknown) => {
    process.stderr.write(`webgpu bench: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
};

/**
 * Settings: `BENCH_CASES` (`4x312:128x128,…`), `BENCH_STEPS`, `BENCH_DROPOUT`, `BENCH_PROFILES` (a folder), `BENCH_PYTHON` and
 * `BENCH_TORCH_DEVICE` (`cuda`) for the same steps in PyTorch. The default is small enough for a software GPU.
 */
export const bench: Bench = {
  name: 'webgpu',
  about:
    'the whole training step (forward, backward, clip, AdamW) on WebGPU, products in float32 and float16, beside its products alone and PyTorch',
  run: async (report) => {
    const cases = casesFrom(process.env['BENCH_CASES'] ?? '1x64:2x8');
    const steps = Number(process.env['BENCH_STEPS'] ?? 3);
    const dropout = Number(process.env['BENCH_DROPOUT'] ?? 0.1);
    const { name = 'unknown', driver = 'unknown', float16 } = await describeAdapter();
    report({ name: `adapter ${name}`, value: Number(float16), unit: 'float16', note: driver });
    const torch = await torchFigures(cases, steps, dropout);
    const settings = { cases, steps, dropout, profiles: process.env['BENCH_PROFILES'], torch, report };
    for (const precision of ['float32', 'float16'] as const) await measureAll(precision, settings);
  },
};
