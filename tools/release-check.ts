// `npm run release:check`: packs every public package, checks the tarball (publint, attw, size), installs all of them in an empty project,
// imports each, and runs `npm publish --dry-run`. Needs a build first (npm run release:check does it).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const largestTarball = 16_000_000;

function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

function bin(name: string): string {
  return join(root, 'node_modules', '.bin', name);
}

/** The entries an importer can name: no patterns, no package.json, no data files. */
function entries(manifest: Manifest): string[] {
  return Object.keys(manifest.exports ?? {}).filter((entry) => !entry.includes('*') && !entry.endsWith('.json'));
}

const work = mkdtempSync(join(tmpdir(), 'samequestion-release-'));
let passed = 0;
let failed = 0;
function check(what: string, action: () => string): void {
  try {
    console.log(`ok    ${what}${action()}`);
    passed += 1;
  } catch (error) {
    console.error(`FAIL  ${what}: ${error instanceof Error ? error.message : String(error)}`);
    failed += 1;
  }
}

const packages = readdirSync(join(root, 'packages'))
  .map((folder) => ({
    folder: join(root, 'packages', folder),
    manifest: JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as Manifest,
  }))
  .filter(({ manifest }) => manifest.private !== true);

const tarballs: string[] = [];
const peers = new Map<string, string>();
for (const { folder, manifest } of packages) {
  let tarball = '';
  check(`${manifest.name}: pack`, () => {
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], folder)) as Array<{ readonly filename: string }>;
    if (packed === undefined) throw new Error('npm pack wrote nothing');
    tarball = join(work, packed.filename);
    const bytes = statSync(tarball).size;
    if (bytes > largestTarball) throw new Error(`expected at most ${largestTarball} bytes, got ${bytes}`);
    tarballs.push(tarball);
    return ` (${Math.ceil(bytes / 1000)} kB)`;
  });
  if (tarball === '') continue;
  check(`${manifest.name}: publint`, () => {
    run(bin('publint'), ['run', '--strict', tarball], folder);
    return '';
  });
  check(`${manifest.name}: types resolve (attw)`, () => {
    run(bin('attw'), [tarball, '--profile', 'esm-only'], folder);
    return '';
  });
  check(`${manifest.name}: npm publish --dry-run`, () => {
    run('npm', ['publish', tarball, '--dry-run', '--provenance=false', '--tag', 'check'], work);
    return '';
  });
  for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
    if (manifest.peerDependenciesMeta?.[name]?.optional !== true) peers.set(name, range);
  }
}

const project = join(work, 'project');
check('all tarballs install in an empty project', () => {
  execFileSync('mkdir', ['-p', project]);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  const names = [...peers].map(([name, range]) => `${name}@${range}`);
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs, ...names], project);
  return '';
});
for (const { manifest } of packages) {
  for (const entry of entries(manifest)) {
    const specifier = entry === '.' ? manifest.name : `${manifest.name}/${entry.slice(2)}`;
    check(`import ${specifier}`, () => {
      const code = `import(${JSON.stringify(specifier)}).then((module) => { if (Object.keys(module).length === 0) throw new Error('it exports nothing'); })`;
      run(process.execPath, ['--input-type=module', '-e', code], project);
      return '';
    });
  }
}
rmSync(resolve(work), { recursive: true, force: true });
console.log(`release check: ${passed} ok, ${failed} wrong`);
if (failed > 0) process.exitCode = 1;
