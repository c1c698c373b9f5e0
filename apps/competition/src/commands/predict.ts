import type { EncodedPair } from '@samequestion/bert';
import { type Prediction, type TestRow, readTestFile, writePredictions } from '@samequestion/submission';

import type { EngineOptions } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { encodePair } from '../encode-pairs.ts';
import { type Judge, openJudge } from '../judge.ts';
import { showProgress } from '../progress.ts';
import { requireFile } from '../run-folder.ts';
import { StoppedError } from '../usage-error.ts';

/** `samequestion predict`: probabilities for a test file. */
export async function predict(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { model, input, out, logits } = options as { model: string; input: string; out: string; logits?: boolean };
  const rows = await readTestFile(await requireFile('--input', input));
  const judge = await openJudge(model, options as unknown as EngineOptions, context);
  try {
    const started = performance.now();
    const predictions = await judgeRows(judge, rows, { signal: context.signal, logits: logits === true });
    const seconds = (performance.now() - started) / 1000;
    await writePredictions(out, predictions);
    context.say(
      `${rows.length.toLocaleString('en')} pairs in ${seconds.toFixed(1)} s (${Math.round(rows.length / seconds).toLocaleString('en')} pairs/s) → ${out}`,
    );
    return { pairs: rows.length, seconds, file: out };
  } finally {
    await judge.dispose();
  }
}

export interface JudgeRowsOptions {
  readonly signal: AbortSignal;
  /** Keep the logits. */
  readonly logits: boolean;
}

/** Judges the rows of a test file, in their order, with progress. @throws {StoppedError} */
export async function judgeRows(judge: Judge, rows: readonly TestRow[], { signal, logits }: JudgeRowsOptions): Promise<Prediction[]> {
  const progress = showProgress({ label: 'predicting', total: rows.length, unit: 'pairs' });
  const predictions: Prediction[] = [];
  try {
    for await (const prediction of judge.predictor.predict(encodeRows(judge, rows), { window: 1024 })) {
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
      progress.update(predictions.length);
    }
  } finally {
    progress.stop();
  }
  return predictions;
}

function* encodeRows({ tokenizer, maxLength }: Judge, rows: readonly TestRow[]): Generator<EncodedPair> {
  for (const { question1, question2 } of rows) yield encodePair(tokenizer, question1, question2, maxLength);
}
