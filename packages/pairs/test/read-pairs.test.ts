import { CorpusError, countDefects, formatPairs, readPairs, type Defect, type ReadPairsOptions } from '@samequestion/pairs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collect, pairs } from './arbitrary.ts';

const two = [
  { question1: '借钱不还', question2: '欠钱不还', label: 1 },
  { question1: '借钱', question2: '借条', label: 0 },
] as const;

async function read(text: string | Uint8Array, options: ReadPairsOptions = {}): Promise<unknown> {
  return collect(readPairs(text, { source: 'train', ...options }));
}

describe('tab-separated pairs', () => {
  test('with and without a header, LF or CRLF, give the same pairs', async () => {
    const rows = '借钱不还\t欠钱不还\t1\n借钱\t借条\t0\n';
    expect(await read(rows)).toEqual(two);
    expect(await read(`question1\tquestion2\tlabel\n${rows}`)).toEqual(two);
    expect(await read(`\uFEFFquestion1\tquestion2\tlabel\n${rows}`.replaceAll('\n', '\r\n'))).toEqual(two);
  });

  test('columns are found by GLUE names in any order', async () => {
    const text = 'id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n5\t1\t2\t借钱不还\t欠钱不还\t1\n6\t3\t4\t借钱\t借条\t0\n';
    expect(await read(text)).toEqual(two);
    const paraphrases = 'Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t1\t2\t借钱不还\t欠钱不还\n0\t1\t2\t借钱\t借条\n';
    expect(await read(paraphrases)).toEqual(two);
    expect(await read('label\tsentence2\tsentence1\n1\t欠钱不还\t借钱不还\n0\t借条\t借钱\n')).toEqual(two);
  });

  test('columns can be named, or numbered without a header', async () => {
    expect(
      await read('y\tb\ta\n1\t欠钱不还\t借钱不还\n0\t借条\t借钱\n', { columns: { question1: 'a', question2: 'b', label: 'y' } }),
    ).toEqual(two);
    const text = '9\t1\t借钱不还\t欠钱不还\n9\t0\t借钱\t借条\n';
    expect(await read(text, { columns: { question1: 2, question2: 3, label: 1 } })).toEqual(two);
    const grouped = two.map((pair) => ({ ...pair, group: '9' }));
    expect(await read(text, { columns: { question1: 2, question2: 3, label: 1, group: 0 } })).toEqual(grouped);
  });

  test('quotes are characters like all others', async () => {
    expect(await read('"借\t"钱""\t1\n')).toEqual([{ question1: '"借', question2: '"钱""', label: 1 }]);
  });

  test('what is put right is reported', async () => {
    const defects: Defect[] = [];
    await read('\uFEFF 借\t钱\t1\r\n\r\n借\u0007\t钱\t 0', { onDefect: (defect) => defects.push(defect) });
    expect(countDefects(defects)).toEqual({
      'byte-order-mark': 1,
      'carriage-return': 1,
      'stray-space': 1,
      'blank-line': 1,
      'control-character': 1,
      'missing-final-newline': 1,
    });
    expect(defects.every(({ dropped }) => !dropped)).toBe(true);
  });

  test('rows with an empty question are refused, or dropped and reported', async () => {
    const text = '借\t钱\t1\n\t钱\t1\n';
    await expect(read(text)).rejects.toThrow('readPairs: train, line 2: expected two questions, got an empty one.');
    const defects: Defect[] = [];
    expect(await read(text, { emptyQuestions: 'drop', onDefect: (defect) => defects.push(defect) })).toHaveLength(1);
    expect(defects).toMatchObject([{ kind: 'empty-question', line: 2, dropped: true }]);
  });

  test.each([
    ['a missing column', '借\t钱\t1\n借\t钱\n', 2, 'expected 3 columns, got 2 columns'],
    ['a column too many', '借\t钱\t1\n借\t钱\t1\t1\n', 2, 'expected 3 columns, got 4 columns'],
    ['a wrong label', '借\t钱\t1\n借\t钱\t2\n', 2, 'expected the label 0 or 1, got "2"'],
    ['an unknown header', 'a\tb\tc\n借\t钱\t1\n', 1, 'must name question1, question2 and label'],
    ['commas', '借,钱,1\n', 1, 'expected the columns question1, question2, label, separated by one tab'],
    ['a bare carriage return', '借\t钱\t1\r借\t钱\t1\n', 1, 'a carriage return inside a line'],
    ['U+0000', '借\t钱\t1\n借\0\t钱\t1\n', 2, 'the character U+0000'],
    ['no row', '\n', undefined, 'expected at least one pair, got none'],
    ['a header alone', 'question1\tquestion2\tlabel\n', undefined, 'expected at least one pair, got none'],
    ['half a surrogate pair', '借\uD800\t钱\t1\n', 1, 'half a surrogate pair'],
  ])('%s is refused with its line', async (_name, text, line, message) => {
    const error = await read(text).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CorpusError);
    expect(error).toMatchObject({ line, message: expect.stringContaining(message) });
  });

  test('a line without end is refused once it is too long', async () => {
    await expect(read('借'.repeat(2000), { maxLength: 1000 })).rejects.toThrow('expected lines of at most 1000 characters');
  });
});

describe('CSV', () => {
  test('quoted cells hold commas, doubled quotes and line breaks', async () => {
    const text = 'label,question1,question2\r\n1,"借,钱","他说""还"""\r\n0,"上\n下",借条\r\n';
    expect(await read(text, { format: 'csv' })).toEqual([
      { question1: '借,钱', question2: '他说"还"', label: 1 },
      { question1: '上 下', question2: '借条', label: 0 },
    ]);
  });

  test.each([
    ['an open quote', '借,钱,1\n"借,钱,1\n', 2, 'expected a closing quote, got the end of the file'],
    ['text after a quote', '借,钱,1\n"借"x,钱,1\n', 2, 'expected a comma or a line end after a quoted cell'],
    ['a quote inside a cell', '借"x",钱,1\n', 1, 'expected quotes only around a whole cell'],
    ['a column too many after a cell of two lines', '"a\nb",钱,1\n借,钱,1,1\n', 3, 'expected 3 columns, got 4 columns'],
  ])('%s is refused with its line', async (_name, text, line, message) => {
    await expect(read(text, { format: 'csv' })).rejects.toMatchObject({ line, message: expect.stringContaining(message) });
  });

  test('an open quote does not swallow a whole file', async () => {
    const text = `"${'借,钱,1\n'.repeat(10_000)}`;
    await expect(read(text, { format: 'csv', maxLength: 1000 })).rejects.toThrow('Is a quote left open?');
  });
});

describe('JSON Lines', () => {
  test('usual and chosen keys are read, labels as numbers or strings', async () => {
    const text =
      '{"sentence1":"借钱不还","sentence2":"欠钱不还","label":"1"}\n{"label":0,"question2":"借条","question1":"借钱","more":{}}\n';
    expect(await read(text, { format: 'jsonl' })).toEqual(two);
    expect(
      await read('{"a":"借","b":"钱","y":1}', { format: 'jsonl', columns: { question1: 'a', question2: 'b', label: 'y' } }),
    ).toHaveLength(1);
  });

  test.each([
    ['broken JSON', '{"question1":"借"\n', 'expected one JSON object'],
    ['an array', '["借","钱",1]\n', 'expected one JSON object'],
    ['a question that is a number', '{"question1":1,"question2":"钱","label":1}\n', 'expected a string question1'],
    ['no label', '{"question1":"借","question2":"钱"}\n', 'expected the label 0 or 1, got "nothing"'],
    ['an inherited key', '{"__proto__":{"question1":"借"},"question2":"钱","label":1}\n', 'expected a string question1'],
    ['half a surrogate pair', '{"question1":"\\ud800","question2":"钱","label":1}\n', 'half a surrogate pair'],
    ['nesting without end', `${'['.repeat(200_000)}\n`, 'expected one JSON object'],
  ])('%s is refused with its line', async (_name, text, message) => {
    await expect(read(text, { format: 'jsonl' })).rejects.toMatchObject({ line: 1, message: expect.stringContaining(message) });
  });
});

test('XML gives the pairs of its groups', async () => {
  const lists = '<EquivalenceQuestions><question>借</question><question>钱</question></EquivalenceQuestions>';
  const text = `<T><Questions number="3">${lists}</Questions></T>`;
  expect(await read(text, { format: 'xml', build: { positives: 'mirrored' } })).toEqual([
    { question1: '借', question2: '钱', label: 1, group: '3' },
    { question1: '钱', question2: '借', label: 1, group: '3' },
  ]);
});

test.each(['tsv', 'csv', 'jsonl'] as const)('pairs written as %s read back as they were', async (format) => {
  await fc.assert(
    fc.asyncProperty(pairs, fc.boolean(), async (list, header) => {
      fc.pre(list.length > 0);
      const odd = { question1: '"a", b', question2: `it's "so" \\n`, label: 1 } as const;
      const text = [...formatPairs([...list, odd], { format, header })].join('');
      expect(await read(new TextEncoder().encode(text), { format })).toEqual([...list, odd]);
    }),
    { numRuns: 50 },
  );
});

const write = (question1: string): string[] => [...formatPairs([{ question1, question2: '借', label: 1 }])];

test('what would not read back is not written', () => {
  expect(() => write('a\tb')).toThrow('formatPairs: expected no tab or line break in a question, got "a\\tb".');
  expect(() => write('a\uDC00')).toThrow(CorpusError);
});

test('a wrong call is a RangeError', async () => {
  await expect(read('借\t钱\t1', { format: 'yaml' as 'tsv' })).rejects.toThrow(RangeError);
  expect(() => [...formatPairs([], { format: 'xml' as 'tsv' })]).toThrow(RangeError);
});
