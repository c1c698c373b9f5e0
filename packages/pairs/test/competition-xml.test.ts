import { CorpusError, formatCompetitionXml, readCompetitionXml, type Defect, type QuestionGroup } from '@samequestion/pairs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collect, groups } from './arbitrary.ts';

const document = (body: string): string => `<?xml version="1.0" encoding="utf8"?>\n<TrainCorpus>\n${body}\n</TrainCorpus>\n`;
const group = (equivalents: string, others = ''): string =>
  `<Questions number="7">\n<EquivalenceQuestions>\n${equivalents}</EquivalenceQuestions>\n<NotEquivalenceQuestions>${others}</NotEquivalenceQuestions>\n</Questions>`;

async function read(text: string | Uint8Array): Promise<{ readonly groups: readonly QuestionGroup[]; readonly kinds: readonly string[] }> {
  const defects: Defect[] = [];
  const found = await collect(readCompetitionXml(text, { source: 'train.xml', onDefect: (defect) => defects.push(defect) }));
  return { groups: found, kinds: defects.map(({ kind, line }) => `${kind} ${line}`) };
}

test('a group with several questions, one alone and an empty one is read as it stands', async () => {
  const text = document(group('<question>借钱不还怎么办？</question>\n<question/>\n', '<question>借条怎么写</question>'));
  const found = await read(text);
  expect(found.groups).toEqual([{ id: '7', equivalents: ['借钱不还怎么办？'], nonEquivalents: ['借条怎么写'], emptyQuestions: 1 }]);
  expect(found.kinds).toEqual(['declared-encoding 1', 'empty-question 6']);
});

test('entities, character references, CDATA and comments are read', async () => {
  const text = document(group('<question>A&amp;B &lt;1&gt; &#x501F;&#38065; <!-- no --><![CDATA[<是>]]>&ldquo;</question>'));
  expect((await read(text)).groups[0]?.equivalents).toEqual(['A&B <1> 借钱 <是>“']);
});

test('a byte order mark, CRLF, tabs and spaces around a question are put right and reported', async () => {
  const text = `\uFEFF${document(group('<question> 借钱\r\n\t怎么还 </question>')).replaceAll('\n', '\r\n')}`;
  for (const source of [text, new TextEncoder().encode(text)]) {
    const found = await read(source);
    expect(found.groups[0]?.equivalents).toEqual(['借钱 怎么还']);
    expect(found.kinds).toContain('byte-order-mark 1');
    expect(found.kinds.some((kind) => kind.startsWith('stray-space'))).toBe(true);
  }
});

test('bytes in pieces of any size give the same groups', async () => {
  const bytes = new TextEncoder().encode(document(group('<question>借𠮷钱</question>', '<question>写</question>')));
  const whole = await read(bytes);
  for (const size of [1, 2, 3, 7, 64]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_piece, at) => bytes.subarray(at * size, (at + 1) * size));
    expect(await collect(readCompetitionXml(pieces))).toEqual(whole.groups);
  }
});

test.each([
  ['an unknown element', document('<Question number="1"/>'), 3, '<Questions>'],
  ['an unknown list', document('<Questions number="1"><Equivalent/></Questions>'), 3, '<EquivalenceQuestions>'],
  ['an element in a question', document(group('<question>借<b>钱</b></question>')), 5, 'text inside <question>'],
  ['text beside questions', document(group('借钱')), 5, 'text only inside <question>'],
  ['an end tag that does not match', document(group('<question>借钱</questions>')), 5, 'well-formed XML'],
  ['a file that stops', document(group('<question>借钱')).slice(0, 120), 5, 'well-formed XML'],
  ['an unknown entity', document(group('<question>&lol;</question>')), 5, 'well-formed XML'],
  ['a bare ampersand', document(group('<question>A & B</question>')), 5, 'well-formed XML'],
  ['no group', document(''), 5, 'at least one <Questions> group'],
  ['nothing', '', 1, 'well-formed XML'],
  ['U+0000', document(group('<question>\0</question>')), 5, 'UTF-8 text'],
])('%s is refused with its line', async (_name, text, line, expected) => {
  const error = await read(text).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CorpusError);
  expect(error).toMatchObject({
    source: 'train.xml',
    line,
    message: expect.stringContaining(`readCompetitionXml: train.xml, line ${line}: expected `),
  });
  expect(String(error)).toContain(expected);
  expect(String(error)).not.toContain('\n');
});

test('invalid UTF-8 is refused with its line, wherever the pieces are cut', async () => {
  const encoder = new TextEncoder();
  const bytes = Buffer.concat([encoder.encode(document(group('<question>借')).slice(0, 110)), Buffer.from([0xe5, 0x80, 0x3c])]);
  const line = bytes.toString('latin1').split('\n').length;
  for (const size of [1, 5, 1000]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_piece, at) => bytes.subarray(at * size, (at + 1) * size));
    await expect(collect(readCompetitionXml(pieces))).rejects.toMatchObject({ line, message: expect.stringContaining('the byte 0xe5') });
  }
  await expect(collect(readCompetitionXml(bytes.subarray(0, -1)))).rejects.toThrow('a character cut off at the end');
});

test('UTF-16 is refused by its byte order mark', async () => {
  const bytes = Buffer.from(`\uFEFF${document('')}`, 'utf16le');
  await expect(read(bytes)).rejects.toThrow('UTF-16');
});

test('an entity bomb is refused before anything expands', async () => {
  const entities = Array.from({ length: 10 }, (_entity, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join('');
  const text = `<?xml version="1.0"?>\n<!DOCTYPE T [<!ENTITY l0 "lol">${entities}]>\n<T>${group('<question>&l10;</question>')}</T>`;
  await expect(read(text)).rejects.toThrow('expected no declarations in the document type');
});

test('a document type without declarations is not loaded, and reported', async () => {
  const text = `<!DOCTYPE T SYSTEM "https://example.org/t.dtd">\n<T>${group('<question>借钱</question>')}</T>`;
  expect((await read(text)).kinds).toEqual(['document-type 1']);
});

test('absurd nesting is refused at the first level too many, not at the last', async () => {
  const deep = (function* (): Generator<string> {
    yield '<TrainCorpus>';
    for (let level = 0; level < 1_000_000; level += 1) yield '<Questions>';
  })();
  await expect(collect(readCompetitionXml(deep))).rejects.toThrow(
    'expected <EquivalenceQuestions> or <NotEquivalenceQuestions>, got <Questions>',
  );
});

test('a tag or question without end is refused once it is too long, in bounded memory', async () => {
  for (const start of ['<TrainCorpus><Questions number="', document(group('<question>')).slice(0, 100), '<!DOCTYPE ']) {
    let pieces = 0;
    const endless = (function* (): Generator<string> {
      yield start;
      for (; pieces < 10_000; pieces += 1) yield '借'.repeat(1000);
    })();
    await expect(collect(readCompetitionXml(endless, { maxLength: 50_000 }))).rejects.toThrow('at most 50000 characters');
    expect(pieces).toBeLessThan(200);
  }
});

test('groups without a number, and lists given twice, are read and reported', async () => {
  const list = '<EquivalenceQuestions><question>借</question></EquivalenceQuestions>';
  const found = await read(document(`<Questions>${list}${list}</Questions><Questions number="2"></Questions>`));
  expect(found.groups).toEqual([
    { id: '#0', equivalents: ['借', '借'], nonEquivalents: [] },
    { id: '2', equivalents: [], nonEquivalents: [] },
  ]);
  expect(found.kinds).toEqual(['declared-encoding 1', 'missing-number 3', 'repeated-list 3', 'empty-group 3']);
});

test('groups written as XML read back as they were', async () => {
  await fc.assert(
    fc.asyncProperty(groups, async (list) => {
      fc.pre(list.length > 0);
      const odd = { id: '<&"', equivalents: ['a < b & "c" > d'], nonEquivalents: [']]>'] };
      const all = [...list, odd];
      expect(await collect(readCompetitionXml([...formatCompetitionXml(all)]))).toEqual(all);
    }),
    { numRuns: 50 },
  );
});
