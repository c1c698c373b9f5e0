import { CorpusError } from '@samequestion/pairs';
import { describe, expect, test } from 'vitest';

import { describeError } from '../src/exit-code.ts';
import { StoppedError, UsageError } from '../src/usage-error.ts';

describe('describeError', () => {
  test('gives 2 and one line for wrong input', () => {
    expect(describeError(new UsageError('--train: expected a file,\n  found nothing'))).toEqual({
      code: 2,
      message: '--train: expected a file, found nothing',
    });
    expect(describeError(new CorpusError('line 3: expected 3 columns, got 2')).code).toBe(2);
  });

  test('names the path of a system error', () => {
    const error = Object.assign(new Error('ENOENT: no such file or directory, open /nowhere'), { code: 'ENOENT', path: '/nowhere' });
    expect(describeError(error)).toEqual({
      code: 2,
      message: '/nowhere: expected an existing file or folder, found none (ENOENT). Check the path.',
    });
  });

  test('gives 130 when the user stopped the command and 1 with the stack for a defect', () => {
    expect(describeError(new StoppedError('stopped')).code).toBe(130);
    const defect = describeError(new TypeError('x is not a function'));
    expect(defect.code).toBe(1);
    expect(defect.message).toContain('exit-code.test.ts');
  });
});
