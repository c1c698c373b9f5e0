import { existsSync, readFileSync } from 'node:fs';

const shared = new URL('../../../../shared/', import.meta.url);
const trainFile = new URL('data/diac2019/train_set.xml', shared);
const goldenFile = new URL('golden/pairs.json', shared);

/** The competition's training file, where this machine has it. It may not be redistributed, so it is not in the repository. */
export const competition: { readonly path: string; readonly golden: Readonly<Record<string, number>> } | undefined =
  existsSync(trainFile) && existsSync(goldenFile)
    ? { path: trainFile.pathname, golden: JSON.parse(readFileSync(goldenFile, 'utf8')) as Readonly<Record<string, number>> }
    : undefined;
