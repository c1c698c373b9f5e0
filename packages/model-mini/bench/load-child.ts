// Loads the model and its tokenizer in a process of its own and prints what that took, as JSON. `file` reads the weights file alone.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '@samequestion/bert';
import { readTokenizer } from '@samequestion/tokenizer/node';
import { modelFolder } from '@samequestion/model-mini';

/** What one loading took. */
export interface Loaded {
  readonly seconds: number;
  /** Rise of the resident memory, bytes. */
  readonly rise: number;
}

// What importing left behind must not make room for what loading takes.
(globalThis as { gc?: () => void }).gc?.();
const before = process.memoryUsage.rss();
const started = performance.now();
const kept =
  process.argv[2] === 'file'
    ? await readFile(join(modelFolder, 'model.safetensors'))
    : [await loadModel(modelFolder), await readTokenizer(modelFolder)];
const seconds = (performance.now() - started) / 1000;
// The most that was resident: freed pages may have gone back already.
const rise = process.resourceUsage().maxRSS * 1024 - before;
console.log(JSON.stringify({ seconds, rise, kept: Array.isArray(kept) }));
