import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { readParagraphs, splitSentences } from '../src/pretrain/corpus.ts';
import { UsageError } from '../src/usage-error.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samequestion-corpus-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function all(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readParagraphs(path)) lines.push(line);
  return lines;
}

test('plain and packed files give the same paragraphs', async () => {
  const text = '第一段。\n第二段？\n';
  await writeFile(join(folder, 'a.txt'), text);
  await writeFile(join(folder, 'a.txt.gz'), gzipSync(text));
  expect(await all(join(folder, 'a.txt'))).toEqual(['第一段。', '第二段？']);
  expect(await all(join(folder, 'a.txt.gz'))).toEqual(['第一段。', '第二段？']);
});

test('of a table the column of questions is read', async () => {
  await writeFile(join(folder, 'q.tsv'), 'source\tquestion\nx\t怎么办\n');
  expect(await all(join(folder, 'q.tsv'))).toEqual(['怎么办']);
});

test('a missing file, a damaged archive and a table without the column are refused in one line', async () => {
  await writeFile(join(folder, 'bad.txt.gz'), 'not gzip');
  await writeFile(join(folder, 'bad.tsv'), 'a\tb\n1\t2\n');
  await expect(all(join(folder, 'none.txt'))).rejects.toThrow(UsageError);
  await expect(all(join(folder, 'bad.txt.gz'))).rejects.toThrow(UsageError);
  await expect(all(join(folder, 'bad.tsv'))).rejects.toThrow('expected a column named question or text');
});

test('sentences keep their marks', () => {
  expect(splitSentences('甲方违约。乙方怎么办？没有标点')).toEqual(['甲方违约。', '乙方怎么办？', '没有标点']);
});
