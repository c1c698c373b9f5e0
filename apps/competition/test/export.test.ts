import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hasPeer, peers } from './cli/peers.ts';
import { finished, samequestion } from './cli/samequestion.ts';
import { questions, testFile, writeTinyModel } from './cli/tiny-model.ts';

const libraries = ['@huggingface/transformers', '@xenova/transformers'] as const;
const installed = libraries.every(hasPeer);
if (!installed)
  console.warn(
    'export.test: skipped in transformers.js, both versions of which are not installed (npm install --ignore-scripts in bench/peers).',
  );

/** Sums are made in another order in another version of ONNX Runtime: float32 leaves a few last digits of logits around 1. */
const tolerance = 1e-5;
const withoutSpecialTokens = questions.filter(([, second]) => !second.includes('[SEP]'));

describe('an exported model', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
    await writeFile(join(folder, 'pairs.tsv'), testFile(withoutSpecialTokens));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe.each(['side', 'side-and-match', 'side-match-and-sound', 'side-match-sound-and-context'] as const)(
    'with token types by %s',
    (rule) => {
      let model = '';
      let said = '';
      const expected: number[] = [];
      beforeAll(async () => {
        model = join(folder, rule);
        await writeTinyModel(model, { pair_token_types: rule });
        await rm(join(model, 'tokenizer.json'));
        const out = join(folder, `${rule}.tsv`);
        const [exported, predicted] = await Promise.all([
          samequestion(['export', '--model', model, '--json']),
          samequestion(['predict', '--model', model, '--input', join(folder, 'pairs.tsv'), '--out', out, '--logits', '--json']),
        ]);
        said = exported.stdout;
        if (exported.code !== 0 || predicted.code !== 0) throw new Error(exported.stderr + predicted.stderr);
        const rows = (await readFile(out, 'utf8')).trim().split('\n').slice(1);
        expected.push(...rows.flatMap((row) => row.split('\t').slice(-2).map(Number)));
      });

      test('adds what the folder lacks and says so', () => {
        expect(JSON.parse(said)).toMatchObject({ file: join(model, 'onnx', 'model.onnx'), added: ['tokenizer.json'] });
      });

      test.skipIf(!installed).each(libraries)('gives the logits of predict in %s', async (name) => {
        const script = fileURLToPath(new URL('cli/peer-logits.mjs', import.meta.url));
        const child = spawn(process.execPath, [script, name, model, peers]);
        const { stdout, stderr } = await finished(child, JSON.stringify(withoutSpecialTokens));
        const line = stdout.split('\n').find((text) => text.startsWith('LOGITS '));
        if (line === undefined) throw new Error(stderr);
        const { dims, data } = JSON.parse(line.slice('LOGITS '.length)) as { dims: number[]; data: number[] };
        expect(dims).toEqual([withoutSpecialTokens.length, 2]);
        expect(expected).toHaveLength(data.length);
        for (const [index, value] of data.entries()) expect(Math.abs(value - (expected[index] ?? Number.NaN))).toBeLessThan(tolerance);
        expect(Math.max(...data) - Math.min(...data)).toBeGreaterThan(0.1);
      });

      test('names its inputs and its output as every BERT does', async () => {
        const bytes = await readFile(join(model, 'onnx', 'model.onnx'), 'latin1');
        for (const name of ['input_ids', 'attention_mask', 'token_type_ids', 'logits', 'batch', 'sequence']) expect(bytes).toContain(name);
      });
    },
  );
});
