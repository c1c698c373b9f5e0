import { formatOfSample, formatSubmission, parseSubmission, parseTestFile } from '@samequestion/submission';
import { expect, test } from 'vitest';
import { competition } from './competition-data.ts';

test.skipIf(competition === undefined)('the organiser’s sample is written back byte for byte (needs ../shared)', () => {
  const { test: testFile, sample } = competition ?? { test: new Uint8Array(), sample: new Uint8Array() };
  const rows = parseTestFile(testFile);
  expect(rows).toHaveLength(5000);
  expect(rows[1169]?.question2.startsWith('"')).toBe(true);
  const format = formatOfSample(sample);
  expect(format.qids).toEqual(rows.map(({ qid }) => qid));
  const written = Buffer.from(formatSubmission(parseSubmission(sample).toReversed(), format));
  expect(written).toHaveLength(38_890);
  expect(written.equals(sample)).toBe(true);
});
