import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readPredictions,
  readSampleFormat,
  readSubmission,
  readTestFile,
  SubmissionError,
  writePredictions,
  writeSubmission,
  type Answer,
} from '@samequestion/submission';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'submission-'));
afterAll(() => rmSync(folder, { recursive: true }));
const answers: readonly Answer[] = [{ qid: '0', label: 1 }];

test('files are written and read', async () => {
  const path = join(folder, 'result.csv');
  await writeSubmission(path, answers);
  expect(readFileSync(path, 'utf8')).toBe('0\t1\r\n');
  expect(await readSubmission(path)).toEqual(answers);
  expect((await readSampleFormat(path)).lineEnding).toBe('\r\n');
  const predictions = [{ qid: '0', probability0: 0.25, probability1: 0.75, label: 1 }] as const;
  await writePredictions(join(folder, 'predictions.tsv'), predictions);
  expect(await readPredictions(join(folder, 'predictions.tsv'))).toEqual(predictions);
  writeFileSync(join(folder, 'test.csv'), '0\t借\t钱\r\n');
  expect(await readTestFile(join(folder, 'test.csv'))).toEqual([{ qid: '0', question1: '借', question2: '钱' }]);
});

test('a write that fails leaves the old file and nothing beside it', async () => {
  const path = join(folder, 'kept.csv');
  writeFileSync(path, 'before');
  await expect(writeSubmission(path, [...answers, ...answers])).rejects.toThrow(SubmissionError);
  expect(readFileSync(path, 'utf8')).toBe('before');
  mkdirSync(join(folder, 'taken'));
  await expect(writeSubmission(join(folder, 'taken'), answers)).rejects.toThrow('expected a writable place, got EISDIR');
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('paths that cannot be read or written are named', async () => {
  const missing = join(folder, 'no', 'test.csv');
  await expect(readTestFile(missing)).rejects.toThrow(`readTestFile: ${missing}: expected a readable file, got ENOENT. Check the path.`);
  await expect(writePredictions(missing, [])).rejects.toThrow(
    `writePredictions: ${missing}: expected a writable place, got ENOENT. Check the folder.`,
  );
});
