import * as library from '@samequestion/tokenizer';
import * as node from '@samequestion/tokenizer/node';
import { expect, test } from 'vitest';
import { testReadme } from '../../../tools/readme.ts';

const readme = testReadme(import.meta.url, 5);

test('the table of exports lists every export', () => {
  const table = readme.slice(readme.indexOf('## Exports'), readme.indexOf('## What it follows'));
  for (const name of [...Object.keys(library), ...Object.keys(node)]) expect(table).toContain(name);
});
