import {
  formatOfSample,
  formatSubmission,
  parseSubmission,
  parseTestFile,
  validateSubmission,
  type Answer,
} from '@samequestion/submission';
import fc from 'fast-check';
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

const answers: readonly Answer[] = [
  { qid: '10', label: 1 },
  { qid: '2', label: 0 },
];

test('without a sample, rows come as they are, with CRLF and without a header', () => {
  expect(formatSubmission(answers)).toBe('10\t1\r\n2\t0\r\n');
});

test('any answers in any format read back, and are valid against a sample of that format', () => {
  const qid = fc.stringMatching(/^[a-z0-9]{1,6}$/u).filter((text) => text !== 'qid');
  const list = fc.uniqueArray(fc.record({ qid, label: fc.constantFrom(0 as const, 1 as const) }), {
    minLength: 1,
    selector: (answer) => answer.qid,
  });
  fc.assert(
    fc.property(
      list,
      fc.constantFrom('\r\n' as const, '\n' as const),
      fc.boolean(),
      fc.boolean(),
      (all, lineEnding, header, finalNewline) => {
        const format = { lineEnding, header: header ? 'qid\tlabel' : undefined, finalNewline, qids: all.map((answer) => answer.qid) };
        const text = formatSubmission(all.toReversed(), format);
        expect(parseSubmission(text)).toEqual(all);
        expect(validateSubmission(text, { sample: text }).deviations).toEqual([]);
        if (all.length > 1 || header || finalNewline) expect(formatOfSample(text)).toEqual(format);
      },
    ),
    { numRuns: 300 },
  );
});

test('answers that do not fit the sample are refused', () => {
  const format = formatOfSample('2\t0\n10\t0\n');
  expect(formatSubmission(answers, format)).toBe('2\t0\n10\t1\n');
  expect(() => formatSubmission(answers.slice(1), format)).toThrow('expected one answer for each qid of the sample, got none for "10"');
  expect(() => formatSubmission([...answers, { qid: '3', label: 0 }], format)).toThrow('got "3", which is not in the sample');
  expect(() => formatSubmission([...answers, ...answers])).toThrow('expected each qid once, got "10" again');
  expect(() => formatSubmission([{ qid: 'a\tb', label: 0 }])).toThrow('expected a qid without tabs');
  expect(() => formatSubmission([{ qid: 'a', label: 2 as 1 }])).toThrow('expected the label 0 or 1 for qid "a", got 2');
});

test.each([
  ['17 1\n', 'parseSubmission: r.csv, line 1: expected 2 columns (qid, label), got 1 columns: "17 1". Columns are separated by one tab.'],
  ['17\t1\n18\t0.5\n', 'parseSubmission: r.csv, line 2: expected the label 0 or 1, got "0.5".'],
  ['17\t1\n17\t1\n', 'parseSubmission: r.csv, line 2: expected each qid once, got "17" again, after line 1.'],
])('%j is refused with its line', (text, message) => {
  expect(() => parseSubmission(text, { source: 'r.csv' })).toThrow(message);
});
