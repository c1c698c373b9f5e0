import { mkdir, readdir, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';
import { type SmallData, writeSmallData } from './cli/small-data.ts';

let data: SmallData;
let before: readonly string[];
beforeAll(async () => {
  data = await writeSmallData({ groups: 3, rows: 5 });
  await writeFile(data.path('columns.tsv'), 'question1\tquestion2\tlabel\n一\t二\t1\n三\t四\n');
  await writeFile(data.path('bytes.tsv'), Buffer.concat([Buffer.from('一\t二\t1\n'), Buffer.from([0xff, 0xfe]), Buffer.from('\t四\t1\n')]));
  await writeFile(data.path('broken.xml'), '<TrainCorpus>\n<Questions number="0">\n<EquivalenceQuestions>\n</TrainCorpus>\n');
  await writeFile(data.path('file'), '');
  await mkdir(data.path('run'));
  await writeFile(data.path('run/manifest.json'), '{"scores": [');
  await mkdir(data.path('model'));
  await writeFile(data.path('model/vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n一\n');
  await writeFile(data.path('model/config.json'), '{');
  before = (await readdir(data.folder, { recursive: true })).sort();
});
afterAll(() => data.remove());

/** Each call, and what its one line must say. */
const calls: readonly (readonly [what: string, args: (path: SmallData['path']) => readonly string[], says: RegExp])[] = [
  ['a path where nothing is', (path) => ['prepare', '--train', path('nowhere.xml'), '--out', path('out')], /--train: .*nowhere\.xml/u],
  ['a folder for a file', (path) => ['audit', '--train', path('run'), '--dev', path('columns.tsv')], /is a folder/u],
  ['malformed XML, with its line', (path) => ['run', '--train', path('broken.xml'), '--out', path('out/run')], /broken\.xml, line 4/u],
  [
    'a row of another width, with its line',
    (path) => ['train', '--train', path('columns.tsv'), '--out', path('out/t')],
    /columns\.tsv, line 3: expected 3 columns/u,
  ],
  [
    'bytes that are not UTF-8, with their line',
    (path) => ['folds', '--train', path('bytes.tsv'), '--out', path('out')],
    /bytes\.tsv, line 2: expected UTF-8/u,
  ],
  ['a file where a folder must be', (path) => ['prepare', '--train', path('train.xml'), '--out', path('file')], /--out: .*EEXIST/u],
  [
    'a folder in which nothing can be made',
    (path) => ['predict', '--model', path('model'), '--input', path('test_set.csv'), '--out', '/proc/none/out.tsv'],
    /--out: /u,
  ],
  ['an unknown option, with a suggestion', () => ['run', '--tran', 'x'], /unknown option '--tran' \(Did you mean --train\?\)/u],
  ['an unknown command', () => ['prepair'], /unknown command 'prepair'/u],
  [
    'a value out of range',
    (path) => ['prepare', '--train', path('train.xml'), '--out', path('out'), '--dev-share', '1.5'],
    /number between 0 and 1/u,
  ],
  ['malformed JSON in a manifest', (path) => ['compare', path('run'), path('run')], /manifest\.json: expected a JSON object/u],
  ['malformed JSON in a model', (path) => ['evaluate', '--model', path('model'), '--data', path('train.xml')], /config\.json/u],
  [
    'rules that exclude each other',
    (path) => ['folds', '--train', path('train.xml'), '--split-by', 'group', '--merge-near', '--out', path('out/r')],
    /--merge-near/u,
  ],
  ['predictions that are none', (path) => ['ensemble', '--input', path('columns.tsv'), '--out', path('out.tsv')], /columns\.tsv, line 1/u],
];

describe('the command line answers wrong input with one line and exit code 2', () => {
  test.for(calls)('%s', async ([, args, says]) => {
    const { code, stdout, stderr } = await samequestion(args(data.path));
    expect(stderr).toMatch(says);
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('engine')),
    ).toHaveLength(1);
    expect(stderr).toMatch(/^samequestion: /mu);
    expect(code).toBe(2);
    expect(stdout.split('\n').filter((line) => !/^(pairs|audit|engine|$)/u.test(line))).toEqual([]);
  });

  test('and leaves nothing half-written', async () => {
    const after = (await readdir(data.folder, { recursive: true })).filter((name) => !before.includes(name));
    expect(after.filter((name) => !/^out(\/(t|run|r))?$/u.test(name))).toEqual([]);
  });
});
