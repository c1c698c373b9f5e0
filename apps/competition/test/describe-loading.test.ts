import { expect, test } from 'vitest';

import { describeLoading } from '../src/describe-loading.ts';

test('what was initialised and left out is named, a few of each', () => {
  expect(describeLoading({ initialised: [], extra: [] })).toBe('');
  expect(describeLoading({ initialised: ['classifier.weight', 'classifier.bias'], extra: [] })).toBe(
    ' (new: classifier.weight, classifier.bias)',
  );
  expect(describeLoading({ initialised: ['a'], extra: ['b', 'c', 'd', 'e', 'f', 'g'] })).toBe(' (new: a; left out: b, c, d, e and 2 more)');
});
