import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readingsOf } from '@samequestion/augment';

const tables = new URL('../tables/', import.meta.url);

function rows(name: string): readonly string[] {
  const lines = readFileSync(new URL(name, tables), 'utf8').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) =>
      line
        .split('\t')
        .map((cell) => cell.trim())
        .join('\t'),
    );
}

async function packed(name: string): Promise<Readonly<Record<string, string>>> {
  return (await import(new URL(`../src/tables/${name}.ts`, import.meta.url).href)) as Record<string, string>;
}

test('the packed lexicon is the one in tables/lexicon: run tools/make-tables.ts after a change', async () => {
  const modules = await packed('lexicon');
  for (const [constant, file] of [
    ['synonyms', 'synonyms'],
    ['antonyms', 'antonyms'],
    ['fillers', 'fillers'],
    ['questionForms', 'question-forms'],
    ['negators', 'negators'],
    ['protectedTerms', 'protected'],
  ] as const) {
    expect(modules[constant]?.split('\n')).toEqual(rows(`lexicon/${file}.tsv`));
  }
});

test('the packed counts and readings are those of tables/derived', async () => {
  const { characters = '', counts = '' } = await packed('characters');
  const listed = counts.split(' ').map((count, index) => `${Array.from(characters)[index]}\t${Number.parseInt(count, 36)}`);
  expect(listed).toEqual(rows('derived/characters.tsv'));
  for (const row of rows('derived/readings.tsv').filter((_, index) => index % 97 === 0)) {
    const [character = '', main = '', ...others] = row.split('\t');
    expect(readingsOf(character)[0]).toBe(main);
    expect([...readingsOf(character)].sort()).toEqual([main, ...others].sort());
  }
});
