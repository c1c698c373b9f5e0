import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  auditLeakage,
  buildPairs,
  nearDuplicateSets,
  planSplit,
  readGroupsFile,
  splitGroups,
  splitPairs,
  writePairsFile,
  type QuestionGroup,
} from '@samequestion/pairs';

/** What one task took. */
export interface Measurement {
  readonly seconds: number;
  /** Largest resident set of the process. */
  readonly peakMegabytes: number;
  /** Resident set before the work. */
  readonly idleMegabytes: number;
  readonly note: string;
  /** Why nothing was measured. */
  readonly skipped?: string;
}

const trainFile = fileURLToPath(new URL('../../../../shared/data/diac2019/train_set.xml', import.meta.url));

/** Groups as numerous as asked, never held: five to eight questions each, one in five shared with the group before. */
function* syntheticGroups(count: number): Generator<QuestionGroup> {
  for (let at = 0; at < count; at += 1) {
    const question = (kind: string, index: number): string => `${kind}第${at}组的第${index}个问题怎么办理`;
    const equivalents = Array.from({ length: 2 + (at % 3) }, (_question, index) => question('同', index));
    const nonEquivalents = Array.from({ length: 3 + (at % 2) }, (_question, index) => question('异', index));
    if (at % 5 === 0 && at > 0) nonEquivalents.push(`同第${at - 1}组的第0个问题怎么办理`);
    yield { id: String(at), equivalents, nonEquivalents };
  }
}

function countPairs(groups: number): string {
  let [pairs, characters] = [0, 0];
  for (const { question1 } of buildPairs(syntheticGroups(groups))) {
    pairs += 1;
    characters += question1.length;
  }
  return `${pairs} pairs, ${characters} characters`;
}

async function prepareRealData(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pairs-bench-'));
  try {
    const { train, dev } = splitGroups(await readGroupsFile(trainFile), { seed: 1 });
    const written = [
      await writePairsFile(join(folder, 'train.tsv'), buildPairs(train)),
      await writePairsFile(join(folder, 'dev.tsv'), buildPairs(dev)),
    ];
    return `${written[0]} training and ${written[1]} dev pairs`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Prepared = () => string | Promise<string>;

/** Loads what a task needs, so that only the task is timed. */
const tasks: Readonly<Record<string, () => Promise<Prepared>>> = {
  real: async () => prepareRealData,
  audit: async () => {
    const { train, dev } = splitGroups(await readGroupsFile(trainFile), { seed: 1 });
    const [trainPairs, devPairs] = [[...buildPairs(train)], [...buildPairs(dev)]];
    return () => {
      const audit = auditLeakage(trainPairs, devPairs);
      return `${audit.sharedQuestions.count} shared questions, ${audit.equalNormalForms.count + audit.oneEditApart.count} near duplicates`;
    };
  },
  'audit-original': async () => {
    const pairs = buildPairs(await readGroupsFile(trainFile), { positives: 'mirrored' });
    const { train, dev } = splitPairs(pairs, { by: 'pair', devShare: 0.2, stratified: false, seed: 1 });
    return () => {
      const audit = auditLeakage(train, dev);
      return `both questions of ${((100 * audit.devPairsWithBothShared) / audit.devPairs).toFixed(1)} % of the dev pairs stand in train`;
    };
  },
  near: async () => {
    const groups = await readGroupsFile(trainFile);
    const questions = groups.flatMap(({ equivalents, nonEquivalents }) => [...equivalents, ...nonEquivalents]);
    return () => `${nearDuplicateSets(questions).length} sets`;
  },
  'build-10000': async () => () => countPairs(10_000),
  'build-1000000': async () => () => countPairs(1_000_000),
  'split-1000000': async () => async () => {
    const plan = await planSplit(syntheticGroups(1_000_000), [0.9, 0.1], { seed: 1 });
    return `${plan.reduce((sum, part) => sum + part, 0)} groups in dev`;
  },
};

/** Measures one task in this process. */
async function measure(name: string): Promise<Measurement> {
  const task = tasks[name];
  if (task === undefined) throw new RangeError(`measure: expected one of ${Object.keys(tasks).join(', ')}, got ${name}`);
  const needsData = !name.includes('000');
  if (needsData && !existsSync(trainFile)) {
    return { seconds: 0, peakMegabytes: 0, idleMegabytes: 0, note: '', skipped: 'skipped: the competition data is not at hand' };
  }
  const idleMegabytes = process.memoryUsage.rss() / 1e6;
  const work = await task();
  const start = performance.now();
  const note = await work();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, peakMegabytes: process.resourceUsage().maxRSS / 1000, idleMegabytes, note };
}

process.stdout.write(JSON.stringify(await measure(process.argv[2] ?? '')));
