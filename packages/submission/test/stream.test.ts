import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Prediction,
  SubmissionError,
  type TestRow,
  checkTestFile,
  formatPredictions,
  openPredictions,
  parseTestFile,
  streamTestFile,
} from '@samequestion/submission';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'submission-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'test.tsv');

async function streamed(): Promise<TestRow[]> {
  const rows: TestRow[] = [];
  for await (const row of streamTestFile(path)) rows.push(row);
  return rows;
}

/** What a function gives, or where its error lies. */
async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SubmissionError)) throw error;
    return { line: error.line };
  }
}

test('a stream has the rows of the whole file, and the check counts them', async () => {
  const cells = fc.stringMatching(/^[a-z借钱 "𠮷]{0,4}$/u);
  const file = fc.record({
    rows: fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 99 }).map(String), cells, cells), { minLength: 1, selector: ([qid]) => qid }),
    header: fc.constantFrom('', 'qid\tquestion1\tquestion2', 'question2\tqid\tquestion1'),
    mark: fc.constantFrom('', '\uFEFF'),
    end: fc.constantFrom('\n', '\r\n'),
    last: fc.constantFrom('', '\n', '\r\n\n\r\n'),
  });
  await fc.assert(
    fc.asyncProperty(file, async ({ rows, header, mark, end, last }) => {
      const lines = rows.map(([qid, first, second]) =>
        (header.startsWith('question2') ? [second, qid, first] : [qid, first, second]).join('\t'),
      );
      const text = mark + [...(header === '' ? [] : [header]), ...lines].join(end) + last;
      writeFileSync(path, text);
      const expected = await outcome(() => parseTestFile(text));
      expect(await outcome(streamed)).toEqual(expected);
      expect(await outcome(() => checkTestFile(path))).toEqual(Array.isArray(expected) ? expected.length : expected);
    }),
    { seed: 1 },
  );
});

test('a line longer than what is read at once is one line', async () => {
  const question = '钱'.repeat(100_000);
  writeFileSync(path, `1\t${question}\t借\n2\ta\tb`);
  expect(await streamed()).toEqual([
    { qid: '1', question1: question, question2: '借' },
    { qid: '2', question1: 'a', question2: 'b' },
  ]);
});

describe('the check refuses with the line', () => {
  test.each([
    ['a column too few', '0\ta\tb\n1\ta\n', 2, 'expected 3 columns'],
    ['no qid', '0\ta\tb\n\ta\tb\n', 2, 'expected a qid, got nothing'],
    ['a blank line among rows', '0\ta\tb\n\n\n1\ta\tb\n', 2, 'expected a row, got a blank line'],
    ['a carriage return inside a line', '0\ta\tb\r1\ta\tb\n', 1, 'a carriage return inside a line'],
    ['other bytes than UTF-8', Buffer.from('0\ta\tb\n1\t\u00E9\tb\n', 'latin1'), 2, 'expected UTF-8 text, got other bytes'],
    ['nothing', '\n\n', undefined, 'expected at least one row, got an empty file'],
    ['a qid again', '0\ta\tb\n1\ta\tb\n2\ta\tb\n0\ta\tb\n', 4, 'expected each qid once, got "0" again, after line 1'],
  ])('%s', async (_name, content, line, message) => {
    writeFileSync(path, content);
    // Two qids at a time: four rows take two passes.
    const refused = checkTestFile(path, 2);
    await expect(refused).rejects.toThrow(SubmissionError);
    await expect(refused).rejects.toMatchObject({ line, source: path, message: expect.stringContaining(message) as string });
  });

  test('a file that is not there', async () => {
    await expect(checkTestFile(join(folder, 'none'))).rejects.toThrow('expected a readable file, got ENOENT. Check the path.');
  });
});

describe('predictions written row by row', () => {
  const predictions: readonly Prediction[] = Array.from({ length: 3000 }, (_, qid) => ({
    qid: String(qid),
    probability0: 1 / (qid + 3),
    probability1: 1 - 1 / (qid + 3),
    label: 1,
    logits: [-qid / 7, qid / 3],
  }));

  test.each([true, false])('are those written at once; with logits: %s', async (logits) => {
    const out = join(folder, `written-${logits}.tsv`);
    const writer = await openPredictions(out, { logits });
    for (const prediction of predictions) await writer.write(prediction);
    expect(readdirSync(folder)).not.toContain(`written-${logits}.tsv`);
    await writer.finish();
    await writer.discard();
    const whole = predictions.map(({ logits: scores, ...rest }) => (logits && scores !== undefined ? { ...rest, logits: scores } : rest));
    expect(readFileSync(out, 'utf8')).toBe(formatPredictions(whole));
  });

  test('leave nothing where they are given up', async () => {
    const writer = await openPredictions(join(folder, 'given-up.tsv'), { logits: false });
    for (const prediction of predictions) await writer.write(prediction);
    await writer.discard();
    expect(readdirSync(folder).filter((name) => name.includes('given-up'))).toEqual([]);
    await expect(openPredictions(join(folder, 'no', 'place.tsv'), { logits: false })).rejects.toThrow(
      'expected a writable place, got ENOENT',
    );
  });
});
