/** The training step of `@samequestion/bert` as the WebGPU bench runs it, and the rate of products to compare it with. */
import {
  BERT_OPTIMIZER,
  LOSS_SCALING,
  collate,
  collateLabels,
  countParameters,
  createConfig,
  dropoutOffsets,
  dropoutRates,
  dropoutSites,
  initialState,
  initialiseParameters,
  largestWindow,
  trainingSignature,
  trainingStep,
  type StepOptions,
  type TensorValue,
} from '@samequestion/bert';
import type { OnnxEngine, Signature, Step } from '@samequestion/tfjs-onnx';
import * as tf from '@tensorflow/tfjs';

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

export interface GpuStep {
  readonly step: Step;
  readonly signature: Signature;
  readonly state: () => Record<string, TensorValue>;
  readonly batch: (step: number) => Record<string, TensorValue>;
  /** 6 · weights outside the embeddings · tokens + 12 · layers · batch · length² · width. */
  readonly flops: number;
  /** Those of them that are computed: of the last layer's only what the first tokens need. */
  readonly computedFlops: number;
}

/** The step of one case; products in float16 come with loss scaling. */
export const gpuStep = ({ layers, width: H, batch, length }: GpuCase, precision: Precision, dropout: number): GpuStep => {
  const F = H === 312 ? 1200 : 4 * H;
  const config = createConfig({
    vocab_size: 21128,
    hidden_size: H,
    num_hidden_layers: layers,
    num_attention_heads: H === 312 ? 12 : Math.max(1, H / 64),
    intermediate_size: F,
    hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout,
    pair_token_types: 'side',
  });
  const options: StepOptions = {
    config,
    task: 'classification',
    optimizer: BERT_OPTIMIZER,
    lossScaling: precision === 'float16' ? LOSS_SCALING : undefined,
    window: largestWindow(config, batch, length),
  };
  const pairs = Array.from({ length: batch }, (_, row) => {
    const ids = Int32Array.from({ length }, (__, place) => 5 + (((row * length + place) * 7919) % (config.vocab_size - 5)));
    return { ids, types: ids.map((__, place) => Number(place >= length / 2)), label: row % 2 };
  });
  const embeddings = (config.vocab_size + config.max_position_embeddings + config.type_vocab_size) * H;
  const flops = 6 * (countParameters(config) - embeddings) * batch * length + 12 * layers * batch * length ** 2 * H;
  const others = batch * (length - 1);
  return {
    step: trainingStep(options),
    signature: trainingSignature(options),
    state: () => initialState(options, initialiseParameters(config, { seed: 1 }), 1),
    batch: (step) => ({
      ...collate(pairs, config),
      ...collateLabels(pairs, batch),
      learning_rate: { dtype: 'float32', shape: [], data: Float32Array.of(1e-4) },
      ...(dropoutRates(config).length > 0 ? { dropout_offsets: dropoutOffsets(1, step, dropoutSites(options)) } : {}),
    }),
    flops,
    computedFlops: flops - 6 * (3 * H * H + 2 * H * F) * others - 12 * H * length * others,
  };
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
