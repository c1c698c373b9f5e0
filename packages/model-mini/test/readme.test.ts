import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { expect, test, vi } from 'vitest';

test('the example of the README prints what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/u.exec(readme) ?? [];
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ → (.*)$/gmu)].map(([, value]) => value);
  const folder = await mkdtemp(join(fileURLToPath(new URL('.', import.meta.url)), 'readme-'));
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void printed.push(values.join(' ')));
  try {
    await writeFile(join(folder, 'example.ts'), code);
    await import(pathToFileURL(join(folder, 'example.ts')).href);
  } finally {
    log.mockRestore();
    await rm(folder, { recursive: true });
  }
  expect(expected.length).toBeGreaterThan(0);
  expect(printed).toEqual(expected);
});
