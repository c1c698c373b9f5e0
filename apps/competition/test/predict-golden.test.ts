import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readPredictions } from '@samequestion/submission';
import { afterAll, describe, expect, test } from 'vitest';

import { succeed } from './cli/small-data.ts';

// Reference: Hugging Face transformers 5.23 on PyTorch 2.13, fp32, CPU; logits.tsv has seven digits.
const golden = fileURLToPath(new URL('../../../../shared/golden/predict/', import.meta.url));
const tolerance = 1e-5;
if (!existsSync(golden)) console.warn('predict-golden: skipped: ../shared is not there');

const folder = mkdtempSync(join(tmpdir(), 'samequestion-golden-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!existsSync(golden))('samequestion predict on the golden pairs', () => {
  test.for(['hf', 'bin', 'legacy', 'google'])('gives the logits of the reference from the folder %s', async (kind) => {
    const out = join(folder, `${kind}.tsv`);
    const files = ['--model', `${golden}${kind}`, '--input', `${golden}pairs.tsv`, '--out', out];
    const stdout = await succeed(['predict', ...files, '--logits', '--threads', '1', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ pairs: 150, file: out });
    const rows = (await readFile(`${golden}logits.tsv`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    const predictions = await readPredictions(out);
    expect(predictions.map(({ qid }) => qid)).toEqual(rows.map(([qid]) => qid));
    const differences = predictions.flatMap(({ logits = [] }, row) =>
      logits.map((logit, label) => Math.abs(logit - Number(rows[row]?.[label + 1]))),
    );
    expect(differences).toHaveLength(300);
    expect(Math.max(...differences)).toBeLessThan(tolerance);
  });
});
