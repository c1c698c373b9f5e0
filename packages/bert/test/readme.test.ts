import { testReadme } from '../../../tools/readme.ts';

testReadme(import.meta.url, 1);
