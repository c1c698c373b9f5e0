import util from 'node:util';

import { afterEach, expect, test } from 'vitest';

import { restoreUtilFunctions } from '../src/tensorflow/node-shim.ts';

type Functions = Partial<Record<'isNullOrUndefined' | 'isArray', (value: unknown) => boolean>>;
const functions = util as unknown as Functions;
const { isNullOrUndefined, isArray } = functions;
afterEach(() => Object.assign(functions, { isNullOrUndefined, isArray }));

test('Node 23 gets back the two functions that tfjs-node calls', () => {
  delete functions.isNullOrUndefined;
  delete functions.isArray;
  restoreUtilFunctions();
  expect([null, undefined, 0, ''].map((value) => functions.isNullOrUndefined?.(value))).toEqual([true, true, false, false]);
  expect([[], 'a', new Uint8Array(1)].map((value) => functions.isArray?.(value))).toEqual([true, false, false]);
});
