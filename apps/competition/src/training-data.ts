import { extname } from 'node:path';

import {
  type CorpusCounts,
  type Defect,
  type Pair,
  type QuestionGroup,
  buildPairs,
  countCorpus,
  countDefects,
  readGroupsFile,
  readPairsFile,
  splitGroups,
  splitPairs,
} from '@samequestion/pairs';

import { requireFile } from './run-folder.ts';
import { UsageError } from './usage-error.ts';

/** Labelled pairs in two parts that share no question. */
export interface TrainingData {
  readonly train: readonly Pair[];
  readonly dev: readonly Pair[];
  /** Of the groups, where the file held groups. */
  readonly counts: CorpusCounts | undefined;
  /** What the reader put right, by kind. */
  readonly defects: Readonly<Record<string, number>>;
}

export interface TrainingDataOptions {
  readonly train: string;
  /** Labelled pairs to evaluate on; without them a part of the training data is split off. */
  readonly dev?: string | undefined;
  readonly devShare: number;
  readonly seed: number;
}

/** Reads groups or pairs and splits off the dev part by component of shared questions. @throws {UsageError | CorpusError} */
export async function readTrainingData({ train, dev, devShare, seed }: TrainingDataOptions): Promise<TrainingData> {
  const path = await requireFile('--train', train);
  const seen: Defect[] = [];
  const onDefect = (defect: Defect): void => void seen.push(defect);
  const groups = extname(path).toLowerCase() === '.xml' ? await readGroupsFile(path, { onDefect }) : undefined;
  const parts = await partsOf(path, groups, { dev, devShare, seed, onDefect });
  if (parts.train.length === 0) throw new UsageError(`--train: expected labelled pairs, ${path} gives none. Check the file.`);
  if (parts.dev.length === 0) throw new UsageError('--dev: expected labelled pairs, got none. Name a larger file or a larger --dev-share.');
  return { ...parts, counts: groups === undefined ? undefined : countCorpus(groups), defects: countDefects(seen) };
}

interface PartOptions extends Omit<TrainingDataOptions, 'train'> {
  readonly onDefect: (defect: Defect) => void;
}

async function partsOf(
  path: string,
  groups: readonly QuestionGroup[] | undefined,
  options: PartOptions,
): Promise<Pick<TrainingData, 'train' | 'dev'>> {
  const { dev, devShare, seed, onDefect } = options;
  if (dev !== undefined) {
    const train = groups === undefined ? await readPairsFile(path, { onDefect }) : [...buildPairs(groups, buildOptions)];
    return { train, dev: await readPairsFile(await requireFile('--dev', dev), { onDefect }) };
  }
  if (groups === undefined) return splitPairs(await readPairsFile(path, { onDefect }), { devShare, seed });
  const split = splitGroups(groups, { devShare, seed });
  return { train: [...buildPairs(split.train, buildOptions)], dev: [...buildPairs(split.dev, buildOptions)] };
}

/** Each pair once, and none under both labels. */
const buildOptions = { duplicates: 'drop', contradictions: 'drop' } as const;
