import { type EncodedPair, type LabelledPair, collate, swapSides } from './batch.ts';
import type { BertConfig } from './config.ts';
import type { Engine, Program, TensorValues } from './engine.ts';
import { type Metrics, scoreJudgements, softmax } from './metrics.ts';
import { checkParameters } from './parameters.ts';
import { predictionSignature, predictionStep } from './step.ts';

/** How pairs are judged. */
export interface PredictOptions {
  /** Pairs in one pass; 32 by default. */
  readonly batchSize?: number;
  /** Pairs held at a time: read, sorted by length, judged, put back in order; 4096 by default. Memory does not grow beyond it. */
  readonly window?: number;
  /** Judge both orders of the texts and take the mean of the logits. */
  readonly symmetric?: boolean;
  /** Told after each pass how many pairs are judged so far; with `symmetric`, one in one order is half a pair. What it throws ends the judging. */
  readonly onProgress?: (pairs: number) => void;
}

/** One pair's judgement. */
export interface Prediction {
  readonly logits: readonly number[];
  readonly probabilities: readonly number[];
  /** The likelier label. */
  readonly label: number;
  /** With `symmetric`: do the two orders judge differently? */
  readonly flipped?: boolean;
}

/** An evaluation; `orderFlipRate` is the share of pairs judged differently in the other order, if that was asked for. */
export interface Evaluation extends Metrics {
  readonly orderFlipRate?: number;
}

/** A model ready to judge pairs. */
export interface Predictor {
  /** Replaces the weights. */
  load(parameters: TensorValues): Promise<void>;
  /** Judges pairs as they come, in their order. */
  predict(pairs: Iterable<EncodedPair> | AsyncIterable<EncodedPair>, options?: PredictOptions): AsyncGenerator<Prediction, void, undefined>;
  /** Judges labelled pairs and scores the judgements. */
  evaluate(pairs: readonly LabelledPair[], options?: PredictOptions): Promise<Evaluation>;
  dispose(): Promise<void>;
}

/**
 * Compiles a model for prediction.
 *
 * @param parameters As `parameterSpecs` lists them; tensors of other heads are left out.
 * @throws {ModelError} If parameters are missing or misshaped.
 */
export async function createPredictor(engine: Engine, config: BertConfig, parameters: TensorValues): Promise<Predictor> {
  const signature = predictionSignature(config);
  const program = await engine.compile(predictionStep(config), signature);
  const load = async (values: TensorValues): Promise<void> => {
    const own = Object.fromEntries(Object.entries(values).filter(([name]) => signature.state[name] !== undefined));
    checkParameters(own, config);
    await program.load(own);
  };
  await load(parameters);
  const predict = (
    pairs: Iterable<EncodedPair> | AsyncIterable<EncodedPair>,
    options: PredictOptions = {},
  ): AsyncGenerator<Prediction, void, undefined> => {
    let passed = 0;
    const judged = (count: number): void => options.onProgress?.((passed += count) / (options.symmetric === true ? 2 : 1));
    return predictStream(program, pairs, { config, options, judged });
  };
  return {
    load,
    predict,
    evaluate: async (pairs, options) => {
      const predictions: Prediction[] = [];
      for await (const prediction of predict(pairs, options)) predictions.push(prediction);
      const metrics = scoreJudgements(
        predictions.map(({ logits }) => logits),
        pairs.map(({ label }) => label),
      );
      return options?.symmetric === true
        ? { ...metrics, orderFlipRate: predictions.filter(({ flipped }) => flipped).length / predictions.length }
        : metrics;
    },
    dispose: () => program.dispose(),
  };
}

interface Setting {
  readonly config: BertConfig;
  readonly options: PredictOptions;
  /** Told of every pass over so many pairs in one order. */
  readonly judged: (pairs: number) => void;
}

async function* predictStream(
  program: Program,
  pairs: Iterable<EncodedPair> | AsyncIterable<EncodedPair>,
  setting: Setting,
): AsyncGenerator<Prediction, void, undefined> {
  const size = setting.options.window ?? 4096;
  let held: EncodedPair[] = [];
  for await (const pair of pairs) {
    held.push(pair);
    if (held.length < size) continue;
    yield* await predictWindow(program, held, setting);
    held = [];
  }
  if (held.length > 0) yield* await predictWindow(program, held, setting);
}

async function predictWindow(program: Program, pairs: readonly EncodedPair[], setting: Setting): Promise<Prediction[]> {
  const logits = await windowLogits(program, pairs, setting);
  if (setting.options.symmetric !== true) return logits.map((scores) => predictionOf(scores));
  const swapped = await windowLogits(program, pairs.map(swapSides), setting);
  return logits.map((scores, index) => {
    const others = swapped[index] ?? [];
    return {
      ...predictionOf(scores.map((score, label) => (score + (others[label] ?? 0)) / 2)),
      flipped: likeliest(scores) !== likeliest(others),
    };
  });
}

/** The logits of a window's pairs, in their order: judged from short to long, so that little is padded. */
async function windowLogits(program: Program, pairs: readonly EncodedPair[], { config, options, judged }: Setting): Promise<number[][]> {
  const order = pairs.map((_, index) => index).sort((a, b) => (pairs[a]?.ids.length ?? 0) - (pairs[b]?.ids.length ?? 0));
  const batchSize = options.batchSize ?? 32;
  const logits: number[][] = Array.from({ length: pairs.length }, () => []);
  for (let start = 0; start < order.length; start += batchSize) {
    const indices = order.slice(start, start + batchSize);
    const outputs = await program.run(
      collate(
        indices.map((index) => pairs[index] as EncodedPair),
        config,
      ),
    );
    const values = Array.from(outputs['logits']?.data ?? []);
    indices.forEach((index, row) => (logits[index] = values.slice(row * config.num_labels, (row + 1) * config.num_labels)));
    judged(indices.length);
  }
  return logits;
}

function predictionOf(logits: readonly number[]): Prediction {
  return { logits, probabilities: softmax(logits), label: likeliest(logits) };
}

function likeliest(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores));
}
