import { readFileSync } from 'node:fs';
import * as tokenizer from '@samequestion/tokenizer';
import * as node from '@samequestion/tokenizer/node';
import { describe, expect, it } from 'vitest';

const MODULES: Readonly<Record<string, object>> = { '@samequestion/tokenizer': tokenizer, '@samequestion/tokenizer/node': node };

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gmsu)].map((match) => match[1] ?? '');

/** Runs a block of the README and gives what it prints, one entry a call. */
async function printed(block: string): Promise<string[]> {
  const code = block.replaceAll(/^import (\{.*?\}) from '(.*?)';$/gmu, "const $1 = modules['$2'];");
  const lines: string[] = [];
  const log = (value: unknown): void => void lines.push(typeof value === 'string' ? value : JSON.stringify(value));
  const run = new Function('modules', 'console', `return (async () => {${code}})();`) as (
    modules: object,
    console: object,
  ) => Promise<void>;
  await run(MODULES, { log });
  return lines;
}

describe('the README', () => {
  it('has examples', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(5);
  });

  it.each(blocks.map((block, i) => [i + 1, block] as const))('prints in example %i what it says', async (_, block) => {
    const expected = [...block.matchAll(/\/\/ → (.*)$/gmu)].map((match) => match[1]);
    expect(expected.length).toBeGreaterThan(0);
    expect(await printed(block)).toEqual(expected);
  });

  it('lists every export', () => {
    const table = readme.slice(readme.indexOf('## Exports'), readme.indexOf('## What it follows'));
    for (const name of [...Object.keys(tokenizer), ...Object.keys(node)]) expect(table).toContain(name);
  });
});
