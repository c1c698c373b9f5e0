import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyEdits, type EditRecord } from '@samequestion/augment';
import { buildPairs, formatPairs, readGroupsFile } from '@samequestion/pairs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';

const sample = fileURLToPath(new URL('../../../data/sample/train_set.xml', import.meta.url));

describe('samequestion augment', () => {
  let folder = '';
  let pairs: string[] = [];
  const at = (name: string): string => join(folder, name);
  const rowsOf = async (name: string): Promise<string[]> => (await readFile(at(name), 'utf8')).trimEnd().split('\n').slice(1);
  const augment = (input: string, out: string, ...more: readonly string[]): ReturnType<typeof samequestion> =>
    samequestion(['augment', '--input', at(input), '--out', at(out), '--count', '5', '--rate', '0.1', '--seed', '7', '--json', ...more]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'augment-'));
    const all = [...formatPairs([...buildPairs(await readGroupsFile(sample))].filter((_, index) => index % 90 === 0))].join('');
    pairs = all.trimEnd().split('\n').slice(1);
    await writeFile(at('pairs.tsv'), all);
    await writeFile(at('shuffled.tsv'), ['question1\tquestion2\tlabel', ...pairs.toReversed(), ''].join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('writes the same bytes with 0, 1 and 3 workers, and the same for each pair whatever the order', async () => {
    const counts = ['0', '1', '3'];
    const runs = await Promise.all([
      ...counts.map((workers) => augment('pairs.tsv', `out-${workers}.tsv`, '--workers', workers, '--edits', at(`edits-${workers}.jsonl`))),
      augment('shuffled.tsv', 'out-shuffled.tsv', '--workers', '0'),
    ]);
    expect(runs.map(({ code, stderr }) => (code === 0 ? '' : stderr))).toEqual(['', '', '', '']);
    const [none = '', one, three] = await Promise.all(counts.map((workers) => readFile(at(`out-${workers}.tsv`), 'utf8')));
    expect([one, three]).toEqual([none, none]);
    const edits = await Promise.all(counts.map((workers) => readFile(at(`edits-${workers}.jsonl`), 'utf8')));
    expect(new Set(edits).size).toBe(1);
    expect((await rowsOf('out-shuffled.tsv')).toSorted()).toEqual((await rowsOf('out-1.tsv')).toSorted());
  });

  test('keeps the originals, says what it made, and its edits give the texts', async () => {
    const rows = await rowsOf('out-1.tsv');
    expect(rows.filter((row) => pairs.includes(row))).toEqual(pairs);
    const records = (await readFile(at('edits-1.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as EditRecord);
    expect(records.length).toBeGreaterThan(pairs.length);
    const questions = new Set(rows.flatMap((row) => row.split('\t').slice(0, 2)));
    for (const { source, side, text, edits } of records) {
      expect(['question1', 'question2']).toContain(side);
      expect(applyEdits(source, edits)).toBe(text);
      expect(questions.has(text)).toBe(true);
    }
  });

  test('leaves the originals out with --only-new and reports how many pairs it made', async () => {
    const { code, stdout } = await augment('pairs.tsv', 'new.tsv', '--only-new', '--workers', '0');
    const rows = await rowsOf('new.tsv');
    const summary = JSON.parse(stdout) as { made: number; pairs: number; items: number; byOperation: object; segmenter: string };
    expect(code).toBe(0);
    expect(summary).toMatchObject({ items: pairs.length, made: rows.length, pairs: rows.length });
    expect(summary.segmenter).not.toBe('');
    expect(Object.keys(summary.byOperation).length).toBeGreaterThan(5);
    const all = await rowsOf('out-1.tsv');
    expect(all).toHaveLength(rows.length + pairs.length);
  });

  test('refuses an unknown recipe and a wrong line in one line, with exit code 2 and nothing written', async () => {
    await writeFile(at('wrong.tsv'), `question1\tquestion2\tlabel\n${pairs[0] ?? ''}\nonly one column\n`);
    const [recipe, line] = await Promise.all([
      augment('pairs.tsv', 'never.tsv', '--recipe', 'none'),
      augment('wrong.tsv', 'never.tsv', '--workers', '0', '--edits', at('never.jsonl')),
    ]);
    expect(recipe).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^samequestion: --recipe: expected one of .*, got none\.\n$/u) as string,
    });
    expect(line.code).toBe(2);
    expect(line.stderr).toMatch(/line 3/u);
    expect(existsSync(at('never.tsv')) || existsSync(at('never.jsonl'))).toBe(false);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
