import { dirname } from 'node:path';

import {
  type EnsembleMember,
  type EnsembleMethod,
  agreementOf,
  combinePredictions,
  readTestFile,
  writePredictions,
} from '@samequestion/submission';

import type { Context } from '../context.ts';
import { readAnyPredictions } from '../read-predictions.ts';
import { prepareOutputFolder, requireFile } from '../run-folder.ts';
import { UsageError, stopIfAsked } from '../usage-error.ts';

interface EnsembleOptions {
  readonly input: readonly string[];
  readonly test?: string;
  readonly method: EnsembleMethod;
  readonly weights?: readonly string[];
  readonly out: string;
}

/** `samequestion ensemble`: predictions of several models to one. */
export async function ensemble(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const { input, test, method, weights, out } = given as unknown as EnsembleOptions;
  const weightOf = readWeights(input, method, weights);
  const qids = test === undefined ? undefined : (await readTestFile(await requireFile('--test', test))).map(({ qid }) => qid);
  const members: EnsembleMember[] = [];
  for (const [index, file] of input.entries()) {
    const weight = weightOf[index];
    members.push({ name: file, predictions: await readAnyPredictions('--input', file, qids), ...(weight === undefined ? {} : { weight }) });
  }
  const combined = combinePredictions(members, method);
  stopIfAsked(context, 'nothing was written');
  await prepareOutputFolder(dirname(out));
  await writePredictions(out, combined);
  const positives = combined.filter(({ label }) => label === 1).length;
  const agreement = members.flatMap((one, at) =>
    members.slice(at + 1).map((other) => ({ one: one.name, other: other.name, ...agreementOf(one, other) })),
  );
  for (const { one, other, share, kappa } of agreement)
    context.say(`${one} and ${other}: ${(100 * share).toFixed(1)} % of the answers agree (κ ${kappa.toFixed(3)})`);
  context.say(`${combined.length.toLocaleString('en')} predictions by ${method}, ${positives.toLocaleString('en')} of them 1 → ${out}`);
  return {
    method,
    members: members.map(({ name, weight }) => ({ file: name, weight })),
    rows: combined.length,
    positives,
    agreement,
    file: out,
  };
}

function readWeights(
  input: readonly string[],
  method: EnsembleMethod,
  weights: readonly string[] | undefined,
): readonly (number | undefined)[] {
  if (method !== 'weighted-mean') {
    if (weights !== undefined) throw new UsageError(`--weights: expected none for --method ${method}, got ${weights.join(' ')}.`);
    return [];
  }
  if (weights === undefined)
    throw new UsageError('--weights: expected one for each --input, such as its accuracy, got none. Name them, or use --method mean.');
  if (weights.length !== input.length)
    throw new UsageError(`--weights: expected ${input.length}, one for each --input, got ${weights.length}.`);
  return weights.map((text) => {
    const value = Number(text);
    if (value > 0 && Number.isFinite(value)) return value;
    throw new UsageError(`--weights: expected numbers above 0, got ${text}.`);
  });
}
