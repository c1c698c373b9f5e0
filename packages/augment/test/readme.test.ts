import { readFileSync } from 'node:fs';
import * as library from '@samequestion/augment';
import { expect, test } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = Array.from(readme.matchAll(/```ts\n([^]*?)```/gu), ([, code = '']) => code);

/** Runs an example and gives the lines it prints. Imports become constants, so examples are written without type annotations. */
async function run(code: string): Promise<readonly string[]> {
  const printed: string[] = [];
  const log = (...values: readonly unknown[]): void => {
    printed.push(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '));
  };
  const body = code.replaceAll(/import (?:\* as )?(\w+|\{[^}]*\}) from '@samequestion\/augment';/gu, 'const $1 = imported;');
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval, no-new-func -- the README's own code is what this test runs
  const example = new Function('imported', 'console', `return (async () => {${body}})();`) as (...values: unknown[]) => Promise<void>;
  await example(library, { log });
  return printed;
}

test('the README has examples', () => {
  expect(blocks.length).toBeGreaterThan(5);
});

test.each(blocks.map((code, at) => [at + 1, code] as const))('example %i prints what it says', async (_number, code) => {
  const promised = Array.from(code.matchAll(/\/\/ → (.*)/gu), ([, value = '']) => value);
  expect(promised.length).toBeGreaterThan(0);
  expect(await run(code)).toEqual(promised);
});

test('the table of exports names every function, class and recipe', () => {
  for (const name of [...Object.keys(library), ...Object.keys(library.recipes)]) expect(readme).toContain(`\`${name}`);
});
