import { dirname } from 'node:path';

import {
  type Closure,
  type JudgedPair,
  type Repair,
  buildPairs,
  closePairs,
  impliedPairs,
  readGroupsFile,
  readPairsFile,
  repairPairs,
  writePairsFile,
} from '@samequestion/pairs';
import { type SubmissionFormat, readTestFile, writeSubmission } from '@samequestion/submission';

import type { Context } from '../context.ts';
import { readAnyPredictions } from '../read-predictions.ts';
import { prepareOutputFolder, requireFile } from '../run-folder.ts';
import { submissionFormat } from '../run-inputs.ts';
import { UsageError, stopIfAsked } from '../usage-error.ts';

interface ClosureOptions {
  readonly data?: string;
  readonly input?: string;
  readonly test?: string;
  readonly sampleSubmission?: string;
  readonly repair?: 'changes' | 'confidence';
  readonly out?: string;
  readonly implied?: string;
  readonly examples: number;
}

/** Judged pairs, and where they came from. */
interface Judgements {
  readonly pairs: readonly JudgedPair[];
  /** Of a test file: its qids, and the format of its submission. */
  readonly answers: { readonly qids: readonly string[]; readonly format: SubmissionFormat } | undefined;
}

/** `samequestion closure`: what labelled or predicted pairs imply, where they contradict each other, and the cheapest repair. */
export async function closure(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const options = given as unknown as ClosureOptions;
  if ((options.out === undefined) !== (options.repair === undefined))
    throw new UsageError('--repair, --out: expected both or none, got one of them.');
  const judgements = await readJudgements(options);
  const found = closePairs(judgements.pairs);
  stopIfAsked(context, 'nothing was written');
  for (const line of describeClosure(found, options.examples)) context.say(line);
  if (options.implied !== undefined) {
    await prepareOutputFolder(dirname(options.implied));
    await writePairsFile(options.implied, impliedPairs(judgements.pairs));
    context.say(`implied pairs → ${options.implied}`);
  }
  const { classes, contradictions, ...counts } = found;
  const result = {
    pairs: judgements.pairs.length,
    classes: classes.length,
    largestClass: classes.reduce((most, { length }) => Math.max(most, length), 0),
    ...counts,
    contradictions: contradictions.slice(0, options.examples),
  };
  if (options.repair === undefined || options.out === undefined) return result;
  const repair = repairPairs(judgements.pairs, { minimise: options.repair });
  await prepareOutputFolder(dirname(options.out));
  await writeRepaired(options.out, repair, judgements);
  const { changes, cost, optimal } = repair;
  context.say(
    `repair   ${changes.length.toLocaleString('en')} answers changed${optimal ? ', and no cheaper repair exists' : '; a cheaper repair may exist'} → ${options.out}`,
  );
  return { ...result, repair: { minimise: options.repair, changes: changes.length, cost, optimal, file: options.out } };
}

async function readJudgements({ data, input, test, sampleSubmission }: ClosureOptions): Promise<Judgements> {
  if (data !== undefined) {
    if ((input ?? test) !== undefined) throw new UsageError('--data: expected no --input and --test beside it, got some.');
    const path = await requireFile('--data', data);
    const pairs = path.toLowerCase().endsWith('.xml') ? [...buildPairs(await readGroupsFile(path))] : await readPairsFile(path);
    return { pairs, answers: undefined };
  }
  if (input === undefined || test === undefined)
    throw new UsageError('closure: expected --data with labelled pairs, or --input with predictions and --test with their test file.');
  const rows = await readTestFile(await requireFile('--test', test));
  const qids = rows.map(({ qid }) => qid);
  const predictions = new Map((await readAnyPredictions('--input', input, qids)).map((prediction) => [prediction.qid, prediction]));
  const pairs = rows.map(({ qid, question1, question2 }) => {
    const { label = 0, probability0 = 1, probability1 = 0 } = predictions.get(qid) ?? {};
    return { question1, question2, label, confidence: Math.abs(probability1 - probability0) };
  });
  return { pairs, answers: { qids, format: await submissionFormat(qids, sampleSubmission) } };
}

async function writeRepaired(out: string, { pairs }: Repair<JudgedPair>, { answers }: Judgements): Promise<void> {
  if (answers === undefined) {
    await writePairsFile(out, pairs);
    return;
  }
  const repaired = answers.qids.map((qid, index) => ({ qid, label: pairs[index]?.label ?? 0 }));
  await writeSubmission(out, repaired, answers.format);
}

function describeClosure(found: Closure, examples: number): string[] {
  const count = (value: number): string => value.toLocaleString('en');
  return [
    `${count(found.classes.length)} classes of questions that ask the same`,
    `${count(found.impliedPositives)} implied positive pairs, ${count(found.impliedNegatives)} implied negative pairs`,
    `${count(found.contradictionCount)} contradictions`,
    ...found.contradictions
      .slice(0, examples)
      .map(({ question1, question2, proof }) => `    ${question1} ≠ ${question2}, but ${proof.join(' = ')}`),
  ];
}
