import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '合', '同', '𠮷', 'ca', '##fe', 'Ca', '##fé', '?', '？'];

describe('samequestion tokenize', () => {
  let folder = '';
  let vocab = '';
  const tokenize = (input: string, ...more: readonly string[]): ReturnType<typeof samequestion> =>
    samequestion(['tokenize', '--vocab', vocab, '--json', ...more], input);
  const linesOf = (text: string): unknown[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenize-'));
    vocab = join(folder, 'vocab.txt');
    await writeFile(vocab, `${vocabulary.join('\n')}\n`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('writes one object a line, for an empty line too, and only line feeds end a line', async () => {
    const { code, stdout } = await tokenize('合同\r\n\n𠮷 Café\u2028合');
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual([
      {
        ids: [2, 5, 6, 3],
        types: [0, 0, 0, 0],
        tokens: ['[CLS]', '合', '同', '[SEP]'],
        offsets: [
          [0, 0],
          [0, 1],
          [1, 2],
          [0, 0],
        ],
      },
      {
        ids: [2, 3],
        types: [0, 0],
        tokens: ['[CLS]', '[SEP]'],
        offsets: [
          [0, 0],
          [0, 0],
        ],
      },
      {
        ids: [2, 7, 8, 9, 5, 3],
        types: [0, 0, 0, 0, 0, 0],
        tokens: ['[CLS]', '𠮷', 'ca', '##fe', '合', '[SEP]'],
        offsets: [
          [0, 0],
          [0, 2],
          [3, 5],
          [5, 7],
          [8, 9],
          [0, 0],
        ],
      },
    ]);
  });

  test('reads cased text, pairs and JSON Lines with a length each', async () => {
    const [cased, pairs, json] = await Promise.all([
      tokenize('Café\n', '--cased'),
      tokenize('合同\t合？\n', '--pairs'),
      tokenize('{"text":"合同"}\n{"left":"合同合同","right":"合","maxLength":5}\n', '--jsonl'),
    ]);
    expect(linesOf(cased.stdout)).toMatchObject([{ tokens: ['[CLS]', 'Ca', '##fé', '[SEP]'] }]);
    expect(linesOf(pairs.stdout)).toMatchObject([{ ids: [2, 5, 6, 3, 5, 13, 3], types: [0, 0, 0, 0, 1, 1, 1] }]);
    expect(linesOf(json.stdout)).toMatchObject([{ ids: [2, 5, 6, 3] }, { ids: [2, 5, 3, 5, 3] }]);
  });

  test('names the wrong line, after what came before it, with exit code 2', async () => {
    const [columns, json, short] = await Promise.all([
      tokenize('合\t同\n合\n', '--pairs'),
      tokenize('{"text":"合"}\n{"text":1}\n', '--jsonl'),
      tokenize('{"text":"合","maxLength":1}\n', '--jsonl'),
    ]);
    expect([columns, json, short].map(({ code }) => code)).toEqual([2, 2, 2]);
    expect([columns, json].map(({ stderr }) => /line 2: expected/u.test(stderr))).toEqual([true, true]);
    expect(short.stderr).toMatch(/^samequestion: line 1: .*maxLength.*\n$/u);
    expect([columns, json].map(({ stdout }) => linesOf(stdout).length)).toEqual([1, 1]);
  });

  const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
  const absent = !existsSync(join(shared, 'golden', 'tokenizer'));
  if (absent) console.warn('tokenize.test: skipped the golden encodings, ../shared/golden/tokenizer is not here.');
  const golden = (name: string): string => gunzipSync(readFileSync(join(shared, 'golden', 'tokenizer', name))).toString('utf8');
  const goldenRun = (input: string, ...more: readonly string[]): ReturnType<typeof samequestion> =>
    samequestion(['tokenize', '--vocab', join(shared, 'data', 'bert_vocab', 'vocab.txt'), '--jsonl', '--json', ...more], input);

  test.skipIf(absent)('gives the golden ids and types of pairs, each cut to its own length', async () => {
    const cases = golden('pairs.jsonl.gz');
    const { stdout } = await goldenRun(cases);
    const expected = linesOf(cases) as { ids: number[]; types: number[] }[];
    expect(linesOf(stdout)).toMatchObject(expected.map(({ ids, types }) => ({ ids, types })));
  });

  test.skipIf(absent)('gives the golden ids of difficult strings, uncased and cased', async () => {
    const cases = golden('strings.jsonl.gz');
    const expected = linesOf(cases) as { uncasedIds: number[]; casedIds: number[] }[];
    const [uncased, cased] = await Promise.all([goldenRun(cases), goldenRun(cases, '--cased')]);
    const idsOf = ({ stdout }: { readonly stdout: string }): number[][] =>
      linesOf(stdout).map((line) => (line as { ids: number[] }).ids.slice(1, -1));
    expect(idsOf(uncased)).toEqual(expected.map(({ uncasedIds }) => uncasedIds));
    expect(idsOf(cased)).toEqual(expected.map(({ casedIds }) => casedIds));
  });
});
