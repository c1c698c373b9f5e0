import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { unreadable, unwritable } from './file-errors.ts';
import { formatPredictions, parsePredictions, type Prediction } from './predictions.ts';
import {
  competitionFormat,
  formatOfSample,
  formatSubmission,
  parseSubmission,
  type Answer,
  type SubmissionFormat,
} from './submission-file.ts';
import { parseTestFile, type TestRow } from './test-file.ts';

/** Reads a test file; see {@link parseTestFile}. @throws {SubmissionError} */
export async function readTestFile(path: string): Promise<readonly TestRow[]> {
  return parseTestFile(await readBytes('readTestFile', path), { source: path });
}

/** Reads a submission or a file of labels; see {@link parseSubmission}. @throws {SubmissionError} */
export async function readSubmission(path: string): Promise<readonly Answer[]> {
  return parseSubmission(await readBytes('readSubmission', path), { source: path });
}

/** Reads the format of a sample submission; see {@link formatOfSample}. @throws {SubmissionError} */
export async function readSampleFormat(path: string): Promise<SubmissionFormat> {
  return formatOfSample(await readBytes('readSampleFormat', path), { source: path });
}

/** Reads `predictions.tsv`; see {@link parsePredictions}. @throws {SubmissionError} */
export async function readPredictions(path: string): Promise<readonly Prediction[]> {
  return parsePredictions(await readBytes('readPredictions', path), { source: path });
}

/** Writes a submission exactly in the given format: beside the file first, then renamed. @throws {SubmissionError} */
export async function writeSubmission(
  path: string,
  answers: Iterable<Answer>,
  format: SubmissionFormat = competitionFormat,
): Promise<void> {
  await writeAtomically('writeSubmission', path, formatSubmission(answers, format));
}

/** Writes `predictions.tsv`: beside the file first, then renamed. @throws {SubmissionError} */
export async function writePredictions(path: string, predictions: Iterable<Prediction>): Promise<void> {
  await writeAtomically('writePredictions', path, formatPredictions(predictions));
}

/** All bytes of a file. @throws {SubmissionError} If it cannot be read. */
export async function readBytes(what: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw unreadable(what, path, cause);
  }
}

async function writeAtomically(what: string, path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(beside, text, { flag: 'wx', flush: true });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw unwritable(what, path, cause);
  }
}
