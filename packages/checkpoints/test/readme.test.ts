import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gsu)].map(([, code = '']) => code);
// A module of its own, in this folder so that it finds the package.
const fileOf = (block: number): string => fileURLToPath(new URL(`.readme-${block}.ts`, import.meta.url));
afterAll(() => Promise.all(blocks.map((_, block) => rm(fileOf(block), { force: true }))));

it('the README has two examples', () => {
  expect(blocks).toHaveLength(2);
});

it.each(blocks.map((code, block) => [block, code] as const))('example %i of the README prints what it says', async (block, code) => {
  const promised = [...code.matchAll(/\/\/ → (.*)$/gmu)].map(([, text]) => text);
  await writeFile(fileOf(block), code);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await import(fileOf(block));
    expect(log.mock.calls.map((values) => values.join(' '))).toEqual(promised);
    expect(promised.length).toBeGreaterThan(0);
  } finally {
    log.mockRestore();
  }
});
