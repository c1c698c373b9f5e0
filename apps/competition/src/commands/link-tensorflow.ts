import type { Context } from '../context.ts';
import { type InstalledPackage, findPackage, packageAt, tensorflowPackages } from '../tensorflow/find-package.ts';
import { link, readLink, unlink } from '../tensorflow/link.ts';
import { findWheel } from '../tensorflow/python-wheel.ts';
import { UsageError } from '../usage-error.ts';

interface LinkTensorflowOptions {
  readonly python: string;
  readonly package?: string;
  readonly undo?: boolean;
  readonly compiler?: string;
  readonly headers?: string;
}

/** `samequestion link-tensorflow`: an installed tfjs-node or tfjs-node-gpu computes with the TensorFlow of a Python, or as published again. */
export async function linkTensorflow(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const options = given as unknown as LinkTensorflowOptions;
  const packages = wantedPackages(options.package);
  if (options.undo === true) return undo(packages, context);
  const wheel = await findWheel(options.python);
  const linked: unknown[] = [];
  for (const installed of packages) {
    const tried = await link(installed, wheel, { compiler: options.compiler, headers: options.headers, say: context.say });
    const device = tried.works && tried.gpu ? 'GPU' : 'CPU';
    context.say(`${installed.name} computes with TensorFlow ${wheel.version} on the ${device} (${installed.folder})`);
    linked.push({ name: installed.name, folder: installed.folder, tensorflow: wheel.version, device });
  }
  return { linked, library: wheel.folder };
}

async function undo(packages: readonly InstalledPackage[], context: Context): Promise<unknown> {
  const undone: unknown[] = [];
  for (const installed of packages) {
    if ((await readLink(installed)) === undefined) continue;
    const published = await unlink(installed);
    const now = published ? 'is as it was published' : `has no binding now; npm rebuild ${installed.name} would download the published one`;
    context.say(`${installed.name} ${now} (${installed.folder})`);
    undone.push({ name: installed.name, folder: installed.folder, published });
  }
  if (undone.length === 0) {
    const folders = packages.map(({ folder }) => folder).join(' and ');
    throw new UsageError(`--undo: expected a package that was linked, ${folders} are as they were published.`);
  }
  return { undone };
}

function wantedPackages(folder: string | undefined): readonly InstalledPackage[] {
  if (folder !== undefined) {
    const named = packageAt(folder);
    if (named === undefined)
      throw new UsageError(`--package: expected the folder of an installed package, found no package.json in ${folder}.`);
    return [named];
  }
  const found = [tensorflowPackages.gpu, tensorflowPackages.cpu].flatMap((name) => findPackage(name) ?? []);
  if (found.length > 0) return found;
  throw new UsageError(
    `link-tensorflow: expected ${tensorflowPackages.cpu} or ${tensorflowPackages.gpu} to be installed, found neither. Install one without its download: npm install --ignore-scripts ${tensorflowPackages.gpu}@4.22.0`,
  );
}
