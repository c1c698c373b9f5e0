import { dirname } from 'node:path';

import type { EncodedPair } from '@samequestion/bert';
import { type Prediction, type TestRow, readTestFile, writePredictions } from '@samequestion/submission';

import type { EngineOptions } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { encodePair } from '../encode-pairs.ts';
import { type Judge, openJudge } from '../judge.ts';
import { showProgress } from '../progress.ts';
import { prepareOutputFolder, requireFile } from '../run-folder.ts';
import { StoppedError } from '../usage-error.ts';

interface PredictCommandOptions {
  readonly model: string;
  readonly input: string;
  readonly out: string;
  readonly logits?: boolean;
  readonly symmetric?: boolean;
}

/** `samequestion predict`: probabilities for a test file. */
export async function predict(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { model, input, out, logits, symmetric } = options as unknown as PredictCommandOptions;
  const rows = await readTestFile(await requireFile('--input', input));
  await prepareOutputFolder(dirname(out));
  const judge = await openJudge(model, options as unknown as EngineOptions, context);
  try {
    const started = performance.now();
    let orderFlipRate: number | undefined;
    const onFlips = (share: number): void => void (orderFlipRate = share);
    const predictions = await judgeRows(judge, rows, {
      signal: context.signal,
      logits: logits === true,
      symmetric: symmetric === true,
      onFlips,
    });
    const seconds = (performance.now() - started) / 1000;
    await writePredictions(out, predictions);
    context.say(
      `${rows.length.toLocaleString('en')} pairs in ${seconds.toFixed(1)} s (${Math.round(rows.length / seconds).toLocaleString('en')} pairs/s) → ${out}`,
    );
    if (orderFlipRate !== undefined) context.say(sayFlips(orderFlipRate));
    return { pairs: rows.length, seconds, orderFlipRate, file: out };
  } finally {
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
  const { signal, logits, symmetric = false } = options;
  let flips = 0;
  const progress = showProgress({ label: 'predicting', total: rows.length, unit: 'pairs' });
  const predictions: Prediction[] = [];
  try {
    for await (const prediction of judge.predictor.predict(encodeRows(judge, rows), { window: 1024, symmetric })) {
      if (signal.aborted) throw new StoppedError('Stopped while predicting: no predictions were written.');
      const row = rows[predictions.length];
      const [probability0 = 0, probability1 = 0] = prediction.probabilities;
      const [logit0 = 0, logit1 = 0] = prediction.logits;
      predictions.push({
        qid: row?.qid ?? '',
        probability0,
        probability1,
        label: prediction.label === 1 ? 1 : 0,
        ...(logits ? { logits: [logit0, logit1] as const } : {}),
      });
      if (prediction.flipped === true) flips++;
      progress.update(predictions.length);
    }
  } finally {
    progress.stop();
  }
  if (symmetric) options.onFlips?.(flips / Math.max(1, rows.length));
  return predictions;
}

function* encodeRows({ tokenizer, maxLength }: Judge, rows: readonly TestRow[]): Generator<EncodedPair> {
  for (const { question1, question2 } of rows) yield encodePair(tokenizer, question1, question2, maxLength);
}
