import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toOnnx, type ExportedModel } from '@samequestion/tfjs-onnx';
import { floats } from './steps.ts';

const run = promisify(execFile);

const PYTHON = process.env['ONNX_PYTHON'];
if (PYTHON === undefined) process.stderr.write('the ONNX checker skipped: name a Python that has onnx in ONNX_PYTHON\n');
const PEERS = fileURLToPath(new URL('../bench/peers/package.json', import.meta.url));
const web = existsSync(join(PEERS, '../node_modules/onnxruntime-web'));
if (!web) process.stderr.write('onnxruntime-web skipped: npm install --ignore-scripts in packages/tfjs-onnx/bench/peers\n');

/** A dense network with what exports use most: gather, product, normalisation, activation, softmax, and a gradient inside. */
const model = (options: { readonly maximumBytes?: number } = {}): ExportedModel =>
  toOnnx(
    ({ ids }, { table, up, scale }) => {
      const rows = tf.gather(table as tf.Tensor, ids as tf.Tensor);
      const wide = tf.matMul(tf.mean(rows, 1) as tf.Tensor2D, up as tf.Tensor2D);
      const energy = (x: tf.Tensor): tf.Tensor => tf.sum(tf.square(tf.tanh(tf.mul(x, scale as tf.Tensor))));
      return { chance: tf.softmax(wide), slope: tf.grad(energy)(wide) };
    },
    { ids: { dtype: 'int64', shape: ['batch', 'length'] } },
    { weights: { table: floats([50, 16], 1), up: floats([16, 4], 2), scale: floats([4], 3) }, dataFile: 'weights.bin', ...options },
  );

describe('an exported model elsewhere', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it.skipIf(PYTHON === undefined)(
    'passes the ONNX checker and its shape inference, with weights inside and in a file',
    async () => {
      const check = 'import sys, onnx; [onnx.checker.check_model(path, full_check=True) for path in sys.argv[1:]]; print("checked")';
      const [inside, beside] = [model(), model({ maximumBytes: 1000 })];
      const paths = [join(folder, 'inside.onnx'), join(folder, 'beside.onnx')] as const;
      await writeFile(paths[0], inside.model);
      await writeFile(paths[1], beside.model);
      await writeFile(join(folder, 'weights.bin'), Buffer.concat(beside.data?.parts ?? []));
      expect(beside.data?.parts.length).toBeGreaterThan(0);
      const { stdout } = await run(PYTHON ?? '', ['-c', check, ...paths]);
      expect(stdout.trim()).toBe('checked');
    },
    60_000,
  );

  it.skipIf(!web)(
    'gives in onnxruntime-web what onnxruntime-node gives',
    async () => {
      const { InferenceSession, Tensor } = await import('onnxruntime-node');
      // Its WebAssembly is loaded from the package, without a network.
      const entry = createRequire(PEERS).resolve('onnxruntime-web');
      const other = (await import(pathToFileURL(entry).href)) as typeof import('onnxruntime-node') & {
        readonly default?: typeof import('onnxruntime-node');
      };
      const { InferenceSession: WebSession, Tensor: WebTensor } = other.default ?? other;
      const bytes = model().model;
      const [native, wasm] = [await InferenceSession.create(bytes), await WebSession.create(bytes)];
      for (const [batch, length] of [
        [1, 3],
        [4, 7],
      ] as const) {
        const ids = BigInt64Array.from({ length: batch * length }, (_, i) => BigInt((i * 7) % 50));
        const expected = await native.run({ ids: new Tensor('int64', ids, [batch, length]) });
        const actual = await wasm.run({ ids: new WebTensor('int64', ids, [batch, length]) });
        for (const name of ['chance', 'slope']) {
          const [a, b] = [actual[name]?.data as Float32Array, expected[name]?.data as Float32Array];
          expect(a.length).toBe(b.length);
          // float32 sums of 16 products in another order.
          for (const [i, value] of a.entries()) expect(Math.abs(value - (b[i] ?? NaN))).toBeLessThan(1e-6);
        }
      }
      await native.release();
      await wasm.release();
    },
    60_000,
  );
});
