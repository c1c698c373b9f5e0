import { expect, it } from 'vitest';
import { testReadme } from '../../../tools/readme.ts';
import { withTable } from '../tools/kernel-table.ts';

const readme = testReadme(import.meta.url, 3);

it("the README's table of kernels is that of the registry", () => {
  expect(withTable(readme)).toBe(readme);
  expect(Number(/^(\d+) kernels\.$/mu.exec(readme)?.[1])).toBeGreaterThanOrEqual(90);
});
