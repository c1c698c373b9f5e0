import { fileURLToPath } from 'node:url';

import type { Pair } from '@samequestion/pairs';
import {
  type SubmissionFormat,
  type TestRow,
  competitionFormat,
  readSampleFormat,
  readSubmission,
  readTestFile,
} from '@samequestion/submission';

import { requireFile } from './run-folder.ts';
import { UsageError } from './usage-error.ts';

/** The files a run reads. */
export interface Inputs {
  readonly train: string;
  readonly dev: string | undefined;
  readonly test: string | undefined;
  readonly testLabels: string | undefined;
  readonly sampleSubmission: string | undefined;
}

/** What the command line says about them. */
export interface InputOptions {
  readonly train?: string;
  readonly dev?: string;
  readonly test?: string;
  readonly testLabels?: string;
  readonly sampleSubmission?: string;
}

/** What stands in the test file and how its answers are to be written. */
export interface TestSet {
  readonly rows: readonly TestRow[];
  /** With the test file's labels, where they are known. */
  readonly labelled: readonly Pair[] | undefined;
  readonly format: SubmissionFormat;
}

/** The files that were named, or the sample data if none was. @throws {UsageError} */
export function inputFiles({ train, dev, test, testLabels, sampleSubmission }: InputOptions): Inputs {
  if (train === undefined && test === undefined) {
    const sample = (name: string): string => fileURLToPath(new URL(`../../../data/sample/${name}`, import.meta.url));
    return {
      train: sample('train_set.xml'),
      dev,
      test: sample('test_set.csv'),
      testLabels: testLabels ?? sample('test_labels.tsv'),
      sampleSubmission: sampleSubmission ?? sample('sample_submission.csv'),
    };
  }
  if (train === undefined)
    throw new UsageError('--train: expected a training file beside --test, got none. Name both, or neither for the sample data.');
  if (test === undefined && (testLabels ?? sampleSubmission) !== undefined)
    throw new UsageError('--test: expected a test file beside --test-labels or --sample-submission, got none.');
  return { train, dev, test, testLabels, sampleSubmission };
}

/** Reads the test file, its labels and its sample, and checks that they belong together. @throws {UsageError | SubmissionError} */
export async function readTestSet({ testLabels, sampleSubmission }: Inputs, path: string): Promise<TestSet> {
  const rows = await readTestFile(await requireFile('--test', path));
  if (rows.length === 0) throw new UsageError(`--test: expected rows of qid, question1, question2, ${path} has none.`);
  const format = await submissionFormat(
    rows.map(({ qid }) => qid),
    sampleSubmission,
  );
  const labelled = testLabels === undefined ? undefined : await readLabels(await requireFile('--test-labels', testLabels), rows);
  return { rows, labelled, format };
}

/** The sample's format, or the competition's in the test file's order. @throws {UsageError} If the sample is of another test file. */
export async function submissionFormat(qids: readonly string[], sample: string | undefined): Promise<SubmissionFormat> {
  if (sample === undefined) return { ...competitionFormat, qids };
  const format = await readSampleFormat(await requireFile('--sample-submission', sample));
  const known = new Set(qids);
  const strange = format.qids?.find((qid) => !known.has(qid));
  if (strange !== undefined || format.qids?.length !== qids.length) {
    const what =
      strange === undefined ? `${format.qids?.length ?? 0} rows for ${qids.length}` : `qid ${strange}, which the test file lacks`;
    throw new UsageError(`--sample-submission: expected the test file's qids, got ${what}. Do the files belong together?`);
  }
  return format;
}

async function readLabels(path: string, rows: readonly TestRow[]): Promise<readonly Pair[]> {
  const labels = new Map((await readSubmission(path)).map(({ qid, label }) => [qid, label]));
  return rows.map(({ qid, question1, question2 }) => {
    const label = labels.get(qid);
    if (label === undefined)
      throw new UsageError(`--test-labels: expected a label for every row of the test file, got none for qid ${qid}.`);
    return { question1, question2, label };
  });
}
