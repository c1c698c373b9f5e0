import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readGroupsFile, writeGroupsFile } from '@samequestion/pairs';

import { samequestion } from './samequestion.ts';

const sample = (name: string): string => fileURLToPath(new URL(`../../../../data/sample/${name}`, import.meta.url));

/** A part of the sample data, small enough to train on in a second. */
export interface SmallData {
  readonly folder: string;
  readonly train: string;
  readonly test: string;
  readonly testLabels: string;
  readonly sampleSubmission: string;
  path(name: string): string;
  remove(): void;
}

/** Writes the first groups and test rows of the sample data into a new temporary folder. */
export async function writeSmallData({ groups, rows }: { readonly groups: number; readonly rows: number }): Promise<SmallData> {
  const folder = mkdtempSync(join(tmpdir(), 'samequestion-cli-'));
  const path = (name: string): string => join(folder, name);
  await writeGroupsFile(path('train.xml'), (await readGroupsFile(sample('train_set.xml'))).slice(0, groups));
  const cut = async (name: string, lines: number): Promise<string> => {
    const text = await readFile(sample(name), 'utf8');
    const kept = text.split('\n').slice(0, lines);
    await writeFile(path(name), `${kept.join('\n')}\n`);
    return path(name);
  };
  return {
    folder,
    train: path('train.xml'),
    test: await cut('test_set.csv', rows + 1),
    testLabels: await cut('test_labels.tsv', rows + 1),
    sampleSubmission: await cut('sample_submission.csv', rows),
    path,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs `samequestion` and expects it to succeed. @returns What it printed on standard output. */
export async function succeed(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await samequestion(args);
  if (code !== 0) throw new Error(`samequestion ${args.join(' ')}: expected exit code 0, got ${code}: ${stderr}`);
  return stdout;
}

/** The model and the length of a run that ends in a second. */
export const tiny: readonly string[] = ['--layers', '1', '--hidden', '32', '--heads', '2', '--max-length', '48', '--threads', '1'];
