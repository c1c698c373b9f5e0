import { extname } from 'node:path';

import {
  type CorpusCounts,
  type CorpusReport,
  type Defect,
  type LeakageAudit,
  type Pair,
  type QuestionGroup,
  buildPairs,
  countCorpus,
  countDefects,
  foldGroups,
  foldPairs,
  readGroupsFile,
  readPairsFile,
  refuseLeaks,
  reportCorpus,
  splitGroups,
  splitPairs,
  splitWarning,
} from '@samequestion/pairs';

import type { Context } from './context.ts';
import { type PairRules, buildOptions, splitOptions, unusualBuildingRule } from './pair-rules.ts';
import { requireFile } from './run-folder.ts';
import { UsageError } from './usage-error.ts';

/** A training file as it was read: groups, or pairs without them. */
export interface Corpus {
  readonly path: string;
  readonly groups: readonly QuestionGroup[] | undefined;
  /** The pairs of a file that holds pairs. */
  readonly pairs: readonly Pair[] | undefined;
  /** Of the groups, where the file held groups. */
  readonly counts: CorpusCounts | undefined;
  /** What the reader put right, by kind. */
  readonly defects: Readonly<Record<string, number>>;
}

/** Labelled pairs in two parts, with all that is known about them. */
export interface TrainingData {
  readonly train: readonly Pair[];
  readonly dev: readonly Pair[];
  readonly counts: CorpusCounts | undefined;
  readonly defects: Readonly<Record<string, number>>;
  readonly rules: PairRules;
  /** Statistics, audit and baselines. */
  readonly corpus: CorpusReport;
  /** What must be said beside every score, where the split leaks. */
  readonly warning: string | undefined;
}

export interface TrainingDataOptions {
  readonly train: string;
  /** Labelled pairs to evaluate on; without them a part of the training data is split off. */
  readonly dev?: string | undefined;
  readonly rules: PairRules;
}

/** Reads groups or pairs. @throws {UsageError | CorpusError} */
export async function readCorpus(option: string, file: string, rules: PairRules): Promise<Corpus> {
  const path = await requireFile(option, file);
  const seen: Defect[] = [];
  const onDefect = (defect: Defect): void => void seen.push(defect);
  if (extname(path).toLowerCase() === '.xml') {
    const groups = await readGroupsFile(path, { onDefect });
    return { path, groups, pairs: undefined, counts: countCorpus(groups), defects: countDefects(seen) };
  }
  const named = unusualBuildingRule(rules);
  if (named !== undefined) throw new UsageError(`${named}: expected question groups (.xml) to build pairs from, ${file} holds pairs.`);
  const pairs = await readPairsFile(path, { onDefect });
  return { path, groups: undefined, pairs, counts: undefined, defects: countDefects(seen) };
}

/** Reads groups or pairs, splits off the dev part and audits both. @throws {UsageError | CorpusError} Also if they leak and `--allow-leaks` is not given. */
export async function readTrainingData({ train, dev, rules }: TrainingDataOptions): Promise<TrainingData> {
  const corpus = await readCorpus('--train', train, rules);
  const parts = dev === undefined ? splitCorpus(corpus, rules) : await withDevFile(corpus, dev, rules);
  return audited(corpus, parts, rules);
}

interface Parts {
  readonly train: readonly Pair[];
  readonly dev: readonly Pair[];
}

async function withDevFile({ groups, pairs = [] }: Corpus, dev: string, rules: PairRules): Promise<Parts> {
  const train = groups === undefined ? pairs : [...buildPairs(groups, buildOptions(rules, 'train'))];
  return { train, dev: await readPairsFile(await requireFile('--dev', dev)) };
}

function splitCorpus({ groups, pairs, path }: Corpus, rules: PairRules): Parts {
  if (groups !== undefined && rules.splitBy !== 'pair') {
    const { train, dev } = splitGroups(groups, splitOptions(rules));
    return { train: [...buildPairs(train, buildOptions(rules, 'train'))], dev: [...buildPairs(dev, buildOptions(rules, 'dev'))] };
  }
  const all = groups === undefined ? (pairs ?? []) : [...buildPairs(groups, buildOptions(rules, 'dev'))];
  if (rules.splitBy === 'group' && all.some(({ group }) => group === undefined))
    throw new UsageError(`--split-by group: expected question groups (.xml), or pairs with a column "group", ${path} has neither.`);
  return splitPairs(all, splitOptions(rules));
}

/** K times all but one part for training and that part for evaluation, by component. @throws {UsageError | CorpusError} */
export function foldCorpus(corpus: Corpus, folds: number, rules: PairRules): TrainingData[] {
  if (rules.splitBy !== 'component') throw new UsageError(`--folds: expected --split-by component, got ${rules.splitBy}.`);
  const units = corpus.groups?.length ?? corpus.pairs?.length ?? 0;
  if (folds < 2 || folds > 255 || folds > units)
    throw new UsageError(`--folds: expected 2 to ${Math.min(255, units)} folds for ${corpus.path}, got ${folds}.`);
  const { splitBy: by, seed, stratified, mergeNear } = rules;
  const options = { by, seed, stratified, mergeNear };
  if (corpus.groups === undefined) {
    const parts = foldPairs(corpus.pairs ?? [], folds, options);
    return parts.map((dev, fold) => audited(corpus, { train: parts.filter((_, other) => other !== fold).flat(), dev }, rules));
  }
  const parts = foldGroups(corpus.groups, folds, options);
  return parts.map((part, fold) => {
    const others = parts.filter((_, other) => other !== fold).flat();
    const train = [...buildPairs(others, buildOptions(rules, 'train'))];
    return audited(corpus, { train, dev: [...buildPairs(part, buildOptions(rules, 'dev'))] }, rules);
  });
}

function audited(corpus: Corpus, { train, dev }: Parts, rules: PairRules): TrainingData {
  if (train.length === 0) throw new UsageError(`--train: expected labelled pairs, ${corpus.path} gives none. Check the file.`);
  if (dev.length === 0) throw new UsageError('--dev: expected labelled pairs, got none. Name a larger file or a larger --dev-share.');
  const report = reportCorpus(train, dev, corpus.groups);
  checkLeaks(report.audit, rules.allowLeaks);
  const warning = report.audit.leaks ? leakWarning(report.audit) : splitWarning(rules.splitBy);
  return { train, dev, counts: corpus.counts, defects: corpus.defects, rules, corpus: report, warning };
}

/** Stops at a leak unless it is allowed. @throws {UsageError} */
export function checkLeaks(audit: LeakageAudit, allowed: boolean): void {
  if (allowed) return;
  try {
    refuseLeaks(audit);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message} On the command line: --split-by component, or --allow-leaks.`, { cause: error });
  }
}

function leakWarning(audit: LeakageAudit): string {
  const share = (100 * audit.devPairsWithBothShared) / Math.max(1, audit.devPairs);
  const count = (value: number): string => value.toLocaleString('en');
  return `LEAK: both questions of ${share.toFixed(1)} % of the dev pairs stand in train, and ${count(audit.sharedPairs.count)} dev pairs are training pairs (${count(audit.mirrors.count)} mirrored). Scores on the dev part say nothing about new questions.`;
}

/** Says how many pairs there are, what the audit found, and any leak, loudly. */
export function sayData(context: Context, { train, dev, counts, corpus: { audit }, warning }: TrainingData): void {
  const count = (value: number): string => value.toLocaleString('en');
  const groups = counts === undefined ? '' : ` from ${count(counts.groups)} groups (${count(counts.components)} components)`;
  context.say(`pairs    ${count(train.length)} train, ${count(dev.length)} dev${groups}`);
  context.say(
    `audit    ${audit.sharedQuestions.count} shared questions, ${audit.sharedPairs.count} shared pairs, ${audit.nearDevPairs.length} dev pairs with a near duplicate in train`,
  );
  if (warning !== undefined) context.say(`!!!!     ${warning}`);
}
