import { dirname } from 'node:path';

import type { EncodedPair } from '@samequestion/bert';
import { type Prediction, type TestRow, checkTestFile, openPredictions, streamTestFile } from '@samequestion/submission';

import type { EngineOptions } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { encodePair } from '../encode-pairs.ts';
import { type Judge, openJudge } from '../judge.ts';
import { showJudging } from '../progress.ts';
import { prepareOutputFolder, requireFile } from '../run-folder.ts';

interface PredictCommandOptions {
  readonly model: string;
  readonly input: string;
  readonly out: string;
  readonly logits?: boolean;
  readonly symmetric?: boolean;
}

/** `samequestion predict`: probabilities for a test file, which is read, judged and answered a window of rows at a time. */
export async function predict(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { model, input, out, logits = false, symmetric = false } = options as unknown as PredictCommandOptions;
  const path = await requireFile('--input', input);
  const pairs = await checkTestFile(path);
  await prepareOutputFolder(dirname(out));
  const judge = await openJudge(model, options as unknown as EngineOptions, context);
  const writer = await openPredictions(out, { logits });
  try {
    const started = performance.now();
    let orderFlipRate: number | undefined;
    const onFlips = (share: number): void => void (orderFlipRate = share);
    const rows = { rows: streamTestFile(path), total: pairs };
    for await (const prediction of judgeStream(judge, rows, { signal: context.signal, logits, symmetric, onFlips })) {
      await writer.write(prediction);
    }
    await writer.finish();
    const seconds = (performance.now() - started) / 1000;
    const pairsPerSecond = pairs / seconds;
    context.say(
      `${pairs.toLocaleString('en')} pairs in ${seconds.toFixed(1)} s (${Math.round(pairsPerSecond).toLocaleString('en')} pairs/s) → ${out}`,
    );
    if (orderFlipRate !== undefined) context.say(sayFlips(orderFlipRate));
    return { pairs, seconds, pairsPerSecond, orderFlipRate, file: out };
  } finally {
    await writer.discard();
    await judge.dispose();
  }
}

export interface JudgeRowsOptions {
  readonly signal: AbortSignal;
  /** Keep the logits. */
  readonly logits: boolean;
  /** Judge both orders and take the mean. */
  readonly symmetric?: boolean;
  /** Told, with `symmetric`, the share of pairs that are judged differently in the other order. */
  readonly onFlips?: (share: number) => void;
}

/** A flip rate as a line for people. */
export function sayFlips(rate: number): string {
  return `${(100 * rate).toFixed(2)} % judged differently in the other order`;
}

/** Judges the rows of a test file, in their order, with progress. @throws {StoppedError} */
export async function judgeRows(judge: Judge, rows: readonly TestRow[], options: JudgeRowsOptions): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for await (const prediction of judgeStream(judge, { rows, total: rows.length }, options)) predictions.push(prediction);
  return predictions;
}

interface RowsToJudge {
  readonly rows: Iterable<TestRow> | AsyncIterable<TestRow>;
  readonly total: number;
}

/** As {@link judgeRows}, holding no more than the window of rows that is sorted by length. */
async function* judgeStream(
  judge: Judge,
  { rows, total }: RowsToJudge,
  options: JudgeRowsOptions,
): AsyncGenerator<Prediction, void, undefined> {
  const { signal, logits, symmetric = false } = options;
  let flips = 0;
  const waiting: string[] = [];
  const { onProgress, stop } = showJudging('predicting', total, signal);
  try {
    for await (const { label, probabilities, logits: scores, flipped } of judge.predictor.predict(encodeRows(judge, rows, waiting), {
      symmetric,
      onProgress,
    })) {
      const [probability0 = 0, probability1 = 0] = probabilities;
      const [logit0 = 0, logit1 = 0] = scores;
      yield {
        qid: waiting.shift() ?? '',
        probability0,
        probability1,
        label: label === 1 ? 1 : 0,
        ...(logits ? { logits: [logit0, logit1] as const } : {}),
      };
      if (flipped === true) flips++;
    }
  } finally {
    stop();
  }
  if (symmetric) options.onFlips?.(flips / Math.max(1, total));
}

/** Encodes rows as they come; their qids wait for the predictions. */
async function* encodeRows(
  { tokenizer, maxLength }: Judge,
  rows: RowsToJudge['rows'],
  waiting: string[],
): AsyncGenerator<EncodedPair, void, undefined> {
  for await (const { qid, question1, question2 } of rows) {
    waiting.push(qid);
    yield encodePair(tokenizer, question1, question2, maxLength);
  }
}
