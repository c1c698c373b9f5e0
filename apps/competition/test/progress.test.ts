import { expect, test } from 'vitest';

import { formatDuration } from '../src/progress.ts';

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [61, '1 min 1 s'],
  [3600, '1 h 0 min'],
  [7260, '2 h 1 min'],
  [-3, '0 s'],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
