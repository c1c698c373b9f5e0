// One case of the encoder bench in a process of its own, so that its peak of memory is its own: measures and sends figures.
import { loadavg } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import * as tf from '@tensorflow/tfjs';
import { createOnnxEngine, toOnnx, type NodeReport, type Program } from '@samequestion/tfjs-onnx';
import type { Figure } from '../../../tools/bench-types.ts';
import { encoderStep, type EncoderCase } from './encoder-step.ts';
import { best, timed, type Timing } from './timing.ts';
import { startTorch, type TorchPeer, type TorchStep } from './torch-peer.ts';

const ROWS = 2048;
const INNER = 768;
const COLUMNS = 3072;
const PRODUCTS = 20;
/** Rounds of a step that takes longer than this many seconds are fewer. */
const LONG = 4;
const FEW = 2;
/** For so many milliseconds the step goes on before the optimizer's share of it is taken. */
const STEADY = 3000;

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

/** Copies 256 MiB in one thread. */
const copySession = (): (() => Promise<Timing>) => {
  const from = new Float32Array(COPIED / 4).fill(1);
  const to = new Float32Array(COPIED / 4);
  return async () =>
    timed(async () => {
      to.set(from);
    });
};
const COPIED = 2 ** 28;

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

interface Peer {
  readonly peer: TorchPeer;
  readonly steps: TorchStep[];
}

/** Seconds of a step's updates, of the nodes that compute the gradients' norm for clipping, and of that whole step. */
interface Optimizer {
  readonly updates: number;
  readonly norm: number;
  readonly step: number;
}

interface Measured {
  readonly product: Timing;
  readonly copy: Timing;
  readonly step: Timing;
  readonly gradients: Timing;
  readonly optimizer: Optimizer;
  readonly torch: ReadonlyMap<string, Peer>;
  readonly peak: number;
  readonly rounds: number;
}

/** The sum of squares is one node for each parameter: of itself, or of eight parts times themselves. */
const isNorm = ({ op, shapes }: NodeReport): boolean =>
  op === 'ReduceSumSquare' || (op === 'FusedMatMul' && shapes.endsWith('[{"float":[8,1,1]}]]'));

const optimizerOf = (nodes: readonly NodeReport[], step: Timing): Optimizer => {
  const seconds = (wanted: (node: NodeReport) => boolean): number =>
    nodes.reduce((sum, node) => sum + (wanted(node) ? node.microseconds / 1e6 : 0), 0);
  return { updates: seconds(({ op }) => op === 'AdamW'), norm: seconds(isNorm), step: step.wall };
};

const torchPeer = async (item: EncoderCase, python: string | undefined, type: 'fp32' | 'bf16'): Promise<Peer | undefined> => {
  const peer = python === undefined ? undefined : await startTorch(python, type, item);
  return peer === undefined ? undefined : { peer, steps: [] };
};

/** Takes turns, so that other load hits all alike, in rounds of which the first warms up and is not kept. */
const takeTurns = async (rounds: number, { peer, steps }: Partial<Peer>, own: (round: number) => Promise<Timing>): Promise<Timing> => {
  const timings: Timing[] = [];
  for (let round = -1; round < rounds; round++) {
    const timing = await own(round);
    const result = await peer?.run();
    if (round < 0) continue;
    timings.push(timing);
    if (result !== undefined) steps?.push(result);
  }
  await peer?.close();
  return best(timings);
};

/** The whole step in turns with a product and PyTorch's; then, because memory holds two of the largest cases and no more, the gradients alone and bfloat16. */
const measure = async (item: EncoderCase, repeats: number, python: string | undefined): Promise<Measured> => {
  const encoder = encoderStep(item);
  const engine = await createOnnxEngine(item.threads > 0 ? { threads: item.threads } : {});
  const run = async (program: Program, step: number): Promise<Timing> => {
    const batch = encoder.batch(step);
    return timed(async () => program.run(batch));
  };
  const memory = watchMemory();
  const whole = await engine.compile(encoder.step, encoder.signature);
  await whole.load(encoder.state());
  await run(whole, 0);
  const warm = await run(whole, 1);
  const peak = memory.stop();
  const rounds = warm.wall > LONG ? Math.min(FEW, repeats) : repeats;
  const [product, copy] = [await matMulSession(item.threads), copySession()];
  const [products, copies, optimizers]: [Timing[], Timing[], Optimizer[]] = [[], [], []];
  const float32 = await torchPeer(item, python, 'fp32');
  const step = await takeTurns(rounds, float32 ?? {}, async (round) => {
    for (let i = 0; i < Math.ceil(PRODUCTS / rounds); i++) products.push(await product());
    copies.push(await copy());
    return run(whole, round + 3);
  });
  for (let round = 0; round < rounds; round++) {
    // As in training: the first steps after `explain` or another process find memory cold and code not yet compiled.
    const until = performance.now() + STEADY;
    let last = await run(whole, round + 3);
    while (performance.now() < until) last = await run(whole, round + 3);
    optimizers.push(optimizerOf(await whole.explain(encoder.batch(0)), last));
  }
  await whole.dispose();
  const part = await engine.compile(encoder.gradients, encoder.signature);
  await part.load(encoder.state());
  const bfloat16 = await torchPeer(item, python, 'bf16');
  const gradients = await takeTurns(rounds, bfloat16 ?? {}, async (round) => run(part, round + 3));
  await engine.dispose();
  return {
    product: best(products),
    copy: best(copies),
    step,
    gradients,
    optimizer: optimizers.reduce((a, b) => (b.updates < a.updates ? b : a)),
    torch: new Map(
      Object.entries({ fp32: float32, bf16: bfloat16 }).flatMap(([type, peer]) => (peer === undefined ? [] : [[type, peer] as const])),
    ),
    peak,
    rounds,
  };
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

type Add = (name: string, value: number, unit: string, rest?: Partial<Figure>) => void;

const reportTorch = ({ torch, step }: Measured, add: Add): void => {
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

/** What an update must move: parameters and moments are read and written, gradients read. */
const reportOptimizer = (item: EncoderCase, { copy, optimizer }: Measured, add: Add): void => {
  const bytes = encoderStep(item).parameters * 4 * 7;
  const { updates, norm, step } = optimizer;
  const rate = (2 * COPIED) / copy.wall;
  add("optimizer's share", (updates + norm) / step, 'of the step', {
    note: `AdamW ${(1000 * updates).toFixed(1)} ms, the norm for clipping ${(1000 * norm).toFixed(1)} ms, timed inside of a step of ${(1000 * step).toFixed(0)} ms`,
  });
  add('AdamW, bytes moved', bytes / updates / 1e9, 'GB/s', {
    baseline: "one thread's copy",
    ratio: bytes / updates / rate,
    note: `${(bytes / 1e6).toFixed(0)} MB; one thread copies at ${(rate / 1e9).toFixed(1)} GB/s, read and written`,
  });
};

const reportCase = (item: EncoderCase, measured: Measured, add: Add): void => {
  const { flops, computedFlops } = encoderStep(item);
  const { product, step, gradients, peak, rounds } = measured;
  const rate = (2 * ROWS * INNER * COLUMNS) / product.wall;
  const cpuRate = (2 * ROWS * INNER * COLUMNS) / product.cpu;
  const share = (seconds: Timing, work: number): string =>
    `${percent(work / seconds.wall / rate)} of the MatMul rate, by CPU time ${percent(work / seconds.cpu / cpuRate)}`;
  add('MatMul 2048 × 768 × 3072', rate / 1e9, 'GFLOP/s', {
    note: `best of ${PRODUCTS} or more; load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
  });
  for (const [name, seconds] of [
    ['whole step', step],
    ['forward and backward', gradients],
  ] as const) {
    add(name, seconds.wall, 's', { note: `CPU ${seconds.cpu.toFixed(3)} s; best of ${rounds}` });
    add(`${name}, rate`, flops / seconds.wall / 1e9, 'GFLOP/s', {
      baseline: 'MatMul',
      ratio: flops / seconds.wall / rate,
      note: `${share(seconds, flops)}; counting only what the first-token shortcut leaves to compute, ${share(seconds, computedFlops)}`,
    });
  }
  reportOptimizer(item, measured, add);
  add('peak memory', peak / 2 ** 20, 'MiB', { note: 'resident, of the process, through compilation and two steps' });
  reportTorch(measured, add);
};

const [text = '', repeats = '3', python] = process.argv.slice(2);
const item = JSON.parse(text) as EncoderCase;
reportCase(item, await measure(item, Number(repeats), python), (name, value, unit, rest = {}) =>
  process.send?.({ name: `${item.name}: ${name}`, value, unit, ...rest } satisfies Figure),
);
process.disconnect?.();
