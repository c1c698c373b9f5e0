import { countCorpus, countDefects, readGroupsFile, type Defect } from '@samequestion/pairs';
import { expect, test } from 'vitest';
import { competition } from './competition-data.ts';

test.skipIf(competition === undefined)('the counts of the competition data equal the golden ones (needs ../shared)', async () => {
  const defects: Defect[] = [];
  const groups = await readGroupsFile(competition?.path ?? '', { onDefect: (defect) => defects.push(defect) });
  expect(countCorpus(groups)).toEqual(competition?.golden);
  expect(countDefects(defects)).toEqual({ 'declared-encoding': 1, 'empty-question': 22, 'stray-space': 1 });
});
