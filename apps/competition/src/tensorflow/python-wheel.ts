import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { UsageError } from '../usage-error.ts';

/** TensorFlow as a Python package holds it. */
export interface TensorflowWheel {
  readonly python: string;
  readonly version: string;
  /** The folder with the libraries and `include/`. */
  readonly folder: string;
  readonly include: string;
  readonly libraries: readonly string[];
}

/** The release whose C interface the binding of tfjs-node 4.22 was written for; later ones keep it. */
const oldest = [2, 9] as const;

const libraryNames: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
  darwin: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
};

// Looks without importing: that would start TensorFlow.
const question = `
import importlib.metadata, importlib.util, json
found = importlib.util.find_spec("tensorflow")
names = ["tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-rocm", "tf-nightly", "tf-nightly-cpu"]
version = None
for name in names:
    try:
        version = importlib.metadata.version(name)
        break
    except importlib.metadata.PackageNotFoundError:
        pass
places = list(found.submodule_search_locations or []) if found else []
print(json.dumps({"folder": places[0] if places else None, "version": version}))
`;

/** Finds libtensorflow and its headers in the TensorFlow that a Python has. @throws {UsageError} If anything is missing, with how to get it. */
export async function findWheel(python: string): Promise<TensorflowWheel> {
  const names = libraryNames[process.platform];
  if (names === undefined)
    throw new UsageError(
      `link-tensorflow: expected Linux or macOS, got ${process.platform}, where TensorFlow's wheel holds no libtensorflow.`,
    );
  const { folder, version } = await ask(python);
  if (folder === null) {
    throw new UsageError(
      `--python: expected TensorFlow in ${python}, found none. Install it: ${python} -m pip install tensorflow-cpu, or "tensorflow[and-cuda]" for NVIDIA cards.`,
    );
  }
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (major !== oldest[0] || minor < oldest[1])
    throw new UsageError(
      `--python: expected TensorFlow ${oldest.join('.')} or later of version 2, ${python} has ${version ?? 'one of unknown version'}.`,
    );
  const libraries = names.map((name) => join(folder, name));
  const absent = libraries.filter((path) => !existsSync(path));
  if (absent.length > 0)
    throw new UsageError(
      `--python: expected ${absent.join(' and ')} of TensorFlow ${version}, found nothing there. Install a later release.`,
    );
  const include = join(folder, 'include');
  if (!existsSync(join(include, 'tensorflow', 'c', 'eager', 'c_api.h')))
    throw new UsageError(`--python: expected TensorFlow's headers in ${include}, found none. Install TensorFlow again, with pip.`);
  return { python, version: version ?? '', folder, include, libraries };
}

async function ask(python: string): Promise<{ readonly folder: string | null; readonly version: string | null }> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', question]);
    return JSON.parse(stdout) as { folder: string | null; version: string | null };
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const got = absent ? 'found no such program' : `it failed: ${String((error as { stderr?: string }).stderr ?? error).trim()}`;
    throw new UsageError(`--python: expected a Python 3.8 or later at ${python}, ${got}. Name the one that has TensorFlow.`, {
      cause: error,
    });
  }
}
