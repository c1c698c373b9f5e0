import * as library from '@samequestion/augment';
import { testExports, testReadme } from '../../../tools/readme.ts';

testExports(testReadme(import.meta.url, 6), [...Object.keys(library), ...Object.keys(library.recipes)]);
