import { defineConfig } from 'vitest/config';

// Tests run from source: the packages' `@samequestion/source` condition leads to `src`, and tsx lets worker threads load TypeScript.
const conditions = ['@samequestion/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages,apps}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--import', new URL('./tools/typescript.mjs', import.meta.url).href, '--conditions=@samequestion/source'],
    testTimeout: 120_000,
  },
});
