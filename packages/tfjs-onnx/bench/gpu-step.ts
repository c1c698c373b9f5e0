/** The training step of `@samequestion/bert` as the WebGPU bench runs it, and the rate of products to compare it with. */
import { LOSS_SCALING, type TensorValue } from '@samequestion/bert';
import type { OnnxEngine, Signature } from '@samequestion/tfjs-onnx';
import * as tf from '@tensorflow/tfjs';
import { ENCODER_SIZES, encoderStep, type EncoderStep } from './encoder-step.ts';

export type Precision = 'float32' | 'float16';

export interface GpuCase {
  /** `12x768:32x64`. */
  readonly name: string;
  readonly layers: number;
  readonly width: number;
  readonly batch: number;
  readonly length: number;
}

/** `4x312:128x128,12x768:32x64`: layers × width : batch × length. */
export const casesFrom = (text: string): readonly GpuCase[] =>
  text.split(',').map((name) => {
    const [, layers, width, batch, length] = /^(\d+)x(\d+):(\d+)x(\d+)$/u.exec(name)?.map(Number) ?? [];
    if (layers === undefined || width === undefined || batch === undefined || length === undefined)
      throw new RangeError(`webgpu bench: expected BENCH_CASES such as 4x312:128x128, layers × width : batch × length, got "${name}".`);
    return { name, layers, width, batch, length };
  });

/** The step of one case; products in float16 come with loss scaling. */
export const gpuStep = ({ name, layers, width, batch, length }: GpuCase, precision: Precision, dropout: number): EncoderStep => {
  const size = ENCODER_SIZES[`${layers}x${width}`] ?? { layers, width, heads: Math.max(1, width / 64), inner: 4 * width };
  return encoderStep({ name, size, batch, length, dropout, threads: 0 }, precision === 'float16' ? LOSS_SCALING : undefined);
};

/** Rows, inner size, columns: the last that is quick enough tells. */
const PRODUCTS = [
  [64, 64, 128],
  [512, 256, 512],
  [2048, 768, 3072],
  [8192, 768, 3072],
] as const;
const PAIRS = 8;
const LONGEST_SECONDS = 2;

/** What this engine's products reach, in FLOP/s: a chain of 16 in one run, up and down again, as a feed-forward layer has them. */
export const productRate = async (engine: OnnxEngine): Promise<{ readonly rate: number; readonly size: string }> => {
  let best = { rate: 0, size: '' };
  for (const [rows, inner, columns] of PRODUCTS) {
    const work = 4 * PAIRS * rows * inner * columns;
    if (best.rate > 0 && work / best.rate > LONGEST_SECONDS) break;
    const spec = (...shape: number[]): Signature['state'][string] => ({ dtype: 'float32', shape });
    const program = await engine.compile(
      (state) => {
        let x = state['x'] as tf.Tensor2D;
        for (let pair = 0; pair < PAIRS; pair++) x = tf.matMul(tf.matMul(x, state['up'] as tf.Tensor2D), state['down'] as tf.Tensor2D);
        return { state: {}, outputs: { y: tf.slice(x, [0, 0], [1, 1]) } };
      },
      { state: { x: spec(rows, inner), up: spec(inner, columns), down: spec(columns, inner) }, batch: {} },
    );
    const filled = (shape: readonly number[], value: number): TensorValue => ({
      dtype: 'float32',
      shape,
      data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
    });
    await program.load({
      x: filled([rows, inner], 1),
      up: filled([inner, columns], 1 / inner),
      down: filled([columns, inner], 1 / columns),
    });
    let seconds = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 5; run++) {
      const started = performance.now();
      await program.run({});
      seconds = Math.min(seconds, (performance.now() - started) / 1000);
    }
    await program.dispose();
    best = { rate: work / seconds, size: `${rows} × ${inner} × ${columns}` };
  }
  return best;
};
