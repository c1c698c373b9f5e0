import * as library from '@samequestion/checkpoints';
import * as node from '@samequestion/checkpoints/node';
import { testExports, testReadme } from '../../../tools/readme.ts';

testExports(testReadme(import.meta.url, 2), [...Object.keys(library), ...Object.keys(node)]);
