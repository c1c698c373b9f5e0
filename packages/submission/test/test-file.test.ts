import { parseTestFile, SubmissionError } from '@samequestion/submission';
import { describe, expect, test } from 'vitest';

const two = [
  { qid: '0', question1: '借钱不还"怎么办"', question2: '"欠钱' },
  { qid: 'b', question1: ' 借条 ', question2: '' },
];
const text = '0\t借钱不还"怎么办"\t"欠钱\nb\t 借条 \t\n';

test('LF or CRLF, header or none, byte order mark or none, last line end or none give the same rows', () => {
  for (const header of ['', 'qid\tquestion1\tquestion2\n']) {
    for (const mark of ['', '\uFEFF']) {
      const whole = mark + header + text;
      for (const content of [whole, whole.replaceAll('\n', '\r\n'), whole.slice(0, -1), new TextEncoder().encode(whole)]) {
        expect(parseTestFile(content)).toEqual(two);
      }
    }
  }
});

test('a header may name the columns in another order', () => {
  expect(parseTestFile('question2\tQID\tquestion1\nz\t7\ta\n')).toEqual([{ qid: '7', question1: 'a', question2: 'z' }]);
});

describe('refused with the line', () => {
  test.each([
    [
      'a column too few',
      '0\ta\tb\n1\ta\n',
      2,
      'expected 3 columns (qid, question1, question2), got 2 columns: "1\\ta". Columns are separated by one tab.',
    ],
    ['a column too many', '0\ta\tb\tc\n', 1, 'expected 3 columns'],
    ['commas', '0,a,b\n', 1, 'expected 3 columns'],
    ['a qid again', '0\ta\tb\n1\ta\tb\n0\ta\tb\n', 3, 'expected each qid once, got "0" again, after line 1'],
    ['no qid', '\ta\tb\n', 1, 'expected a qid, got nothing'],
    ['a blank line among rows', '0\ta\tb\n\n1\ta\tb\n', 2, 'expected a row, got a blank line'],
    ['a carriage return inside a line', '0\ta\tb\r1\ta\tb\n', 1, 'a carriage return inside a line'],
    ['U+0000', '0\ta\tb\n1\t\0\tb\n', 2, 'the character U+0000'],
    ['other bytes than UTF-8', Buffer.from('0\ta\tb\n1\t\u00E9\tb\n', 'latin1'), 2, 'expected UTF-8 text, got other bytes'],
    ['nothing', '', undefined, 'expected at least one row, got an empty file'],
  ])('%s', (_name, content, line, message) => {
    const parse = (): unknown => parseTestFile(content, { source: 'test.csv' });
    expect(parse).toThrow(SubmissionError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(`parseTestFile: test.csv${line === undefined ? '' : `, line ${line}`}: `);
  });
});
