// The examples of a package's README, run as tests: `testReadme(import.meta.url, 2)` in the package's test/readme.test.ts.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Runs an example as a module beside the test, so that it finds the package, and gives what it prints: one text a call. */
async function printedBy(code: string, file: URL): Promise<string[]> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void printed.push(values.map(shown).join(' ')));
  try {
    writeFileSync(file, code);
    await import(file.href);
  } finally {
    log.mockRestore();
    rmSync(file, { force: true });
  }
  return printed;
}

/**
 * Declares the tests of a README: each block of TypeScript runs and prints what its comments say (`// → text`, several calls in one line as
 * `// → one, then other`).
 *
 * @param testFile `import.meta.url` of the package's test.
 * @param examples How many blocks there are at least.
 * @returns The README's text.
 */
export function testReadme(testFile: string, examples: number): string {
  const readme = readFileSync(new URL('../README.md', testFile), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gmsu)].map(([, code = ''], index) => [index + 1, code] as const);
  const fileOf = (number: number): URL => new URL(`.readme-${number}.ts`, testFile);
  afterAll(() => blocks.forEach(([number]) => rmSync(fileOf(number), { force: true })));

  test('the README has examples', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(examples);
  });

  test.each(blocks)('example %i of the README prints what it says', async (number, code) => {
    const promised = [...code.matchAll(/\/\/ → (.*)$/gmu)].flatMap(([, text = '']) => text.split(', then '));
    expect(promised.length).toBeGreaterThan(0);
    expect(await printedBy(code, fileOf(number))).toEqual(promised);
  });

  return readme;
}

/** Declares the test that a README names every export, between backticks. */
export function testExports(readme: string, names: readonly string[]): void {
  test('the README names every export', () => {
    expect(names.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  });
}
