import type { BuildPairsOptions, ConflictPolicy, DevSplitOptions, SplitBy } from '@samequestion/pairs';

import { UsageError } from './usage-error.ts';

/** What the command line says about building and splitting pairs; `undefined` is the default. */
export interface PairRuleOptions {
  readonly positives?: 'once' | 'mirrored';
  readonly negatives?: 'once' | 'mirrored';
  readonly extraNegatives?: 'random' | 'hard';
  readonly extraPerGroup?: number;
  readonly duplicates?: ConflictPolicy;
  readonly contradictions?: ConflictPolicy;
  readonly maxPairsPerGroup?: number;
  readonly splitBy?: SplitBy;
  readonly stratified?: boolean;
  readonly mergeNear?: boolean;
  readonly allowLeaks?: boolean;
  readonly devShare?: number;
  readonly seed: number;
}

/** All rules, defaults filled in, as a manifest records them. */
export interface PairRules {
  readonly positives: 'once' | 'mirrored';
  readonly negatives: 'once' | 'mirrored';
  readonly extraNegatives: 'none' | 'random' | 'hard';
  readonly extraPerGroup: number;
  readonly duplicates: ConflictPolicy;
  readonly contradictions: ConflictPolicy;
  readonly maxPairsPerGroup: number | undefined;
  readonly splitBy: SplitBy;
  readonly stratified: boolean;
  readonly mergeNear: boolean;
  readonly allowLeaks: boolean;
  readonly devShare: number;
  readonly seed: number;
}

/** How groups become pairs if nothing is said. */
const usual = {
  positives: 'once',
  negatives: 'once',
  extraNegatives: 'none',
  extraPerGroup: 2,
  duplicates: 'drop',
  contradictions: 'drop',
  maxPairsPerGroup: undefined,
} as const;

/** Fills in the defaults: each pair once, none under both labels, one tenth to dev, by component. @throws {UsageError} If two rules exclude each other. */
export function pairRules(options: PairRuleOptions): PairRules {
  const rules: PairRules = {
    positives: options.positives ?? usual.positives,
    negatives: options.negatives ?? usual.negatives,
    extraNegatives: options.extraNegatives ?? usual.extraNegatives,
    extraPerGroup: options.extraPerGroup ?? usual.extraPerGroup,
    duplicates: options.duplicates ?? usual.duplicates,
    contradictions: options.contradictions ?? usual.contradictions,
    maxPairsPerGroup: options.maxPairsPerGroup,
    splitBy: options.splitBy ?? 'component',
    stratified: options.stratified ?? true,
    mergeNear: options.mergeNear ?? false,
    allowLeaks: options.allowLeaks ?? false,
    devShare: options.devShare ?? 0.1,
    seed: options.seed,
  };
  if (rules.mergeNear && rules.splitBy !== 'component')
    throw new UsageError(`--merge-near: expected --split-by component beside it, got ${rules.splitBy}.`);
  if (rules.extraNegatives !== 'none' && rules.splitBy === 'pair')
    throw new UsageError('--extra-negatives: expected --split-by component or group beside it, got pair.');
  if (options.extraPerGroup !== undefined && rules.extraNegatives === 'none')
    throw new UsageError('--extra-per-group: expected --extra-negatives beside it, got none.');
  for (const name of ['extraPerGroup', 'maxPairsPerGroup'] as const)
    if (rules[name] === 0) throw new UsageError(`${optionName(name)}: expected a whole number above 0, got 0.`);
  return rules;
}

/** A building rule that is not the usual one, as the option that names it: such rules need groups. */
export function unusualBuildingRule(rules: PairRules): string | undefined {
  const name = (Object.keys(usual) as (keyof typeof usual)[]).find((rule) => rules[rule] !== usual[rule]);
  return name === undefined ? undefined : optionName(name);
}

function optionName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The rules as the `pairs` package takes them. Extra negatives are for training: the dev part stays as it was annotated. */
export function buildOptions(rules: PairRules, part: 'train' | 'dev'): BuildPairsOptions {
  const { positives, negatives, duplicates, contradictions, seed, extraNegatives, extraPerGroup, maxPairsPerGroup } = rules;
  return {
    positives,
    negatives,
    duplicates,
    contradictions,
    seed,
    ...(maxPairsPerGroup === undefined ? {} : { maxPairsPerGroup }),
    ...(extraNegatives === 'none' || part === 'dev' ? {} : { extraNegatives: { kind: extraNegatives, perGroup: extraPerGroup } }),
  };
}

/** The rules of the split as the `pairs` package takes them. */
export function splitOptions({ splitBy, seed, stratified, mergeNear, devShare }: PairRules): DevSplitOptions {
  return { by: splitBy, seed, stratified, mergeNear, devShare };
}
