import { createHash } from 'node:crypto';
import { SubmissionError, validateSubmission, type DeviationKind } from '@samequestion/submission';
import { describe, expect, test } from 'vitest';
import { competition } from './competition-data.ts';

const rows = Array.from({ length: 12 }, (_row, at) => `${at}\t${at % 3 === 0 ? 0 : 1}`);
const sample = `${rows.join('\r\n')}\r\n`;
const qids = rows.map((_row, at) => String(at));

/** The sample with one line (from 1) replaced. */
const withLine = (line: number, text: string, base: string = sample): string =>
  base
    .split('\r\n')
    .map((row, at) => (at === line - 1 ? text : row))
    .join('\r\n');
/** The sample without one line (from 1). */
const without = (line: number, base: string): string =>
  base
    .split('\r\n')
    .toSpliced(line - 1, 1)
    .join('\r\n');

type Damage = readonly [
  name: string,
  damage: (text: string) => string | Uint8Array,
  expected: readonly (readonly [DeviationKind, number, number])[],
];

/** Each damages the sample in one way; deviations with line and column. */
const damages: readonly Damage[] = [
  ['a byte order mark', (text) => `\uFEFF${text}`, [['byte-order-mark', 1, 1]]],
  ['a header', (text) => `qid\tlabel\r\n${text}`, [['header', 1, 1]]],
  ['no line end after the last row', (text) => text.slice(0, -2), [['final-newline', 12, 5]]],
  ['an empty line at the end', (text) => `${text}\r\n`, [['blank-line', 13, 1]]],
  ['an empty line among the rows', (text) => text.replace('\r\n4', '\r\n\r\n4'), [['blank-line', 5, 1]]],
  ['a line of spaces', (text) => text.replace('\r\n4', '\r\n  \r\n4'), [['blank-line', 5, 1]]],
  ['one line that ends with LF', (text) => text.replace('3\t0\r\n', '3\t0\n'), [['line-ending', 4, 4]]],
  ['one line that ends with CR', (text) => text.replace('3\t0\r\n', '3\t0\r'), [['line-ending', 4, 4]]],
  ['a carriage return twice', (text) => text.replace('3\t0\r\n', '3\t0\r\r\n'), [['line-ending', 4, 4], ['blank-line', 5, 1]]],
  ['a trailing space', (text) => withLine(4, '3\t0 ', text), [['stray-space', 4, 4]]],
  ['a leading space', (text) => withLine(4, ' 3\t0', text), [['stray-space', 4, 1]]],
  ['a space before the tab', (text) => withLine(4, '3 \t0', text), [['stray-space', 4, 2]]],
  ['a no-break space', (text) => withLine(4, '3\t0\u00A0', text), [['stray-space', 4, 4]]],
  ['a zero-width space', (text) => withLine(4, '3\t\u200B0', text), [['stray-character', 4, 3], ['label', 4, 3]]],
  ['U+0000', (text) => withLine(4, '3\t0\0', text), [['stray-character', 4, 4], ['label', 4, 3]]],
  ['a space for the tab', (text) => withLine(4, '3 0', text), [['stray-space', 4, 2], ['columns', 4, 4]]],
  ['a comma for the tab', (text) => withLine(4, '3,0', text), [['columns', 4, 4]]],
  ['two tabs', (text) => withLine(4, '3\t\t0', text), [['columns', 4, 3]]],
  ['a third column', (text) => withLine(4, '3\t0\t0.97', text), [['columns', 4, 4]]],
  ['a tab at the end', (text) => withLine(4, '3\t0\t', text), [['columns', 4, 4]]],
  ['no label', (text) => withLine(4, '3', text), [['columns', 4, 2]]],
  ['an empty label', (text) => withLine(4, '3\t', text), [['label', 4, 3]]],
  ['a label that is neither 0 nor 1', (text) => withLine(11, '10\t2', text), [['label', 11, 4]]],
  ['a label with decimals', (text) => withLine(4, '3\t0.0', text), [['label', 4, 3]]],
  ['a probability for a label', (text) => withLine(4, '3\t0.98', text), [['label', 4, 3]]],
  ['a quoted label', (text) => withLine(4, '3\t"0"', text), [['label', 4, 3]]],
  ['a full-width label', (text) => withLine(4, '3\t０', text), [['label', 4, 3]]],
  ['a label in words', (text) => withLine(4, '3\tfalse', text), [['label', 4, 3]]],
  ['a missing row', (text) => without(4, text), [['missing-qid', 4, 1]]],
  ['a missing last row', (text) => without(12, text), [['missing-qid', 12, 1]]],
  ['a row that comes twice', (text) => text.replace('3\t0\r\n', '3\t0\r\n3\t0\r\n'), [['repeated-qid', 5, 1]]],
  ['a row too many', (text) => `${text}12\t0\r\n`, [['unknown-qid', 13, 1]]],
  ['a qid with a leading zero', (text) => withLine(4, '03\t0', text), [['missing-qid', 4, 1], ['unknown-qid', 4, 1]]],
  ['a qid with decimals', (text) => withLine(4, '3.0\t0', text), [['missing-qid', 4, 1], ['unknown-qid', 4, 1]]],
  ['two rows swapped', (text) => withLine(5, '3\t0', withLine(4, '4\t1', text)), [['order', 4, 1]]],
  ['columns swapped', (text) => withLine(4, '0\t3', text), [['missing-qid', 4, 1], ['repeated-qid', 4, 1], ['label', 4, 3]]],
  ['two rows on one line', (text) => text.replace('3\t0\r\n4', '3\t04'), [['columns', 4, 5], ['missing-qid', 5, 1]]],
  ['bytes that are not UTF-8', (text) => Buffer.from(withLine(4, '3\t0\u00FF', text), 'latin1'), [['not-utf8', 4, 4], ['label', 4, 3]]],
  ['UTF-16', (text) => Buffer.from(text.slice(0, 5), 'utf16le'), [['stray-character', 1, 2]]],
  ['nothing', () => '', [['empty-file', 1, 1], ['missing-qid', 1, 1]]],
]; // prettier-ignore

test('the sample itself is valid, and any labels are', () => {
  const validation = validateSubmission(sample, { sample, qids });
  expect(validation).toEqual({
    valid: true,
    deviations: [],
    sha256: createHash('sha256').update(sample).digest('hex'),
    bytes: sample.length,
    positives: 8,
    negatives: 4,
  });
  expect(validateSubmission(sample.replaceAll('\t0', '\t1'), { sample }).valid).toBe(true);
});

test('thirty kinds of damage and more are listed', () => {
  expect(damages.length).toBeGreaterThanOrEqual(30);
  expect(new Set(damages.map(([name]) => name)).size).toBe(damages.length);
});

describe.each(damages)('%s', (_name, damage, expected) => {
  test('is refused with its place', () => {
    const { valid, deviations } = validateSubmission(damage(sample), { sample, qids });
    expect(valid).toBe(false);
    const places = deviations.map(({ kind, line, column }) => [kind, line, column]);
    for (const place of expected) expect(places).toContainEqual(place);
    const oneEach = !['UTF-16', 'nothing'].includes(_name);
    if (oneEach) expect(places).toHaveLength(expected.length);
    for (const { line, column, message } of deviations) {
      expect(message).toMatch(new RegExp(`^line ${line}, column ${column}: expected .+, got .+\\.$`, 'u'));
    }
  });

  test.skipIf(competition === undefined)('is refused in the organiser’s sample too (needs ../shared)', () => {
    const organiser = Buffer.from(competition?.sample ?? []).toString();
    const { deviations } = validateSubmission(damage(organiser), { sample: organiser });
    expect(deviations.length).toBeGreaterThan(0);
  });
});

test.skipIf(competition === undefined)('the organiser’s sample is accepted with its test file (needs ../shared)', () => {
  const bytes = competition?.sample ?? new Uint8Array();
  expect(validateSubmission(bytes, { sample: bytes })).toMatchObject({ valid: true, bytes: 38_890, deviations: [] });
});

test('a sample with a header and LF without a last line end asks for the same', () => {
  const other = 'qid\tlabel\na\t0\nb\t1';
  expect(validateSubmission('qid\tlabel\na\t1\nb\t1', { sample: other }).valid).toBe(true);
  const kinds = (text: string): readonly string[] =>
    validateSubmission(text, { sample: other }).deviations.map(({ kind, line }) => `${kind} ${line}`);
  expect(kinds('a\t1\nb\t1')).toEqual(['header 1']);
  expect(kinds('QID\tLabel\na\t1\nb\t1')).toEqual(['header 1']);
  expect(kinds('qid\tlabel\na\t1\nb\t1\n')).toEqual(['final-newline 3']);
  expect(kinds('qid\tlabel\r\na\t1\nb\t1')).toEqual(['line-ending 1']);
  expect(kinds('qid\tlabel\nb\t1')).toEqual(['missing-qid 2']);
});

test('a submission in reverse is one row in place and all others out of it', () => {
  const reversed = `${rows.toReversed().join('\r\n')}\r\n`;
  expect(validateSubmission(reversed, { sample }).deviations.map(({ kind }) => kind)).toEqual(Array.from({ length: 11 }, () => 'order'));
});

test('a sample that does not belong to the test file is refused', () => {
  expect(() => validateSubmission(sample, { sample, qids: [...qids, '99'] })).toThrow(
    'validateSubmission: expected the same qids in sample and test file, got qid "99" in the test file alone. Do the two files belong together?',
  );
  expect(() => validateSubmission(sample, { sample: 'broken' })).toThrow(SubmissionError);
});
