// Runs tfjs-core's published op tests on the onnx backend, as they are, and prints one JSON object.
//
//   node --import ./tools/typescript.mjs --conditions=@samequestion/source packages/tfjs-onnx/tools/run-op-tests.ts [FILE …]
//
// FILE: names in @tensorflow/tfjs-core/dist/ops without `_test.js`, or fused/NAME and the like; all of them by default.
// --backend=cpu runs tfjs's own CPU backend instead, for comparison.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { register } from 'tsx/cjs/api';
import '@tensorflow/tfjs';
import { registerOnnxBackend } from '@samequestion/tfjs-onnx';

/** One test's outcome. */
export interface OpTestResult {
  readonly file: string;
  readonly name: string;
  /** Why it failed, first lines; absent if it passed. */
  readonly failure?: string;
}

interface Spec {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string; readonly stack: string }[];
}

interface Jasmine {
  getEnv(): {
    configure(options: object): void;
    addReporter(reporter: { specDone(spec: Spec): void }): void;
    execute(): Promise<unknown> | undefined;
  };
}

const require = createRequire(import.meta.url);
const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'));
const folder = join(core, 'dist', 'ops');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const backendName = process.argv.includes('--backend=cpu') ? 'cpu' : 'onnx';
const files = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('_test.js'))
  .map((file) => file.slice(0, -'_test.js'.length))
  .filter((file) => wanted.length === 0 || wanted.includes(file));

// The tests are ES modules without file endings that also use `require`: they are loaded as CommonJS.
register();
registerOnnxBackend();
const jasmineCore = require('jasmine-core') as { boot(core: unknown): Jasmine };
const jasmine = jasmineCore.boot(jasmineCore);
const { setTestEnvs } = require(join(core, 'dist', 'jasmine_util.js')) as { setTestEnvs(environments: readonly object[]): void };
setTestEnvs([{ name: backendName, backendName, isDataSync: true }]);

const results: OpTestResult[] = [];
const suites = globalThis as unknown as { describe(name: string, define: () => void): void };
for (const file of files) suites.describe(`#${file}#`, () => void require(join(folder, `${file}_test.js`)));

const environment = jasmine.getEnv();
environment.configure({ random: false, oneFailurePerSpec: true });
environment.addReporter({
  specDone: ({ fullName, status, failedExpectations }) => {
    const [, file = '', name = fullName] = /^#([\w/]+)#\s*(.*)$/su.exec(fullName) ?? [];
    const [first] = failedExpectations;
    if (status === 'passed') results.push({ file, name });
    else if (status === 'failed') {
      results.push({ file, name, failure: `${first?.message ?? 'failed'}`.split('\n').slice(0, 3).join(' ').slice(0, 400) });
    }
  },
});
// Tests of tfjs warn about what they try on purpose.
console.warn = () => {};
await new Promise<void>((resolve) => {
  environment.addReporter({ specDone: () => {}, jasmineDone: () => resolve() } as never);
  void environment.execute();
});
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
