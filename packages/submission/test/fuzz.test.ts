import {
  formatPredictions,
  parsePredictions,
  parseSubmission,
  parseTestFile,
  parseTestResults,
  SubmissionError,
  validateSubmission,
  type Prediction,
} from '@samequestion/submission';
import { expect, test } from 'vitest';

/** A small generator of random numbers with a seed (SplitMix32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) % below;
  };
}

const inserted = ['\t', '\n', '\r', '\r\n', ' ', '\0', '\uFEFF', '0', '1', '-', '.', 'e', '"', ',', '借', '𠮷'].map((text) =>
  Buffer.from(text),
);
const invalid = [[0xff], [0xc0, 0xaf], [0xe5, 0x80], [0x80]].map((bytes) => Buffer.from(bytes));

/** One or two places cut, doubled, overwritten or filled. */
function damaged(file: Buffer, random: (below: number) => number): Buffer {
  let bytes = file;
  for (let times = 1 + random(2); times > 0; times -= 1) {
    const at = random(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + random(6));
    const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const extra = (random(5) === 0 ? invalid[random(invalid.length)] : inserted[random(inserted.length)]) ?? part;
    const flipped = Buffer.from(part.map((byte) => byte ^ (1 << random(8))));
    const choices = [[before, after], [before, part, part, after], [before, flipped, after], [before, extra, part, after], [before]];
    bytes = Buffer.concat(choices[random(choices.length)] ?? []);
  }
  return bytes;
}

const predictions = Array.from({ length: 6 }, (_row, at): Prediction => ({
  qid: String(at),
  probability0: 0.25,
  probability1: 0.75,
  label: 1,
}));
const qids = predictions.map(({ qid }) => qid);
const testFile = Buffer.from(qids.map((qid) => `${qid}\t借钱${qid}\t𠮷"${qid}\r\n`).join(''));
const submission = Buffer.from(qids.map((qid) => `${qid}\t1\r\n`).join(''));

const rowsIn = (bytes: Buffer): number =>
  bytes
    .toString()
    .replace(/^\uFEFF/u, '')
    .trimEnd()
    .split('\n').length;

const readers: readonly (readonly [string, Buffer, (bytes: Buffer) => number])[] = [
  ['test files', testFile, (bytes) => parseTestFile(bytes).length],
  ['submissions', submission, (bytes) => parseSubmission(bytes).length],
  ['predictions', Buffer.from(formatPredictions(predictions)), (bytes) => parsePredictions(bytes).length + 1],
  ['test results', Buffer.from('0.25\t0.75\n'.repeat(6)), (bytes) => parseTestResults(bytes, qids).length],
];

test.each(readers)('2,500 damaged %s are read row for row, or refused with one clear error', (_name, whole, read) => {
  const random = randomNumbers(whole.length);
  let refused = 0;
  for (let file = 0; file < 2500; file += 1) {
    const bytes = damaged(whole, random);
    try {
      expect(read(bytes)).toBe(rowsIn(bytes));
    } catch (error) {
      if (!(error instanceof SubmissionError)) throw error;
      expect(error.message).toMatch(/^parse\w+: .*expected .+, got .+\.( .+)?$/u);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(500);
});

test('whatever is damaged, the validator accepts exactly the bytes of some right submission', () => {
  const random = randomNumbers(7);
  for (let file = 0; file < 2500; file += 1) {
    const bytes = damaged(submission, random);
    const text = bytes.toString('latin1');
    const right = text === qids.map((qid, at) => `${qid}\t${text[at * 5 + 2]}\r\n`).join('') && /^(\d\t[01]\r\n)*$/u.test(text);
    expect({ text, valid: validateSubmission(bytes, { sample: submission }).valid }).toEqual({ text, valid: right });
  }
});
