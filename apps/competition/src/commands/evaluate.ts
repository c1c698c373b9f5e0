import type { Evaluation } from '@samequestion/bert';
import { readPairsFile } from '@samequestion/pairs';

import type { EngineOptions } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { judgeLabelled, openJudge } from '../judge.ts';
import { type Robustness, describeRobustness, measureRobustness } from '../robustness.ts';
import { requireFile } from '../run-folder.ts';
import { UsageError } from '../usage-error.ts';
import { sayFlips } from './predict.ts';

interface EvaluateOptions {
  readonly model: string;
  readonly data: string;
  readonly symmetric?: boolean;
  readonly attack?: boolean;
  readonly seed: number;
}

/** `samequestion evaluate`: the scores of a model on labelled pairs. */
export async function evaluate(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { model, data, attack, seed, ...rest } = options as unknown as EvaluateOptions;
  const symmetric = rest.symmetric === true;
  const pairs = await readPairsFile(await requireFile('--data', data));
  if (pairs.length === 0) throw new UsageError(`--data: expected labelled pairs, ${data} has none.`);
  const judge = await openJudge(model, options as unknown as EngineOptions, context);
  try {
    const scores = await judgeLabelled(judge, pairs, { label: 'evaluating', symmetric, signal: context.signal });
    for (const line of describeScores(scores)) context.say(line);
    if (attack !== true) return scores;
    const robustness: Robustness = await measureRobustness(judge, pairs, { seed, symmetric, signal: context.signal });
    context.say('macro-F1 under attack:');
    for (const line of describeRobustness(robustness)) context.say(line);
    return { ...scores, robustness };
  } finally {
    await judge.dispose();
  }
}

/** Scores as lines for people. */
export function describeScores(scores: Evaluation): string[] {
  const [[right0, wrong0], [wrong1, right1]] = scores.confusion;
  return [
    `macro-F1 ${scores.macroF1.toFixed(4)} · accuracy ${scores.accuracy.toFixed(4)} · loss ${scores.loss.toFixed(4)} · ${scores.pairs.toLocaleString('en')} pairs`,
    `same: precision ${scores.precision.toFixed(4)}, recall ${scores.recall.toFixed(4)}, F1 ${scores.f1.toFixed(4)} · different: F1 ${scores.f1OfDifferent.toFixed(4)}`,
    `different judged different ${right0}, same ${wrong0} · same judged different ${wrong1}, same ${right1}`,
    ...(scores.orderFlipRate === undefined ? [] : [sayFlips(scores.orderFlipRate)]),
  ];
}
