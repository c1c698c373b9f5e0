import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';
import { README, withTable } from '../tools/kernel-table.ts';

const readme = await readFile(README, 'utf8');
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gsu)].map(([, code = '']) => code);
// A module of its own, in this folder so that it finds the package.
const fileOf = (block: number): string => fileURLToPath(new URL(`.readme-${block}.ts`, import.meta.url));
afterAll(() => Promise.all(blocks.map((_, block) => rm(fileOf(block), { force: true }))));

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

it('the README has three examples', () => {
  expect(blocks).toHaveLength(3);
});

it.each(blocks.map((code, block) => [block, code] as const))('example %i of the README prints what it says', async (block, code) => {
  const promised = [...code.matchAll(/\/\/ → (.*)$/gmu)].map(([, text]) => text);
  await writeFile(fileOf(block), code);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await import(fileOf(block));
    expect(log.mock.calls.map((values) => values.map(shown).join(' '))).toEqual(promised);
    expect(promised.length).toBeGreaterThan(0);
  } finally {
    log.mockRestore();
  }
});

it("the README's table of kernels is that of the registry", () => {
  expect(withTable(readme)).toBe(readme);
  expect(Number(/^(\d+) kernels\.$/mu.exec(readme)?.[1])).toBeGreaterThanOrEqual(90);
});
