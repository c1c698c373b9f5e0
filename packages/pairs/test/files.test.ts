import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CorpusError, readGroupsFile, readPairsFile, writeGroupsFile, writePairsFile, type Pair } from '@samequestion/pairs';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pairs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pairs: readonly Pair[] = [{ question1: '借钱', question2: '欠钱', label: 1 }];

test.each(['a.tsv', 'a.txt', 'a.csv', 'a.jsonl', 'a.NDJSON'])('the format of %s follows its name', async (name) => {
  const path = join(folder, name);
  expect(await writePairsFile(path, pairs)).toBe(1);
  expect(await readPairsFile(path)).toEqual(pairs);
});

test('pairs are written as they arrive, and counted', async () => {
  const path = join(folder, 'stream.jsonl');
  const many = Array.from({ length: 20_000 }, (_pair, at): Pair => ({ question1: `借钱${at}`, question2: '欠钱', label: 1 }));
  const stream = (async function* (): AsyncGenerator<Pair> {
    yield* many;
  })();
  expect(await writePairsFile(path, stream)).toBe(20_000);
  expect(await readPairsFile(path)).toEqual(many);
  expect(await writePairsFile(join(folder, 'none.tsv'), [], { header: false })).toBe(0);
});

test('groups are written and read', async () => {
  const path = join(folder, 'groups.xml');
  const groups = [{ id: '1', equivalents: ['借钱', '欠钱'], nonEquivalents: [] }];
  await writeGroupsFile(path, groups);
  expect(await readGroupsFile(path)).toEqual(groups);
  expect(await readPairsFile(path)).toEqual([{ ...pairs[0], group: '1' }]);
});

test('a write that fails leaves the old file and nothing beside it', async () => {
  const path = join(folder, 'kept.tsv');
  writeFileSync(path, 'before');
  const bad = [...pairs, { question1: 'a\tb', question2: 'c', label: 0 } as const];
  await expect(writePairsFile(path, bad)).rejects.toThrow(CorpusError);
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('paths that cannot be read or written are named', async () => {
  const missing = join(folder, 'no', 'a.tsv');
  await expect(readPairsFile(missing)).rejects.toThrow(`readPairsFile: ${missing}: expected a readable file, got ENOENT. Check the path.`);
  await expect(readGroupsFile(folder)).rejects.toThrow('EISDIR');
  await expect(writePairsFile(missing, pairs)).rejects.toThrow(
    `writePairsFile: ${missing}: expected a writable place, got ENOENT. Check the folder.`,
  );
  await expect(readPairsFile(join(folder, 'a.xyz'))).rejects.toThrow('Rename the file or give its format.');
  await expect(writePairsFile(join(folder, 'a.xml'), pairs)).rejects.toThrow(RangeError);
});
