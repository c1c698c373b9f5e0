import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../tables/lexicon/', import.meta.url);

interface Row {
  readonly line: number;
  readonly columns: readonly string[];
}

interface Group {
  readonly line: number;
  readonly sense: string;
  readonly words: readonly string[];
}

function readLines(name: string): readonly string[] {
  const text = readFileSync(new URL(name, folder), 'utf8');
  expect(text.endsWith('\n'), `${name} ends with a line end`).toBe(true);
  return text.slice(0, -1).split('\n');
}

function readRows(name: string): readonly Row[] {
  return readLines(name).map((line, index) => ({ line: index + 1, columns: line.split('\t') }));
}

function readGroups(): readonly Group[] {
  return readRows('synonyms.tsv').map(({ line, columns }) => ({
    line,
    sense: columns.slice(0, 2).join('\t'),
    words: (columns[2] ?? '').split(' '),
  }));
}

/** The lines that hold an entry seen before, as `line: entry`. */
function repeated(entries: readonly (readonly [line: number, key: string])[]): readonly string[] {
  const seen = new Set<string>();
  return entries.filter(([, key]) => seen.size === seen.add(key).size).map(([line, key]) => `${line}: ${key}`);
}

function pairKey(first: string, second: string): string {
  return [first, second].toSorted().join('\t');
}

/** The 6,763 characters of GB 2312, the standard set of simplified Chinese. */
function simplifiedCharacters(): ReadonlySet<string> {
  const decoder = new TextDecoder('gb18030');
  const characters = new Set<string>();
  for (let high = 0xb0; high <= 0xf7; high += 1) {
    for (let low = 0xa1; low <= 0xfe; low += 1) {
      const character = decoder.decode(Uint8Array.of(high, low));
      if (/^\p{Script=Han}$/u.test(character)) {
        characters.add(character);
      }
    }
  }
  return characters;
}

const tables = [
  { name: 'synonyms.tsv', columns: 3, minimum: 2500 },
  { name: 'antonyms.tsv', columns: 4, minimum: 600 },
  { name: 'fillers.tsv', columns: 2, minimum: 120 },
  { name: 'question-forms.tsv', columns: 2, minimum: 200 },
  { name: 'negators.tsv', columns: 2, minimum: 100 },
  { name: 'protected.tsv', columns: 2, minimum: 500 },
];

describe.each(tables)('$name', ({ name, columns, minimum }) => {
  it(`holds at least ${minimum} lines of ${columns} columns without stray spaces`, () => {
    const rows = readRows(name);
    expect(rows.length).toBeGreaterThanOrEqual(minimum);
    const wrong = rows.filter(
      (row) => row.columns.length !== columns || row.columns.some((column) => column === '' || column !== column.trim()),
    );
    expect(wrong).toEqual([]);
  });

  it('is written in simplified characters', () => {
    const simplified = simplifiedCharacters();
    expect(simplified.size).toBe(6763);
    const others = readLines(name).flatMap((line, index) =>
      Array.from(line)
        .filter((character) => /\p{Script=Han}/u.test(character) && !simplified.has(character))
        .map((character) => `${index + 1}: ${character}`),
    );
    expect(others).toEqual([]);
  });
});

describe('synonyms', () => {
  const groups = readGroups();

  it('name a part of speech and a domain in one word', () => {
    const wrong = groups.filter((group) => !/^[a-z]+\t[nvadrpcumqx]$/.test(group.sense));
    expect(wrong).toEqual([]);
  });

  it('stand in groups of two to six different words', () => {
    const wrong = groups.filter(
      ({ words }) =>
        words.length < 2 ||
        words.length > 6 ||
        new Set(words).size !== words.length ||
        words.some((word) => !/^[\p{Script=Han}A-Za-z0-9%]+$/u.test(word)),
    );
    expect(wrong).toEqual([]);
  });

  it('stand once per domain and part of speech', () => {
    const entries = groups.flatMap(({ line, sense, words }) => words.map((word) => [line, `${sense}\t${word}`] as const));
    expect(repeated(entries)).toEqual([]);
  });

  it('never hold both words of an antonym line', () => {
    const opposites = new Set(readRows('antonyms.tsv').map(({ columns }) => pairKey(columns[1] ?? '', columns[2] ?? '')));
    const wrong = groups.filter(({ words }) => words.some((first) => words.some((second) => opposites.has(pairKey(first, second)))));
    expect(wrong).toEqual([]);
  });

  it('never hold a protected term, which no synonym may replace', () => {
    const terms = new Set(readRows('protected.tsv').map(({ columns }) => columns[1]));
    const wrong = groups.flatMap(({ line, words }) => words.filter((word) => terms.has(word)).map((word) => `${line}: ${word}`));
    expect(wrong).toEqual([]);
  });
});

describe('compound words of a synonym group', () => {
  it('never differ by the two words of an antonym line alone (交定金, 交订金)', () => {
    const lines = readRows('antonyms.tsv')
      .map(({ columns }) => [columns[1] ?? '', columns[2] ?? ''] as const)
      .filter(([first, second]) => first.length > 1 && second.length > 1);
    const wrong = readGroups().filter(({ words }) =>
      words.some((word) =>
        lines.some(
          ([first, second]) =>
            (word.includes(first) && words.includes(word.replace(first, second))) ||
            (word.includes(second) && words.includes(word.replace(second, first))),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('antonyms', () => {
  const rows = readRows('antonyms.tsv');

  it('have a known kind and two different words', () => {
    const kinds = new Set(['negation', 'antonym', 'party', 'act', 'object', 'condition']);
    const wrong = rows.filter(({ columns: [kind, first, second] }) => !kinds.has(kind ?? '') || first === second);
    expect(wrong).toEqual([]);
  });

  it('stand once, in either order', () => {
    const entries = rows.map(({ line, columns }) => [line, pairKey(columns[1] ?? '', columns[2] ?? '')] as const);
    expect(repeated(entries)).toEqual([]);
  });
});

/** The slots of a pattern, sorted: `{X}{Y}`. */
function slots(pattern: string): string {
  return (pattern.match(/\{.*?\}/gu) ?? []).toSorted().join('');
}

describe('question forms', () => {
  const rows = readRows('question-forms.tsv');

  it('have the same slots on both sides, {X} and {Y} at most, and differ', () => {
    const wrong = rows.filter(({ columns: [first = '', second = ''] }) => {
      const used = slots(first);
      return used !== slots(second) || first === second || !['', '{X}', '{X}{Y}'].includes(used);
    });
    expect(wrong).toEqual([]);
  });

  it('stand once, in either order', () => {
    const entries = rows.map(({ line, columns }) => [line, pairKey(columns[0] ?? '', columns[1] ?? '')] as const);
    expect(repeated(entries)).toEqual([]);
  });
});

describe('fillers, negators and protected terms', () => {
  it('have a known kind or a domain in one word', () => {
    const places = /^(before|inside|after|politeness)$/;
    const kinds = /^(negator|modal|question|time|condition)$/;
    expect(readRows('fillers.tsv').filter(({ columns }) => !places.test(columns[0] ?? ''))).toEqual([]);
    expect(readRows('negators.tsv').filter(({ columns }) => !kinds.test(columns[0] ?? ''))).toEqual([]);
    expect(readRows('protected.tsv').filter(({ columns }) => !/^[a-z-]+$/.test(columns[0] ?? ''))).toEqual([]);
  });

  it.each(['fillers.tsv', 'negators.tsv', 'protected.tsv'])('%s has no line twice', (name) => {
    const entries = readRows(name).map(({ line, columns }) => [line, columns.join('\t')] as const);
    expect(repeated(entries)).toEqual([]);
  });
});
