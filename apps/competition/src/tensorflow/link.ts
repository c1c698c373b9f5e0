import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { UsageError } from '../usage-error.ts';
import type { InstalledPackage } from './find-package.ts';
import type { TensorflowWheel } from './python-wheel.ts';
import { type TriedPackage, tryPackage } from './try-package.ts';

/** The Node-API version that the binding asks for, and the folder that its package looks in. */
const nodeApiVersion = 8;
const supported = '4.22.0';

/** What a package is linked to. */
export interface Link {
  readonly tensorflow: string;
  readonly python: string;
  readonly folder: string;
  readonly linked: string;
}

export interface LinkOptions {
  readonly compiler: string | undefined;
  /** Folder of `node_api.h`; found beside Node by default. */
  readonly headers: string | undefined;
  readonly say: (line: string) => void;
}

/**
 * Builds the binding of a tfjs-node package from the source in it, against the libtensorflow of a Python wheel, and tries it. The library
 * is used where it lies. What was published stays beside the new binding until `unlink`.
 *
 * @throws {UsageError} If compiler, headers or source are missing, or what was built does not work: then all is as before.
 */
export async function link(installed: InstalledPackage, wheel: TensorflowWheel, options: LinkOptions): Promise<TriedPackage> {
  refuseOtherVersions(installed);
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(installed.folder, 'binding', name));
  const absent = sources.find((path) => !existsSync(path));
  if (absent !== undefined)
    throw new UsageError(`link-tensorflow: expected the binding's source at ${absent}, found none. Install ${installed.name} again.`);
  const headers = await findHeaders(options.headers);
  const compiler = await findCompiler(options.compiler);
  const { binding, published, record } = pathsOf(installed);
  await mkdir(dirname(binding), { recursive: true });
  const built = `${binding}.${process.pid}.partial`;
  options.say(`compiling ${installed.name} ${installed.version} against TensorFlow ${wheel.version} with ${compiler}: half a minute …`);
  await compile(compiler, [...compilerArguments({ installed, wheel, headers }), ...sources, ...linkerArguments(wheel), '-o', built]);
  if (existsSync(binding) && !existsSync(record)) await rename(binding, published);
  await rename(built, binding);
  const facts: Link = { tensorflow: wheel.version, python: wheel.python, folder: wheel.folder, linked: new Date().toISOString() };
  await writeFile(record, `${JSON.stringify(facts, undefined, 2)}\n`);
  const tried = await tryPackage(installed);
  if (tried.works) return tried;
  await unlink(installed);
  throw new UsageError(`link-tensorflow: expected the new binding to work, got: ${tried.reason}. Everything is as it was before.`);
}

/** Puts back what was published. @returns Whether there was a published binding. */
export async function unlink(installed: InstalledPackage): Promise<boolean> {
  const { binding, published, record } = pathsOf(installed);
  await rm(binding, { force: true });
  const kept = existsSync(published);
  if (kept) await rename(published, binding);
  await rm(record, { force: true });
  return kept;
}

/** What a package is linked to, if it is. */
export async function readLink(installed: InstalledPackage): Promise<Link | undefined> {
  const { record } = pathsOf(installed);
  return existsSync(record) ? (JSON.parse(await readFile(record, 'utf8')) as Link) : undefined;
}

function pathsOf({ folder }: InstalledPackage): { readonly binding: string; readonly published: string; readonly record: string } {
  const lib = join(folder, 'lib', `napi-v${nodeApiVersion}`);
  const binding = join(lib, 'tfjs_binding.node');
  return { binding, published: `${binding}.published`, record: join(lib, 'samequestion-link.json') };
}

function refuseOtherVersions({ name, version, folder }: InstalledPackage): void {
  if (name !== '@tensorflow/tfjs-node' && name !== '@tensorflow/tfjs-node-gpu')
    throw new UsageError(`--package: expected @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu, ${folder} is ${name}.`);
  if (version !== supported)
    throw new UsageError(`link-tensorflow: expected ${name} ${supported}, got ${version} (${folder}). Install ${name}@${supported}.`);
}

async function findHeaders(given: string | undefined): Promise<string> {
  const prefix = dirname(dirname(await realpath(process.execPath)));
  const release = process.version.slice(1);
  const home = process.env['HOME'] ?? '';
  const places =
    given === undefined
      ? [
          join(prefix, 'include', 'node'),
          join(home, '.cache', 'node-gyp', release, 'include', 'node'),
          join(home, 'Library', 'Caches', 'node-gyp', release, 'include', 'node'),
        ]
      : [given, join(given, 'include', 'node')];
  const found = places.find((place) => existsSync(join(place, 'node_api.h')));
  if (found !== undefined) return found;
  throw new UsageError(
    `link-tensorflow: expected Node's header node_api.h in one of ${places.join(', ')}, found it in none. Get the headers with \`npx node-gyp install\`, or name their folder with --headers.`,
  );
}

async function findCompiler(given: string | undefined): Promise<string> {
  const names = given === undefined ? [process.env['CXX'] ?? 'c++', 'g++', 'clang++'] : [given];
  for (const name of names) {
    const works = await promisify(execFile)(name, ['--version']).then(
      () => true,
      () => false,
    );
    if (works) return name;
  }
  const how = process.platform === 'darwin' ? 'xcode-select --install' : 'the package g++ or clang of your system';
  throw new UsageError(
    `link-tensorflow: expected a C++ compiler (${names.join(', ')}), found none. Install ${how}, or name one with --compiler.`,
  );
}

interface CompileFor {
  readonly installed: InstalledPackage;
  readonly wheel: TensorflowWheel;
  readonly headers: string;
}

function compilerArguments({ installed, wheel, headers }: CompileFor): string[] {
  const defines = [`-DNAPI_VERSION=${nodeApiVersion}`, '-DBUILDING_NODE_EXTENSION'];
  return ['-std=c++17', '-O2', '-fPIC', '-w', ...defines, `-I${headers}`, `-I${dirname(installed.folder)}`, `-I${wheel.include}`];
}

function linkerArguments({ folder, libraries }: TensorflowWheel): string[] {
  const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  return [...shared, ...libraries, `-Wl,-rpath,${folder}`];
}

async function compile(compiler: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(compiler, [...args], { maxBuffer: 1 << 26 });
  } catch (error) {
    const text = String((error as { stderr?: string }).stderr ?? error);
    const line = text.split('\n').find((part) => /error|undefined|cannot find/iu.test(part)) ?? text.trim().slice(0, 300);
    throw new UsageError(
      `link-tensorflow: expected ${compiler} to build the binding, it failed: ${line.trim()}. This TensorFlow may be too new for it.`,
      {
        cause: error,
      },
    );
  }
}
