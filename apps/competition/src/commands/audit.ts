import { type LeakageAudit, type Pair, auditLeakage, buildPairs, readGroupsFile, readPairsFile, refuseLeaks } from '@samequestion/pairs';

import type { Context } from '../context.ts';
import { requireFile } from '../run-folder.ts';
import { FailedCheckError, stopIfAsked } from '../usage-error.ts';

interface AuditCommandOptions {
  readonly train: string;
  readonly dev: string;
  readonly groups?: string;
  readonly examples: number;
  readonly allowLeaks?: boolean;
}

/** `samequestion audit`: what two sets of pairs share. @throws {FailedCheckError} If they leak and that is not allowed. */
export async function audit(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const { train, dev, groups, examples, allowLeaks } = given as unknown as AuditCommandOptions;
  const [trainPairs, devPairs] = [await readEither('--train', train), await readEither('--dev', dev)];
  const connected = groups === undefined ? {} : { groups: await readGroupsFile(await requireFile('--groups', groups)) };
  stopIfAsked(context, 'nothing was found out');
  const found = auditLeakage(trainPairs, devPairs, { examples, ...connected });
  for (const line of describeAudit(found)) context.say(line);
  if (allowLeaks === true) return found;
  try {
    refuseLeaks(found);
  } catch (error) {
    throw new FailedCheckError(`${error instanceof Error ? error.message : String(error)} (--allow-leaks to go on.)`, found);
  }
  return found;
}

/** Labelled pairs, or groups as pairs, each once. */
async function readEither(option: string, file: string): Promise<readonly Pair[]> {
  const path = await requireFile(option, file);
  return path.toLowerCase().endsWith('.xml') ? [...buildPairs(await readGroupsFile(path))] : readPairsFile(path);
}

/** An audit as lines for people, with examples. */
export function describeAudit(found: LeakageAudit): string[] {
  const count = (value: number): string => value.toLocaleString('en');
  const share = (value: number): string => `${((100 * value) / Math.max(1, found.devPairs)).toFixed(1)} % of the dev pairs`;
  const near = ({ trainQuestion, devQuestion }: { readonly trainQuestion: string; readonly devQuestion: string }): string =>
    `train ${trainQuestion} · dev ${devQuestion}`;
  const pair = ({ question1, question2 }: { readonly question1: string; readonly question2: string }): string =>
    `${question1} · ${question2}`;
  const finding = <Example>(
    what: string,
    { count: number, examples }: { readonly count: number; readonly examples: readonly Example[] },
    show: (example: Example) => string,
  ): string[] => [`${what.padEnd(38)} ${count(number)}`, ...examples.map((example) => `    ${show(example)}`)];
  return [
    `train ${count(found.trainPairs)} pairs, ${count(found.trainQuestions)} questions · dev ${count(found.devPairs)} pairs, ${count(found.devQuestions)} questions`,
    ...finding('shared questions', found.sharedQuestions, (question) => question),
    `  in one question or both                ${count(found.devPairsWithSharedQuestion)} (${share(found.devPairsWithSharedQuestion)})`,
    `  in both questions                      ${count(found.devPairsWithBothShared)} (${share(found.devPairsWithBothShared)})`,
    ...finding('shared pairs, in either order', found.sharedPairs, pair),
    ...finding('mirrored pairs', found.mirrors, pair),
    ...finding('shared pairs under another label', found.contradictedPairs, pair),
    ...finding('shared components', found.sharedComponents, near),
    ...finding('equal after normalisation', found.equalNormalForms, near),
    ...finding('one edit apart', found.oneEditApart, near),
    `dev pairs with a near duplicate        ${count(found.nearDevPairs.length)} (${share(found.nearDevPairs.length)})`,
    found.leaks ? 'LEAKS: a score on these dev pairs says nothing about new questions.' : 'no leak',
  ];
}
