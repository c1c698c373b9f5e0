/** The training step of `@samequestion/bert`, as the benches of encoders run it, and its FLOPs. */
import * as tf from '@tensorflow/tfjs';
import {
  BERT_OPTIMIZER,
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
  stepGradients,
  trainingSignature,
  trainingStep,
  type BertConfig,
  type LossScaling,
  type StepOptions,
  type TensorValue,
} from '@samequestion/bert';
import type { Signature, Step } from '@samequestion/tfjs-onnx';

export interface EncoderSize {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly inner: number;
}

export interface EncoderCase {
  readonly name: string;
  readonly size: EncoderSize;
  readonly batch: number;
  readonly length: number;
  readonly dropout: number;
  /** Threads of every engine; 0 for its own choice. */
  readonly threads: number;
}

export const ENCODER_SIZES: Readonly<Record<string, EncoderSize>> = {
  '4x312': { layers: 4, width: 312, heads: 12, inner: 1200 },
  '6x512': { layers: 6, width: 512, heads: 8, inner: 2048 },
  '12x768': { layers: 12, width: 768, heads: 12, inner: 3072 },
};

const configOf = ({ size, dropout }: EncoderCase): BertConfig =>
  createConfig({
    vocab_size: 21128,
    hidden_size: size.width,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    intermediate_size: size.inner,
    hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout,
    pair_token_types: 'side',
  });

/** Two programs of one case: the whole step, and one that ends with the gradients. */
export interface EncoderStep {
  readonly step: Step;
  readonly gradients: Step;
  readonly signature: Signature;
  readonly state: () => Record<string, TensorValue>;
  readonly batch: (step: number) => Record<string, TensorValue>;
  /** 6 · weights outside the embeddings · tokens + 12 · layers · batch · length² · width. */
  readonly flops: number;
  /** Those of them that are computed: the last layer's are computed for the first tokens alone, because the pooler reads no others. */
  readonly computedFlops: number;
  /** How many values the optimizer updates. */
  readonly parameters: number;
}

/** The step of one case; products in float16 come with loss scaling. */
export const encoderStep = (item: EncoderCase, lossScaling?: LossScaling): EncoderStep => {
  const { batch, length, size } = item;
  const config = configOf(item);
  const window = largestWindow(config, batch, length);
  const options: StepOptions = { config, task: 'classification', optimizer: BERT_OPTIMIZER, window, lossScaling };
  const pairs = Array.from({ length: batch }, (_, row) => {
    const ids = Int32Array.from({ length }, (__, place) => 5 + (((row * length + place) * 7919) % (config.vocab_size - 5)));
    return { ids, types: ids.map((__, place) => Number(place >= length / 2)), label: row % 2 };
  });
  const rate: TensorValue = { dtype: 'float32', shape: [], data: Float32Array.of(1e-4) };
  const { layers, width: H, inner: F } = size;
  const others = batch * (length - 1);
  const embeddings = (config.vocab_size + config.max_position_embeddings + config.type_vocab_size) * H;
  const flops = 6 * (countParameters(config) - embeddings) * batch * length + 12 * layers * batch * length ** 2 * H;
  return {
    step: trainingStep(options),
    gradients: (state, inputs) => {
      const { gradients, outputs } = stepGradients(options, state, inputs);
      // Every gradient is needed for this, as cheaply as can be: one value of each.
      const corners = Object.values(gradients).map((gradient) => tf.slice(tf.reshape(gradient, [-1]), [0], [1]));
      return { state: {}, outputs: { ...outputs, corners: tf.addN(corners) } };
    },
    signature: trainingSignature(options),
    state: () => initialState(options, initialiseParameters(config, { seed: 1 }), 1),
    batch: (step) => ({
      ...collate(pairs, config),
      ...collateLabels(pairs, batch),
      learning_rate: rate,
      ...(dropoutRates(config).length > 0 ? { dropout_offsets: dropoutOffsets(1, step, dropoutSites(options)) } : {}),
    }),
    flops,
    parameters: countParameters(config),
    computedFlops: flops - 6 * (3 * H * H + 2 * H * F) * others - 12 * H * length * others,
  };
};
