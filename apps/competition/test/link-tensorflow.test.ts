import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';

/** A program that answers as a Python with this TensorFlow would. */
const python = (answer: unknown): string => `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`;

describe.skipIf(process.platform === 'win32')('samequestion link-tensorflow', () => {
  let folder = '';
  let packageFolder = '';
  const link = (...args: readonly string[]): ReturnType<typeof samequestion> =>
    samequestion(['link-tensorflow', '--package', packageFolder, ...args]);
  const program = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o755 });
    return path;
  };
  const setVersion = (version: string): Promise<void> =>
    writeFile(join(packageFolder, 'package.json'), JSON.stringify({ name: '@tensorflow/tfjs-node', version, main: 'index.js' }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'link-'));
    packageFolder = join(folder, 'tfjs-node');
    await mkdir(join(packageFolder, 'binding'), { recursive: true });
    await mkdir(join(packageFolder, 'lib', 'napi-v8'), { recursive: true });
    await setVersion('4.22.0');
    await writeFile(join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node'), 'as published');
    await mkdir(join(folder, 'wheel', 'include', 'tensorflow', 'c', 'eager'), { recursive: true });
    await mkdir(join(folder, 'bare'));
    await mkdir(join(folder, 'headless'));
    await writeFile(join(folder, 'wheel', 'include', 'tensorflow', 'c', 'eager', 'c_api.h'), '');
    const libraries = [
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
      'libtensorflow_cc.2.dylib',
      'libtensorflow_framework.2.dylib',
    ];
    for (const name of libraries) for (const place of ['wheel', 'headless']) await writeFile(join(folder, place, name), '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('says in one line what is missing: Python, TensorFlow, a fitting one, its library, its headers', async () => {
    const at = (name: string): string => join(folder, name);
    const pythons = await Promise.all([
      program('none', python({ folder: null, version: null })),
      program('old', python({ folder: at('wheel'), version: '2.4.1' })),
      program('bare-python', python({ folder: at('bare'), version: '2.21.0' })),
      program('headless-python', python({ folder: at('headless'), version: '2.21.0' })),
    ]);
    const answers = await Promise.all([at('absent'), ...pythons].map((path) => link('--python', path)));
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(answers.every(({ stderr }) => /^samequestion: --python: expected .+\.\n$/u.test(stderr))).toBe(true);
    const said = ['found no such program', 'pip install tensorflow-cpu', 'has 2.4.1', 'libtensorflow_cc', "TensorFlow's headers"];
    for (const [index, text] of said.entries()) expect(answers[index]?.stderr).toContain(text);
  });

  test('says what is missing to build: the source, a compiler, headers of Node, the version that it knows', async () => {
    const good = await program('good', python({ folder: join(folder, 'wheel'), version: '2.21.0' }));
    const source = await link('--python', good);
    for (const name of ['tfjs_backend.cc', 'tfjs_binding.cc'])
      await writeFile(join(packageFolder, 'binding', name), '#error not a binding\n');
    const [compiler, headers] = await Promise.all([
      link('--python', good, '--compiler', 'no-such-compiler'),
      link('--python', good, '--headers', folder),
    ]);
    await setVersion('3.0.0');
    const version = await link('--python', good);
    await setVersion('4.22.0');
    expect([source, compiler, headers, version].map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(source.stderr).toContain("expected the binding's source");
    expect(compiler.stderr).toContain('expected a C++ compiler (no-such-compiler)');
    expect(headers.stderr).toContain('node_api.h');
    expect(version.stderr).toContain('expected @tensorflow/tfjs-node 4.22.0, got 3.0.0');
  });

  test('leaves everything as it was when the build fails or what was built does not work, and has nothing to undo then', async () => {
    const good = await program('good', python({ folder: join(folder, 'wheel'), version: '2.21.0' }));
    const headers = join(folder, 'headers');
    await mkdir(headers, { recursive: true });
    await writeFile(join(headers, 'node_api.h'), '');
    const fails = await program('failing-compiler', '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "error: not a binding" >&2\nexit 1\n');
    const lies = await program('lying-compiler', '#!/bin/sh\n[ "$1" = --version ] && exit 0\nfor last; do :; done\necho built > "$last"\n');
    const failed = await link('--python', good, '--headers', headers, '--compiler', fails);
    const lied = await link('--python', good, '--headers', headers, '--compiler', lies);
    const undone = await link('--undo');
    expect([failed, lied, undone].map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(failed.stderr).toContain('error: not a binding');
    expect(lied.stderr).toContain('Everything is as it was before.');
    expect(undone.stderr).toContain('--undo: expected a package that was linked');
    expect(await readdir(join(packageFolder, 'lib', 'napi-v8'))).toEqual(['tfjs_binding.node']);
    expect(await readFile(join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node'), 'utf8')).toBe('as published');
  });
});
