import { readFileSync } from 'node:fs';
import * as submission from '@samequestion/submission';
import { expect, test } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n([^]*?)```/gu)].map(([, code = '']) => code);

/** Runs an example and gives what it prints. Imports become constants, so examples are written without type annotations. */
async function run(code: string): Promise<readonly string[]> {
  const printed: string[] = [];
  const print = (...values: readonly unknown[]): void => {
    printed.push(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '));
  };
  const body = code.replaceAll(/import (\{[^}]*\}) from '@samequestion\/submission';/gu, 'const $1 = library;');
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval, no-new-func -- the README's own code is what this test runs
  const example = new Function('library', 'console', `return (async () => {${body}})();`) as (...values: unknown[]) => Promise<void>;
  await example(submission, { log: print });
  return printed;
}

test('the README has examples', () => {
  expect(blocks.length).toBeGreaterThan(2);
});

test.each(blocks.map((code, at) => [at + 1, code] as const))('example %i prints what it says', async (_number, code) => {
  const promised = [...code.matchAll(/\/\/ → (.*)/gu)].map(([, value = '']) => value);
  expect(promised.length).toBeGreaterThan(0);
  expect(await run(code)).toEqual(promised);
});

test('the table of exports names every function and class', () => {
  for (const name of Object.keys(submission)) expect(readme).toContain(`\`${name}\``);
});
