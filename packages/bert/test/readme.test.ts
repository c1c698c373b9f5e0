import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, expect, it, vi } from 'vitest';

const created: string[] = [];
afterAll(() => created.forEach((file) => rmSync(file, { force: true })));

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```ts\n(.*?)```/gsu)].map((match) => match[1] ?? '');

it('has an example', () => expect(blocks.length).toBeGreaterThan(0));

it.each(blocks.map((code, index) => [index + 1, code] as const))('prints in example %i what its comments say', async (index, code) => {
  const expected = [...code.matchAll(/\/\/ → (.*)$/gmu)].flatMap((match) => (match[1] ?? '').split(', then '));
  const file = new URL(`./.readme-${index}.ts`, import.meta.url);
  created.push(file.pathname);
  writeFileSync(file, code);
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void printed.push(values.join(' ')));
  try {
    await import(file.href);
  } finally {
    log.mockRestore();
  }
  expect(printed).toEqual(expected);
});
