import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** TensorFlow's packages for Node, by device. */
export const tensorflowPackages = { cpu: '@tensorflow/tfjs-node', gpu: '@tensorflow/tfjs-node-gpu' } as const;

/** An installed package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** The module to import, as a URL. */
  readonly entry: string;
}

/** Looks for a package where this program is installed, then from the current folder upwards. */
export function findPackage(name: string): InstalledPackage | undefined {
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    try {
      const entry = createRequire(from).resolve(name);
      const folder = folderOf(entry, name);
      if (folder !== undefined) return { ...readPackage(folder), folder, entry: pathToFileURL(entry).href };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

/** A package in a folder that was named; `undefined` if there is none. */
export function packageAt(folder: string): InstalledPackage | undefined {
  const path = resolve(folder);
  if (!existsSync(join(path, 'package.json'))) return undefined;
  const found = readPackage(path);
  return { ...found, folder: path, entry: pathToFileURL(join(path, found.main)).href };
}

function folderOf(entry: string, name: string): string | undefined {
  for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && readPackage(folder).name === name) return folder;
  }
  return undefined;
}

function readPackage(folder: string): { readonly name: string; readonly version: string; readonly main: string } {
  const {
    name = '',
    version = '',
    main = 'index.js',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name?: string;
    version?: string;
    main?: string;
  };
  return { name, version, main };
}
