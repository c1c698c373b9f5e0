import { basename, resolve } from 'node:path';

import { type Agreement, type Prediction, agreementOf, readPredictions } from '@samequestion/submission';

import { readManifest } from './manifest.ts';
import type { ReportScore } from './report/report-data.ts';
import { runFolder } from './run-folder.ts';
import { UsageError } from './usage-error.ts';

/** A finished run, as its folder tells. */
export interface FinishedRun {
  /** The folder's name; the whole path where two runs have the same. */
  readonly name: string;
  readonly folder: string;
  /** Every setting by its dotted name, as text. */
  readonly settings: Readonly<Record<string, string>>;
  readonly scoredOn: string;
  /** The model first, then its baselines. */
  readonly scores: readonly ReportScore[];
  readonly dev: readonly ReportScore[];
  readonly seconds: number | undefined;
  /** SHA-256 of the test file and of its labels. */
  readonly testSha256: string | undefined;
  readonly warning: string | undefined;
  readonly predictions: readonly Prediction[] | undefined;
}

/** A setting that not all runs share, with its value in each of them. */
export interface Difference {
  readonly setting: string;
  readonly values: readonly (string | undefined)[];
}

/** How the answers of two runs agree; `undefined` if they answer different test files. */
export interface PairAgreement {
  readonly one: string;
  readonly other: string;
  readonly agreement: Agreement | undefined;
}

/** Finished runs side by side. */
export interface Comparison {
  readonly runs: readonly FinishedRun[];
  readonly differences: readonly Difference[];
  readonly agreements: readonly PairAgreement[];
  /** What must be said: scores on different data cannot be compared. */
  readonly warnings: readonly string[];
}

/** Reads finished runs and compares them. @throws {UsageError} If a folder holds no finished run. */
export async function compareRuns(folders: readonly string[]): Promise<Comparison> {
  const names = folders.map((folder) => basename(resolve(folder)));
  const runs: FinishedRun[] = [];
  for (const [index, folder] of folders.entries()) {
    const name = names[index] ?? folder;
    runs.push(await readRun(folder, names.filter((other) => other === name).length > 1 ? folder : name));
  }
  return { runs, differences: differencesOf(runs), agreements: agreementsOf(runs), warnings: warningsOf(runs) };
}

async function readRun(path: string, name: string): Promise<FinishedRun> {
  const folder = runFolder(resolve(path));
  const manifest = await readManifest(folder.manifest);
  if (manifest === undefined)
    throw new UsageError(`compare: expected the folder of a finished run, ${path} has no manifest.json. Check the path.`);
  const scores = scoresIn(manifest['scores']);
  if (scores.length === 0) throw new UsageError(`compare: expected the manifest of a finished run, ${folder.manifest} has no scores.`);
  const inputs = recordIn(manifest['inputs']);
  const predictions = inputs['test'] === undefined ? undefined : await readPredictions(folder.predictions);
  const hashOf = (input: string): string => String(recordIn(inputs[input])['sha256'] ?? '');
  return {
    name,
    folder: folder.root,
    settings: {
      ...flatten({ preset: manifest['preset'] }),
      ...flatten(recordIn(manifest['settings'])),
      ...flatten(Object.fromEntries(Object.keys(inputs).map((input) => [input, hashOf(input).slice(0, 12)])), 'input '),
      ...flatten({ threshold: manifest['threshold'], engine: recordIn(manifest['machine'])['engine'] }),
      ...flatten(recordIn(manifest['versions']), 'version '),
    },
    scoredOn: String(manifest['scoredOn'] ?? ''),
    scores,
    dev: scoresIn(recordIn(manifest['dev'])['scores']),
    seconds: numberIn(recordIn(manifest['durations'])['seconds']),
    testSha256: inputs['test'] === undefined ? undefined : `${hashOf('test')} ${hashOf('testLabels')}`,
    warning: typeof manifest['warning'] === 'string' ? manifest['warning'] : undefined,
    predictions,
  };
}

function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function scoresIn(value: unknown): ReportScore[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry) => {
    const { name, macroF1, accuracy } = recordIn(entry);
    return { name: String(name), macroF1: numberIn(macroF1) ?? Number.NaN, accuracy: numberIn(accuracy) ?? Number.NaN };
  });
}

/** Nested settings by dotted names; lists as JSON. */
function flatten(value: Readonly<Record<string, unknown>>, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]): (readonly [string, string])[] => {
      if (entry === undefined) return [];
      if (typeof entry === 'object' && entry !== null && !Array.isArray(entry))
        return Object.entries(flatten(entry as Record<string, unknown>, `${prefix}${name}.`));
      return [[`${prefix}${name}`, typeof entry === 'string' ? entry : JSON.stringify(entry)]];
    }),
  );
}

function differencesOf(runs: readonly FinishedRun[]): Difference[] {
  const names = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  return names
    .map((setting) => ({ setting, values: runs.map(({ settings }) => settings[setting]) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function agreementsOf(runs: readonly FinishedRun[]): PairAgreement[] {
  return runs.flatMap((one, at) => runs.slice(at + 1).map((other) => ({ one: one.name, other: other.name, agreement: agree(one, other) })));
}

function agree(one: FinishedRun, other: FinishedRun): Agreement | undefined {
  if (one.predictions === undefined || other.predictions === undefined) return undefined;
  const known = new Set(one.predictions.map(({ qid }) => qid));
  if (known.size !== other.predictions.length || !other.predictions.every(({ qid }) => known.has(qid))) return undefined;
  return agreementOf({ name: one.name, predictions: one.predictions }, { name: other.name, predictions: other.predictions });
}

function warningsOf(runs: readonly FinishedRun[]): string[] {
  const places = new Set(runs.map(({ scoredOn, testSha256 }) => `${scoredOn} ${testSha256 ?? ''}`));
  const leaks = runs.flatMap(({ name, warning }) => (warning === undefined ? [] : [`${name}: ${warning}`]));
  return [...(places.size > 1 ? ['The runs were scored on different data: their scores cannot be compared.'] : []), ...leaks];
}
