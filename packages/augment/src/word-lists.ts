import { mainReading } from './sounds.ts';
import type { Word } from './source.ts';
import { protectedTerms } from './tables/lexicon.ts';
import { commonWords, soundAlikeWords } from './tables/words.ts';

/** Terms by first character, longest first. */
type Trie = ReadonlyMap<string, readonly string[]>;

function byFirstCharacter(terms: Iterable<string>): Trie {
  const trie = new Map<string, string[]>();
  for (const term of terms) {
    const first = term.charAt(0);
    const group = trie.get(first);
    if (group === undefined) trie.set(first, [term]);
    else group.push(term);
  }
  for (const group of trie.values()) group.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return trie;
}

/** Longest matches from the left, none overlapping. */
function matchLongest(text: string, trie: Trie): Word[] {
  const found: Word[] = [];
  for (let start = 0; start < text.length;) {
    const match = trie.get(text.charAt(start))?.find((term) => text.startsWith(term, start));
    if (match === undefined) {
      start++;
      continue;
    }
    found.push({ text: match, start, end: start + match.length });
    start += match.length;
  }
  return found;
}

let terms: Trie | undefined;
let known: Trie | undefined;
let followers: readonly (ReadonlySet<number> | undefined)[] | undefined;
const firstIdeograph = 0x4e00;

function termList(): string[] {
  return protectedTerms
    .split('\n')
    .map((row) => row.split('\t').at(-1) ?? '')
    .filter((term) => term.length > 1);
}

/** Legal terms in a text, longest first from the left. */
export function matchTerms(text: string): readonly Word[] {
  terms ??= byFirstCharacter(termList());
  return matchLongest(text, terms);
}

/** Known words of two or more characters in a text: common ones and legal terms, longest first from the left. */
export function matchWords(text: string): readonly Word[] {
  known ??= byFirstCharacter(new Set([...termList(), ...commonWords.split(' ')]));
  return matchLongest(text, known);
}

/** Whether two characters in a row, by their UTF-16 units, are a common word. */
export function isCommonPair(first: number, second: number): boolean {
  if (followers === undefined) {
    const table: Set<number>[] = [];
    for (const word of commonWords.split(' ')) {
      if (word.length === 2) (table[word.charCodeAt(0) - firstIdeograph] ??= new Set()).add(word.charCodeAt(1));
    }
    followers = table;
  }
  return followers[first - firstIdeograph]?.has(second) ?? false;
}

let legal: ReadonlySet<string> | undefined;
let sounds: ReadonlyMap<string, readonly string[]> | undefined;

/** Whether a word is a legal term of the lexicon. */
export function isLegalTerm(word: string): boolean {
  legal ??= new Set(termList());
  return legal.has(word);
}

/** Whether two words of the same syllables differ in one tone at most. */
function soundsNear(word: string, other: string): boolean {
  const differing = Array.from(word).filter((character, index) => mainReading(character) !== mainReading(other.charAt(index)));
  return differing.length <= 1;
}

/** Other common words with the same syllables, of which one tone at most differs. */
export function soundAlikesOf(word: string): readonly string[] {
  if (sounds === undefined) {
    const table = new Map<string, readonly string[]>();
    for (const line of soundAlikeWords.split('\n')) {
      const group = line.split(' ');
      for (const member of group)
        table.set(
          member,
          group.filter((other) => other !== member && soundsNear(member, other)),
        );
    }
    sounds = table;
  }
  return sounds.get(word) ?? [];
}
