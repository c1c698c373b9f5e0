/**
 * Packs the readable tables of `tables/` into string modules in `src/tables/`, which are cheap to import and are unpacked on first use.
 *
 * Run from the repository root: `node --import ./tools/typescript.mjs packages/augment/tools/make-tables.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';

const tables = new URL('../tables/', import.meta.url);
const modules = new URL('../src/tables/', import.meta.url);

function rows(name: string): string[][] {
  const lines = readFileSync(new URL(name, tables), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).map((line) => line.split('\t'));
}

function writeModule(name: string, from: string, constants: Readonly<Record<string, readonly [about: string, text: string]>>): void {
  const parts = Object.entries(constants).map(([constant, [about, text]]) => {
    const quoted = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
    const line = `export const ${constant}: string = ${quoted};`;
    return `/** ${about} */\n${line.length > 140 ? `export const ${constant}: string =\n  ${quoted};` : line}\n`;
  });
  writeFileSync(new URL(`${name}.ts`, modules), `// Made by tools/make-tables.ts from ${from}; do not edit.\n\n${parts.join('\n')}`);
}

function makeCharacters(): void {
  const counted = rows('derived/characters.tsv');
  writeModule('characters', 'tables/derived/characters.tsv', {
    characters: ['Ideographs by falling frequency.', counted.map(([character]) => character).join('')],
    counts: ['Their counts in base 36, in the same order.', counted.map(([, count]) => Number(count).toString(36)).join(' ')],
  });
}

function addTo(groups: Map<string, string[]>, reading: string, character: string): void {
  const group = groups.get(reading);
  if (group === undefined) groups.set(reading, [character]);
  else group.push(character);
}

function packGroups(groups: ReadonlyMap<string, string[]>): string {
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([reading, members]) => `${reading}${members.join('')}`).join(' ');
}

function makeReadings(): void {
  const main = new Map<string, string[]>();
  const other = new Map<string, string[]>();
  for (const [character = '', reading = '', ...others] of rows('derived/readings.tsv')) {
    addTo(main, reading, character);
    for (const another of others) addTo(other, another, character);
  }
  writeModule('readings', 'tables/derived/readings.tsv', {
    mainReadings: ['Syllable with tone, then the characters whose main reading it is.', packGroups(main)],
    otherReadings: ['Syllable with tone, then the characters that are also read so.', packGroups(other)],
  });
}

function makeLookAlikes(): void {
  const packed = rows('derived/look-alikes.tsv').map(([character, ...alike]) => {
    const members = alike.map((entry) => entry.split(':')).filter(([, cosine]) => Number(cosine) >= 0.75);
    return members.length === 0 ? '' : `${character}${members.map(([other, cosine]) => `${other}${cosine?.slice(2)}`).join('')}`;
  });
  writeModule('look-alikes', 'tables/derived/look-alikes.tsv', {
    lookAlikes: [
      'Character, then its look-alikes, each with the two decimals of the cosine of their glyphs.',
      packed.filter(Boolean).join(' '),
    ],
  });
}

function makeWords(): void {
  const counted = rows('derived/words.tsv').map(([word = '', count]) => ({ word, count: Number(count) }));
  const bySound = new Map<string, string[]>();
  for (const { word, count } of counted) {
    if (count < 30) continue;
    const sound = pinyin(word, { type: 'array', toneType: 'none', v: true }).join(' ');
    bySound.set(sound, [...(bySound.get(sound) ?? []), word]);
  }
  const groups = [...bySound.values()].filter((group) => group.length > 1).map((group) => group.join(' '));
  writeModule('words', 'tables/derived/words.tsv', {
    commonWords: ['Words of two to four characters by falling frequency.', counted.map(({ word }) => word).join(' ')],
    soundAlikeWords: ['Common words with the same syllables (tones aside), a group a line.', groups.join('\n')],
  });
}

function packLexicon(name: string): string {
  const trimmed = rows(`lexicon/${name}.tsv`).map((row) => row.map((cell) => cell.trim()).join('\t'));
  return trimmed.join('\n');
}

function makeLexicon(): void {
  writeModule('lexicon', 'tables/lexicon/*.tsv', {
    synonyms: ['Domain, part of speech, words with one meaning.', packLexicon('synonyms')],
    antonyms: ['Kind, one side, other side.', packLexicon('antonyms')],
    fillers: ['Place, text.', packLexicon('fillers')],
    questionForms: ['Pattern, equivalent pattern.', packLexicon('question-forms')],
    negators: ['A negator a line.', packLexicon('negators')],
    protectedTerms: ['A legal term a line.', packLexicon('protected')],
  });
}

makeCharacters();
makeReadings();
makeLookAlikes();
makeWords();
makeLexicon();
