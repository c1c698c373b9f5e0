import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import * as tf from '@tensorflow/tfjs';
import { createTfjsEngine } from '@samequestion/bert';
import { createOnnxEngine, toOnnx, type Engine, type Program } from '@samequestion/tfjs-onnx';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { ENCODER_SIZES, encoderStep, type EncoderCase } from './encoder-step.ts';
import { startTorch, type TorchPeer, type TorchStep } from './torch-peer.ts';

type Report = (figure: Figure) => void;

const SHAPES = ['32x32', '32x64', '32x128'];
const DEFAULT_CASES = Object.keys(ENCODER_SIZES).flatMap((size) => SHAPES.map((shape) => `${size}:${shape}`));

const casesFrom = (text: string, dropout: number, threads: number): readonly EncoderCase[] =>
  text.split(',').map((item) => {
    const [name = '', shape = ''] = item.split(':');
    const [batch = 1, length = 1] = shape.split('x').map(Number);
    const size = ENCODER_SIZES[name];
    if (size === undefined)
      throw new RangeError(`encoder bench: expected a size of ${Object.keys(ENCODER_SIZES).join(', ')}, got "${name}".`);
    return { name: `${name} ${shape}`, size, batch, length, dropout, threads };
  });

interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

const timed = async (work: () => Promise<unknown>): Promise<Timing> => {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1e6 };
};

const best = (timings: readonly Timing[]): Timing => ({
  wall: Math.min(...timings.map(({ wall }) => wall)),
  cpu: Math.min(...timings.map(({ cpu }) => cpu)),
});

const ROWS = 2048;
const INNER = 768;
const COLUMNS = 3072;

/** ONNX Runtime's own product, 2048 × 768 × 3072 with a constant right side. */
const matMulSession = async (threads: number): Promise<() => Promise<Timing>> => {
  const { model } = toOnnx(
    ({ x }, { w }) => ({ y: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D) }),
    { x: { dtype: 'float32', shape: [ROWS, INNER] } },
    { weights: { w: { dtype: 'float32', shape: [INNER, COLUMNS], data: new Float32Array(INNER * COLUMNS).fill(0.01) } } },
  );
  const session = await InferenceSession.create(model, threads > 0 ? { intraOpNumThreads: threads } : {});
  const feeds = { x: new Tensor('float32', new Float32Array(ROWS * INNER).fill(0.5), [ROWS, INNER]) };
  const fetches = { y: new Tensor('float32', new Float32Array(ROWS * COLUMNS), [ROWS, COLUMNS]) };
  return async () => timed(async () => session.run(feeds, fetches));
};

/** The largest resident memory while something runs, in bytes, looked at every few milliseconds. */
const watchMemory = (): { readonly stop: () => number } => {
  let peak = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
};

interface Measured {
  readonly product: Timing;
  readonly step: Timing;
  readonly gradients: Timing;
  readonly torch: ReadonlyMap<string, { readonly peer: TorchPeer; readonly steps: readonly TorchStep[] }>;
  readonly peak: number;
}

const WARM = 2;
const PRODUCTS = 20;

/** Takes turns: a product, the step, the gradients alone, PyTorch's steps, so that other load hits all alike. */
const measure = async (item: EncoderCase, repeats: number, python: string | undefined): Promise<Measured> => {
  const encoder = encoderStep(item);
  const product = await matMulSession(item.threads);
  const engine = await createOnnxEngine(item.threads > 0 ? { threads: item.threads } : {});
  const memory = watchMemory();
  const whole = await engine.compile(encoder.step, encoder.signature);
  await whole.load(encoder.state());
  for (let step = 0; step < WARM; step++) await whole.run(encoder.batch(step));
  const peak = memory.stop();
  const part = await engine.compile(encoder.gradients, encoder.signature);
  await part.load(encoder.state());
  const torch = new Map<string, { readonly peer: TorchPeer; readonly steps: TorchStep[] }>();
  for (const type of ['fp32', 'bf16'] as const) {
    const peer = python === undefined ? undefined : await startTorch(python, type, item);
    if (peer !== undefined) torch.set(type, { peer, steps: [] });
  }
  const products: Timing[] = [];
  const steps: Timing[] = [];
  const gradients: Timing[] = [];
  const run = async (program: Program, step: number): Promise<Timing> => {
    const batch = encoder.batch(step);
    return timed(async () => program.run(batch));
  };
  for (let round = -1; round < repeats; round++) {
    for (let i = 0; i < Math.ceil(PRODUCTS / repeats); i++) products.push(await product());
    const pair = [await run(whole, round + 2), await run(part, round + 2)] as const;
    if (round >= 0) {
      steps.push(pair[0]);
      gradients.push(pair[1]);
    }
    for (const { peer, steps: own } of torch.values()) {
      const result = await peer.run();
      if (round >= 0) own.push(result);
    }
  }
  for (const { peer } of torch.values()) await peer.close();
  await engine.dispose();
  return { product: best(products), step: best(steps), gradients: best(gradients), torch, peak };
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const reportCase = async (item: EncoderCase, repeats: number, python: string | undefined, report: Report): Promise<void> => {
  const { flops, computedFlops } = encoderStep(item);
  const { product, step, gradients, torch, peak } = await measure(item, repeats, python);
  const rate = (2 * ROWS * INNER * COLUMNS) / product.wall;
  const cpuRate = (2 * ROWS * INNER * COLUMNS) / product.cpu;
  const load = `load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
  const share = (seconds: Timing, work: number): string =>
    `${percent(work / seconds.wall / rate)} of the MatMul rate, by CPU time ${percent(work / seconds.cpu / cpuRate)}`;
  const add = (name: string, value: number, unit: string, rest: Partial<Figure> = {}): void =>
    report({ name: `${item.name}: ${name}`, value, unit, ...rest });
  add('MatMul 2048 × 768 × 3072', rate / 1e9, 'GFLOP/s', { note: `best of ${PRODUCTS} or more; ${load}` });
  for (const [name, seconds] of [
    ['whole step', step],
    ['forward and backward', gradients],
  ] as const) {
    add(name, seconds.wall, 's', { note: `CPU ${seconds.cpu.toFixed(3)} s; best of ${repeats}` });
    add(`${name}, rate`, flops / seconds.wall / 1e9, 'GFLOP/s', {
      baseline: 'MatMul',
      ratio: flops / seconds.wall / rate,
      note: `${share(seconds, flops)}; counting only what the first-token shortcut leaves to compute, ${share(seconds, computedFlops)}`,
    });
  }
  add("optimizer's share", 1 - gradients.wall / step.wall, 'of the step', {
    note: `clipping and AdamW: the difference of both; by CPU time ${percent(1 - gradients.cpu / step.cpu)}`,
  });
  add('peak memory', peak / 2 ** 20, 'MiB', { note: 'resident, of the process, through compilation and two steps' });
  for (const [type, { peer, steps }] of torch) {
    const seconds = best(steps.map(({ step: wall, stepCpu: cpu }) => ({ wall, cpu })));
    const back = best(steps.map(({ gradients: wall, gradientsCpu: cpu }) => ({ wall, cpu })));
    add(`PyTorch ${peer.version} ${type}, whole step`, seconds.wall, 's', {
      baseline: 'whole step',
      ratio: seconds.wall / step.wall,
      note: `CPU ${seconds.cpu.toFixed(3)} s, ${(seconds.cpu / step.cpu).toFixed(2)} × ours; forward and backward ${back.wall.toFixed(3)} s`,
    });
    add(`PyTorch ${type}, peak memory`, Math.max(...steps.map((one) => one.peak)) / 2 ** 20, 'MiB');
  }
};

/** One eager step of a small batch on a tfjs backend. */
const reportEager = async (backend: string, load: () => unknown, report: Report): Promise<void> => {
  await tf.ready();
  const previous = tf.getBackend();
  try {
    load();
    if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  } catch {
    process.stderr.write(`encoder bench: eager ${backend} skipped: its package is not installed\n`);
    await tf.setBackend(previous);
    return;
  }
  const [item] = casesFrom('4x312:2x16', 0, 0);
  if (item === undefined) return;
  const { step, signature, state, batch, flops } = encoderStep(item);
  const engine = createTfjsEngine({ backend }) as Engine;
  try {
    const program = await engine.compile(step, signature);
    await program.load(state());
    await program.run(batch(0));
    const { wall } = await timed(async () => program.run(batch(1)));
    report({ name: `${item.name}: eager tfjs ${backend}`, value: wall, unit: 's', note: `${(flops / wall / 1e9).toFixed(2)} GFLOP/s` });
  } catch (error) {
    process.stderr.write(
      `encoder bench: eager ${backend} skipped: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`,
    );
  } finally {
    await engine.dispose();
    await tf.setBackend(previous);
  }
};

/**
 * Options by environment: `BENCH_CASES` (`4x312:32x64,…`), `BENCH_REPEATS`, `BENCH_DROPOUT`, `BENCH_THREADS` (0: each engine's
 * choice), `BENCH_PYTHON` (a Python that has torch and transformers).
 */
export const bench: Bench = {
  name: 'encoder',
  about: "bert's whole training step on ONNX Runtime's CPU provider, its share of the MatMul rate, beside PyTorch and eager tfjs in turns.",
  run: async (report) => {
    const setting = (name: string, otherwise: string): string => process.env[`BENCH_${name}`] ?? otherwise;
    const repeats = Number(setting('REPEATS', '5'));
    const python = process.env['BENCH_PYTHON'];
    if (python === undefined)
      process.stderr.write('encoder bench: PyTorch skipped: name a Python that has torch and transformers in BENCH_PYTHON\n');
    const cases = casesFrom(setting('CASES', DEFAULT_CASES.join(',')), Number(setting('DROPOUT', '0.1')), Number(setting('THREADS', '0')));
    for (const item of cases) await reportCase(item, repeats, python, report);
    const require = createRequire(import.meta.url);
    await reportEager('cpu', () => undefined, report);
    await reportEager('wasm', () => require('@tensorflow/tfjs-backend-wasm'), report);
    await reportEager('tensorflow', () => require('@tensorflow/tfjs-node'), report);
  },
};
