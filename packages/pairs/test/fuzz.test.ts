import {
  CorpusError,
  formatCompetitionXml,
  formatPairs,
  readCompetitionXml,
  readPairs,
  type Defect,
  type Pair,
  type QuestionGroup,
} from '@samequestion/pairs';
import { expect, test } from 'vitest';

/** Files per format: 10,000 over the four of them. */
const FILES = 2500;

/** A small generator of random numbers with a seed (SplitMix32). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x9e3779b9) | 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) % below;
  };
}

const questions = ['借钱不还怎么办？', '怎么写"借条"', '<离婚> & 财产', '他说：，', 'a\u00A0b', '𠮷野家', '"', '什么是法律援助，怎么申请'];
const groups: readonly QuestionGroup[] = Array.from({ length: 6 }, (_group, at) => ({
  id: String(at),
  equivalents: questions.slice(at % 3, (at % 3) + 3),
  nonEquivalents: questions.slice(4, 4 + (at % 4)),
}));
const pairs: readonly Pair[] = questions.map((question1, at) => ({
  question1,
  question2: questions[(at * 3 + 1) % 8] ?? '',
  label: at % 2 === 0 ? 1 : 0,
}));

const inserted = [
  '\t', '\n', '\r', '\r\n', '"', ',', '""', '\0', '\uFEFF', '<', '>', '&', ';', '&amp;', '&lol;', '&#0;', '&#xD800;', '<question>', '</question>', '<question/>',
  '</Questions>', '<!--', '-->', '<![CDATA[', ']]>', '<?x', '?>', '<!DOCTYPE a [<!ENTITY b "c">]>', '{', '}', '[', '\\', '\\ud800', 'null', '2', '1', '0', ' ',
].map((text) => Buffer.from(text)); // prettier-ignore
const invalid = [[0xff], [0xc0, 0xaf], [0xe5, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80], [0xfe, 0xff]].map((bytes) =>
  Buffer.from(bytes),
);

/** One to three damages: bytes cut, doubled, moved, overwritten, or something inserted. */
function damaged(file: Buffer, random: (below: number) => number): Buffer {
  let bytes = file;
  for (let times = 1 + random(3); times > 0; times -= 1) {
    const at = random(bytes.length + 1);
    const end = Math.min(bytes.length, at + 1 + random(random(4) === 0 ? 400 : 8));
    const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const extra = (random(4) === 0 ? invalid[random(invalid.length)] : inserted[random(inserted.length)]) ?? part;
    const choices = [
      [before, after],
      [before, part, part, after],
      [part, before, after],
      [before, Buffer.from(part.map((byte) => byte ^ (1 << random(8)))), after],
      [before, extra, part, after],
      [before, extra, after],
      [before],
    ];
    bytes = Buffer.concat(choices[random(choices.length)] ?? []);
  }
  return bytes;
}

/** What a reader made of a file: everything it held, or one clear error. */
type Outcome = { readonly read: number; readonly defects: readonly Defect[] } | { readonly error: CorpusError };

async function outcome(read: (onDefect: (defect: Defect) => void) => AsyncIterable<unknown>): Promise<Outcome> {
  const defects: Defect[] = [];
  let count = 0;
  try {
    for await (const item of read((defect) => defects.push(defect))) count += item === undefined ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CorpusError)) throw error;
    return { error };
  }
  return { read: count, defects };
}

function checkError({ error }: { readonly error: CorpusError }): void {
  expect(error.message).toMatch(/^read\w+: .*expected .+, got .+\.( .+)?$/u);
  expect(error.message).not.toMatch(/[\n\r]/u);
}

test.each(['tsv', 'csv', 'jsonl'] as const)('damaged %s is read without losing a row, or refused with one clear error', async (format) => {
  const whole = Buffer.from([...formatPairs(pairs, { format })].join(''));
  const random = randomNumbers(format.length * 1000 + format.charCodeAt(0));
  let refused = 0;
  for (let file = 0; file < FILES; file += 1) {
    const bytes = damaged(whole, random);
    const result = await outcome((onDefect) => readPairs(bytes, { format, onDefect, emptyQuestions: 'drop', maxLength: 10_000 }));
    if ('error' in result) {
      refused += 1;
      checkError(result);
      continue;
    }
    const text = bytes.toString('utf8').replace(/^\uFEFF/u, '');
    const lines = text.split('\n').filter((line, at, all) => at < all.length - 1 || line !== '');
    const counted = (kind: Defect['kind']): number => result.defects.filter((defect) => defect.kind === kind).length;
    const firstLine = lines.find((line) => line.trim() !== '') ?? '';
    const header = format === 'jsonl' || /[\t,][ ]*[01]\s*$/u.test(firstLine) ? 0 : 1;
    const dropped = result.defects.filter((defect) => defect.dropped).length;
    const rows = result.read + dropped + counted('blank-line') + header;
    // A quoted cell may span lines; the line breaks in it are reported.
    const joined = format === 'csv' && rows < lines.length && counted('stray-space') + dropped > 0;
    expect({ rows: joined ? lines.length : rows, text }).toEqual({ rows: lines.length, text });
  }
  expect(refused).toBeGreaterThan(FILES / 4);
  expect(refused).toBeLessThan(FILES);
});

test('damaged XML is read without losing a question, or refused with one clear error', async () => {
  const whole = Buffer.from([...formatCompetitionXml(groups)].join(''));
  const random = randomNumbers(4);
  let refused = 0;
  for (let file = 0; file < FILES; file += 1) {
    const bytes = damaged(whole, random);
    let questionCount = 0;
    const result = await outcome(async function* (onDefect) {
      for await (const group of readCompetitionXml(bytes, { onDefect, maxLength: 10_000 })) {
        questionCount += group.equivalents.length + group.nonEquivalents.length + (group.emptyQuestions ?? 0);
        yield group;
      }
    });
    if ('error' in result) {
      refused += 1;
      checkError(result);
      continue;
    }
    const text = bytes.toString('utf8').replaceAll(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>/gu, '');
    expect({ questionCount, text }).toEqual({ questionCount: text.match(/<question[\s/>]/gu)?.length ?? 0, text });
  }
  expect(refused).toBeGreaterThan(FILES / 4);
  expect(refused).toBeLessThan(FILES);
});
