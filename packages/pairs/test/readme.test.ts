import * as library from '@samequestion/pairs';
import { testExports, testReadme } from '../../../tools/readme.ts';

testExports(testReadme(import.meta.url, 3), Object.keys(library));
