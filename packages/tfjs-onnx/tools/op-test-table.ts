// Sorts the outcomes of tfjs-core's op tests and writes docs/tfjs-op-tests.md. Run it by itself to write the file.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OpTestResult } from './run-op-tests.ts';

/** Where the table lies. */
export const TABLE = new URL('../../../docs/tfjs-op-tests.md', import.meta.url);

/** Tests that fail for a reason of their own. */
const SINGLE: Readonly<Record<string, string>> = {
  'exp: int32': 'float32: e¹⁰ is one rounding away from the double that the test expects',
  'tan: numbers exceed float32 precision': 'float32: one unit in the last place of 30144.176',
};

/** Suites of operations that this backend does not have at all, whatever stops them first. */
const LACKING: Readonly<Record<string, string>> = {
  complex_ops: 'Complex',
  ifft: 'IFFT',
  'signal/stft': 'FFT',
  'spectral/fft': 'FFT',
  'spectral/irfft': 'IFFT',
  'spectral/rfft': 'FFT',
  'string/static_regex_replace': 'StaticRegexReplace',
  'string/string_n_grams': 'StringNGrams',
  'string/string_split': 'StringSplit',
  'string/string_to_hash_bucket_fast': 'StringToHashBucketFast',
};

/** Runs the tests in a process of their own. */
export const runOpTests = async (files: readonly string[] = []): Promise<readonly OpTestResult[]> => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const script = fileURLToPath(new URL('run-op-tests.ts', import.meta.url));
  const flags = ['--import', './tools/typescript.mjs', '--conditions=@samequestion/source', '--no-deprecation'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...files], { cwd: root, maxBuffer: 2 ** 26 });
  const line = stdout.split('\n').findLast((text) => text.startsWith('[{'));
  if (line === undefined) throw new Error(`run-op-tests: expected results, got "${stdout.slice(-500)}".`);
  return JSON.parse(line) as readonly OpTestResult[];
};

/** The kernel that a test found missing. */
const missingKernel = ({ failure = '' }: OpTestResult): string | undefined =>
  /(\w+): expected a kernel of the onnx backend/u.exec(failure)?.[1];

/** Why a test does not pass; undefined if it passes or nobody knows. */
const reasonOf = (result: OpTestResult): string | undefined => {
  if (missingKernel(result) === 'Complex') return 'complex numbers';
  if (/got string/u.test(result.failure ?? '')) return 'strings';
  const name = result.name.replace(/^.*?\{\}\s*/u, '');
  return SINGLE[`${result.file}: ${name}`];
};

/** One file of tests. */
export interface FileSummary {
  readonly file: string;
  readonly run: number;
  readonly passed: number;
  /** How many tests each reason explains. */
  readonly exceptions: ReadonlyMap<string, number>;
  /** Failures that nothing explains. */
  readonly open: readonly OpTestResult[];
}

export interface Summary {
  /** Files all of whose kernels the backend has. */
  readonly covered: readonly FileSummary[];
  /** The other files, with the kernels that they miss. */
  readonly lacking: readonly { readonly file: string; readonly kernels: readonly string[] }[];
}

const summariseFile = (file: string, results: readonly OpTestResult[]): FileSummary => {
  const exceptions = new Map<string, number>();
  const open: OpTestResult[] = [];
  for (const result of results) {
    if (result.failure === undefined) continue;
    const reason = reasonOf(result);
    if (reason === undefined) open.push(result);
    else exceptions.set(reason, (exceptions.get(reason) ?? 0) + 1);
  }
  return { file, run: results.length, passed: results.filter(({ failure }) => failure === undefined).length, exceptions, open };
};

/** Sorts results by file. */
export const summarise = (results: readonly OpTestResult[]): Summary => {
  const files = new Map<string, OpTestResult[]>();
  for (const result of results) files.set(result.file, [...(files.get(result.file) ?? []), result]);
  const covered: FileSummary[] = [];
  const lacking: { file: string; kernels: readonly string[] }[] = [];
  for (const [file, list] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = LACKING[file];
    const missing = own === undefined ? list.flatMap((result) => missingKernel(result) ?? []).filter((name) => name !== 'Complex') : [own];
    if (missing.length > 0) lacking.push({ file, kernels: [...new Set(missing)].sort() });
    else covered.push(summariseFile(file, list));
  }
  return { covered, lacking };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The table as Markdown. */
export const formatTable = ({ covered, lacking }: Summary): string => {
  const run = sum(covered.map((file) => file.run));
  const passed = sum(covered.map((file) => file.passed));
  const rows = covered.map(({ file, run: count, passed: good, exceptions, open }) => {
    const reasons = [...exceptions].map(([reason, times]) => `${times} × ${reason}`);
    if (open.length > 0) reasons.push(`${open.length} × open`);
    return `| ${file} | ${count} | ${good} | ${reasons.join('; ')} |`;
  });
  return [
    "# tfjs-core's op tests on the onnx backend",
    '',
    'Generated by `packages/tfjs-onnx/tools/op-test-table.ts` from `@tensorflow/tfjs-core` 4.22.0 (`dist/ops/**/*_test.js`), run as published.',
    'Covered is a file whose every operation has its kernels in the [table of kernels](../packages/tfjs-onnx/README.md#kernels).',
    'Synchronous reads work, so no test is left out for them. A few files test helper functions that call no kernel.',
    '',
    `**${passed.toLocaleString('en')} of ${run.toLocaleString('en')} tests in ${covered.length} files pass (${((100 * passed) / run).toFixed(1)} %).**`,
    '',
    '| file | run | passed | exceptions |',
    '| --- | ---: | ---: | --- |',
    ...rows,
    '',
    '## Not covered',
    '',
    'Files that need a kernel that the backend lacks; its error names it.',
    '',
    '| file | kernels |',
    '| --- | --- |',
    ...lacking.map(({ file, kernels }) => `| ${file} | ${kernels.join(', ')} |`),
    '',
  ].join('\n');
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TABLE, formatTable(summarise(await runOpTests())));
