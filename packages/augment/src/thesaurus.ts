import { synonyms } from './tables/lexicon.ts';

/** Words that mean the same. */
export interface SynonymGroup {
  /** Where the group holds: `legal`, `general`, `question`, …; or a list's own code. */
  readonly domain: string;
  readonly partOfSpeech: string;
  readonly words: readonly string[];
}

/** A list of synonyms that operations can look words up in. */
export interface Thesaurus {
  readonly groups: readonly SynonymGroup[];
  /** The longest word the list knows at a place; with `cuts`, one that ends where `cuts` is 1. */
  wordAt(text: string, start: number, cuts?: Uint8Array): string | undefined;
  /** The domains of the words that a text holds, each with the number of its words. */
  domainsIn(text: string, cuts?: Uint8Array): ReadonlyMap<string, number>;
  /**
   * Other words for this one. A word in several groups has several senses: the one whose domain has most other words in the text
   * (`domains`), else the sense of domain `general`, else none.
   */
  synonyms(word: string, domains: ReadonlyMap<string, number>): readonly string[];
}

/** A thesaurus from groups of synonyms. Loaders for Cilin and WordNet lists give such groups. */
export function thesaurusFrom(groups: readonly SynonymGroup[]): Thesaurus {
  const groupsOf = new Map<string, SynonymGroup[]>();
  for (const group of groups) {
    for (const word of group.words) {
      const known = groupsOf.get(word);
      if (known === undefined) groupsOf.set(word, [group]);
      else if (known.at(-1) !== group) known.push(group);
    }
  }
  const byFirst = new Map<string, string[]>();
  for (const word of groupsOf.keys()) byFirst.set(word.charAt(0), [...(byFirst.get(word.charAt(0)) ?? []), word]);
  for (const words of byFirst.values()) words.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const others = new Map<string, readonly string[]>();
  const wordAt = (text: string, start: number, cuts?: Uint8Array): string | undefined => {
    const words = byFirst.get(text.charAt(start));
    return words?.find((word) => text.startsWith(word, start) && (cuts === undefined || cuts[start + word.length] === 1));
  };
  return {
    groups,
    wordAt,
    domainsIn(text, cuts) {
      const domains = new Map<string, number>();
      for (let start = 0; start < text.length; start++) {
        const word = cuts === undefined || cuts[start] === 1 ? wordAt(text, start, cuts) : undefined;
        if (word === undefined) continue;
        for (const { domain } of groupsOf.get(word) ?? []) domains.set(domain, (domains.get(domain) ?? 0) + 1);
        start += word.length - 1;
      }
      return domains;
    },
    synonyms(word, domains) {
      const sense = senseIn(groupsOf.get(word) ?? [], domains);
      if (sense === undefined) return [];
      const key = `${word} ${sense.domain} ${sense.partOfSpeech}`;
      let found = others.get(key);
      if (found === undefined) others.set(key, (found = sense.words.filter((other) => other !== word)));
      return found;
    },
  };
}

/** The only sense; or the one whose domain has more words in the text than any other's; or the general one. */
function senseIn(senses: readonly SynonymGroup[], domains: ReadonlyMap<string, number>): SynonymGroup | undefined {
  if (senses.length <= 1) return senses[0];
  // The word itself counts once for each of its senses, so only what goes beyond that tells.
  const scored = senses.map((group) => ({ group, score: domains.get(group.domain) ?? 0 }));
  scored.sort((a, b) => b.score - a.score);
  const [first, second] = scored;
  if (first !== undefined && second !== undefined && first.score > second.score) return first.group;
  const general = senses.filter(({ domain }) => domain === 'general');
  return general.length === 1 ? general[0] : undefined;
}

let own: Thesaurus | undefined;

/** The thesaurus written for this project. */
export function builtInThesaurus(): Thesaurus {
  own ??= thesaurusFrom(
    synonyms.split('\n').map((row) => {
      const [domain = '', partOfSpeech = '', words = ''] = row.split('\t');
      return { domain, partOfSpeech, words: words.split(' ') };
    }),
  );
  return own;
}

/** Wrong data in a list of words. */
export class LexiconError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.name = 'LexiconError';
    this.line = line;
  }
}

/**
 * Reads Cilin (同义词词林): lines of `Aa01A01= word word …`. Only groups marked `=` (the same meaning) are synonyms; `#` (related) and
 * `@` (alone) are passed over. The domain is the code's first letter, the part of speech is left empty.
 *
 * @throws {LexiconError} If a line has no code.
 */
export function readCilin(text: string): readonly SynonymGroup[] {
  const groups: SynonymGroup[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (line.trim() === '') continue;
    const match = /^([A-Z][a-z]\d\d[A-Z]\d\d)([=#@])\s+(.+)$/u.exec(line);
    if (match === null) {
      throw new LexiconError(
        `readCilin: line ${index + 1}: expected "Aa01A01= word word", got ${JSON.stringify(line.slice(0, 40))}. Pass the extended Cilin in UTF-8.`,
        index + 1,
      );
    }
    const [, code = '', mark, words = ''] = match;
    if (mark === '=') groups.push({ domain: code.charAt(0), partOfSpeech: '', words: [...new Set(words.trim().split(/\s+/u))] });
  }
  return groups;
}

/**
 * Reads a list of Open Multilingual WordNet: rows of `synset TAB lang:lemma TAB word`, `#` for comments. Rows of other kinds (definitions,
 * examples) are passed over, as are synsets of one word. The part of speech is the synset's last letter; the domain is the synset.
 *
 * @throws {LexiconError} If a row has fewer than three columns.
 */
export function readWordNet(text: string): readonly SynonymGroup[] {
  const synsets = new Map<string, Set<string>>();
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [synset, kind, word] = line.split('\t');
    if (synset === undefined || kind === undefined || word === undefined) {
      throw new LexiconError(
        `readWordNet: line ${index + 1}: expected "synset TAB kind TAB word", got ${JSON.stringify(line.slice(0, 40))}. Pass a wn-data-*.tab file.`,
        index + 1,
      );
    }
    if (!kind.endsWith('lemma')) continue;
    const lemma = word.replaceAll(/[+_ ]/gu, '').trim();
    const words = synsets.get(synset);
    if (words === undefined) synsets.set(synset, new Set([lemma]));
    else words.add(lemma);
  }
  const groups = [...synsets].filter(([, words]) => words.size > 1);
  return groups.map(([synset, words]) => ({ domain: synset, partOfSpeech: synset.slice(-1), words: [...words] }));
}
