import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { InstalledPackage } from './find-package.ts';

/** Whether an installed tfjs-node package works, tried in a process of its own: a binding that fails may end it. */
export type TriedPackage =
  | { readonly works: true; readonly tensorflow: string; readonly gpu: boolean }
  | { readonly works: false; readonly reason: string };

const program = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require(process.argv[1]);
const gradient = tf.grad((x) => tf.sum(tf.matMul(x, x)))(tf.ones([2, 2])).dataSync();
if (gradient.join() !== '4,4,4,4') throw new Error('a gradient of 4,4,4,4 came out as ' + gradient.join());
const backend = tf.backend();
console.log('TRIED ' + JSON.stringify({ tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice === true }));
`;

const longestMilliseconds = 120_000;

/** Loads the package and takes a gradient with it. */
export async function tryPackage({ entry }: InstalledPackage): Promise<TriedPackage> {
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, fileURLToPath(entry)], {
      env: environment,
      timeout: longestMilliseconds,
    });
    const line = stdout.split('\n').find((text) => text.startsWith('TRIED '));
    const { tensorflow = '', gpu = false } = JSON.parse(line?.slice(6) ?? '{}') as { tensorflow?: string; gpu?: boolean };
    return { works: true, tensorflow, gpu };
  } catch (error) {
    const text = String((error as { stderr?: string }).stderr ?? error);
    const line = text.split('\n').find((part) => /error|cannot|not found/iu.test(part)) ?? text;
    return { works: false, reason: line.trim().slice(0, 300) };
  }
}
