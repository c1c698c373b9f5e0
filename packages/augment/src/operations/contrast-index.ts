import { antonyms } from '../tables/lexicon.ts';
import type { Frame } from './frames.ts';
import { frames } from './frames.ts';

/** What a swap changes: whether, how, who, what is done, what to, under what condition. */
export type ContrastKind = 'negation' | 'antonym' | 'party' | 'act' | 'object' | 'condition';

/** A word that may stand for another where its frame allows. */
export interface Other {
  readonly word: string;
  readonly frame: Frame;
}
/** A word and what may be put in its place; nothing where the lexicon only says that two words differ. */
export interface Entry {
  readonly word: string;
  readonly others: readonly Other[];
}
/** Entries of one kind with the same first character, longest first. */
export interface KindEntries {
  readonly kind: ContrastKind;
  readonly entries: readonly Entry[];
}
/** Entries by first character, then by kind. */
export type ContrastIndex = ReadonlyMap<string, readonly KindEntries[]>;

let index: ContrastIndex | undefined;

/** The pairs of the lexicon, both ways; one way only where the column of frames begins with `>`; frames are parted by `|`, and one that fits is enough. */
export function contrastIndex(): ContrastIndex {
  return (index ??= buildIndex());
}

function frameOf(name: string): Frame | undefined {
  if (!(name in frames))
    throw new TypeError(`contrastIndex: expected a frame of operations/frames.ts, got "${name}". Name a frame in antonyms.tsv.`);
  return frames[name];
}

function buildIndex(): ContrastIndex {
  const kinds = new Map<ContrastKind, Map<string, Other[]>>();
  for (const row of antonyms.split('\n')) {
    const [kind, one = '', other = '', rule = ''] = row.split('\t') as [ContrastKind, string, string, string];
    const oneWay = rule.startsWith('>');
    let words = kinds.get(kind);
    if (words === undefined) kinds.set(kind, (words = new Map()));
    for (const name of (oneWay ? rule.slice(1) : rule).split('|')) {
      const frame = frameOf(name);
      add(words, one, frame && { word: other, frame });
      if (!oneWay) add(words, other, frame && { word: one, frame });
    }
  }
  const built = new Map<string, KindEntries[]>();
  for (const [kind, words] of kinds) {
    for (const [first, entries] of byFirstCharacter(words)) {
      const group = built.get(first);
      if (group === undefined) built.set(first, [{ kind, entries }]);
      else group.push({ kind, entries });
    }
  }
  return built;
}

function add(words: Map<string, Other[]>, word: string, other: Other | undefined): void {
  let others = words.get(word);
  if (others === undefined) words.set(word, (others = []));
  if (other !== undefined) others.push(other);
}

function byFirstCharacter(words: ReadonlyMap<string, readonly Other[]>): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const [word, others] of words) {
    const group = groups.get(word.charAt(0));
    if (group === undefined) groups.set(word.charAt(0), [{ word, others }]);
    else group.push({ word, others });
  }
  for (const group of groups.values()) group.sort((a, b) => b.word.length - a.word.length || (a.word < b.word ? -1 : 1));
  return groups;
}
