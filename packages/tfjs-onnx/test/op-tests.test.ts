import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatTable, runOpTests, summarise, TABLE, type Summary } from '../tools/op-test-table.ts';

/** What the issue asks for: this share of the covered files' tests passes. */
const SHARE = 0.95;

describe("tfjs-core's own op tests", () => {
  let summary: Summary;
  beforeAll(async () => {
    summary = summarise(await runOpTests());
    // Three thousand tests on a loaded machine.
  }, 180_000);

  it('pass on the backend, but for complex numbers, strings and two roundings', () => {
    const run = summary.covered.reduce((total, file) => total + file.run, 0);
    const passed = summary.covered.reduce((total, file) => total + file.passed, 0);
    expect(summary.covered.flatMap(({ open }) => open)).toEqual([]);
    expect(run).toBeGreaterThan(2000);
    expect(passed / run).toBeGreaterThanOrEqual(SHARE);
    const reasons = new Set(
      summary.covered.flatMap(({ exceptions }) => [...exceptions.keys()]).filter((reason) => !reason.startsWith('float32')),
    );
    expect([...reasons].sort()).toEqual(['complex numbers', 'strings']);
  });

  it('give the table in docs', async () => {
    expect(formatTable(summary)).toBe(await readFile(TABLE, 'utf8'));
  });
});
