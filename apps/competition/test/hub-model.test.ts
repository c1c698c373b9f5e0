import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { serveHub } from './cli/hub-server.ts';
import { hasPeer, peers } from './cli/peers.ts';
import { type Finished, finished, startSamequestion } from './cli/samequestion.ts';
import { questions, testFile, writeTinyModel } from './cli/tiny-model.ts';

const installed = hasPeer('@huggingface/hub');
if (!installed)
  console.warn('hub-model.test: skipped downloads, @huggingface/hub is not installed (npm install --ignore-scripts in bench/peers).');

describe('a model named owner/name', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-'));
    await writeTinyModel(at('model'));
    await writeFile(at('model/README.md'), 'not downloaded');
    await writeFile(at('pairs.tsv'), testFile(questions));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const predict = (model: string, out: string, { endpoint, cwd }: { readonly endpoint: string; readonly cwd: string }): Promise<Finished> =>
    finished(
      startSamequestion(['predict', '--model', model, '--input', at('pairs.tsv'), '--out', at(out), '--logits'], {
        cwd,
        environment: { HF_ENDPOINT: endpoint, HF_HUB_CACHE: at('cache') },
      }),
    );

  test.skipIf(!installed)('is downloaded, judges as its folder does, and is taken from the cache without a network', async () => {
    const server = await serveHub(at('model'), 'someone/tiny-bert');
    const here = { endpoint: server.url, cwd: peers };
    const [direct, first] = await Promise.all([predict(at('model'), 'direct.tsv', here), predict('someone/tiny-bert', 'first.tsv', here)]);
    await server.close();
    const offline = await predict('someone/tiny-bert', 'offline.tsv', here);
    expect([direct, first, offline].map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(['', '', '']);
    expect(first.stderr).toContain('downloading model.safetensors');
    const [one, ...others] = await Promise.all(['direct', 'first', 'offline'].map((name) => readFile(at(`${name}.tsv`), 'utf8')));
    expect(new Set(others)).toEqual(new Set([one]));
    const [snapshot = ''] = await readdir(at('cache/models--someone--tiny-bert/snapshots'));
    const files = await readdir(at(`cache/models--someone--tiny-bert/snapshots/${snapshot}`));
    expect(files.toSorted()).toEqual((await readdir(at('model'))).filter((name) => name !== 'README.md').toSorted());
  });

  test.skipIf(!installed)('that the Hub does not have, or without a network, is refused with the files to put where', async () => {
    const server = await serveHub(at('model'), 'someone/tiny-bert');
    const unknown = await predict('someone/other', 'never.tsv', { endpoint: server.url, cwd: peers });
    await server.close();
    const offline = await predict('someone/another', 'never.tsv', { endpoint: server.url, cwd: peers });
    expect([unknown.code, offline.code]).toEqual([2, 2]);
    expect(unknown.stderr).toMatch(/^samequestion: --model: expected .*404: no such model.*\n$/u);
    expect(offline.stderr).toMatch(/no answer from the server.*put config\.json, vocab\.txt and model\.safetensors/u);
  });

  test('is refused with both ways to get it where @huggingface/hub is not installed', async () => {
    const { code, stderr } = await predict('someone/tiny-bert', 'never.tsv', { endpoint: 'http://127.0.0.1:9', cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/npm install @huggingface\/hub\. Or put config\.json/u);
  });
});
