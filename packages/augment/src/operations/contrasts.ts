import type { Candidate, Operation } from '../edit.ts';
import { runningTotals } from '../random.ts';
import type { Source, Word } from '../source.ts';
import { antonyms } from '../tables/lexicon.ts';
import { boundaries } from './words.ts';

/** What a swap changes: whether, how, who, what is done, what to, under what condition. */
export type ContrastKind = 'negation' | 'antonym' | 'party' | 'act' | 'object' | 'condition';

interface Entry {
  readonly word: string;
  readonly others: readonly string[];
}
/** Entries by first character, longest first. */
type Index = ReadonlyMap<string, readonly Entry[]>;

let indexes: ReadonlyMap<string, Index> | undefined;

// Negators that stand before any verb: taken away or turned round, whatever follows.
const anyVerb: readonly (readonly [string, readonly string[]])[] = [
  ['没有', ['有']],
  ['没', ['有']],
  ['未', ['已']],
  ['尚未', ['已经']],
  ['并未', ['已经']],
  ['不', ['']],
];

function buildIndexes(): ReadonlyMap<string, Index> {
  const kinds = new Map<string, Map<string, Set<string>>>();
  const add = (kind: string, word: string, other: string): void => {
    const words = kinds.get(kind) ?? new Map<string, Set<string>>();
    kinds.set(kind, words.set(word, (words.get(word) ?? new Set()).add(other)));
  };
  for (const row of antonyms.split('\n')) {
    const [kind = '', one = '', other = ''] = row.split('\t');
    add(kind, one, other);
    add(kind, other, one);
  }
  for (const [word, others] of anyVerb)
    for (const other of others) if (!(kinds.get('negation')?.has(word) ?? false)) add('negation', word, other);
  return new Map([...kinds].map(([kind, words]) => [kind, byFirstCharacter(words)]));
}

function byFirstCharacter(words: ReadonlyMap<string, ReadonlySet<string>>): Index {
  const index = new Map<string, Entry[]>();
  for (const [word, others] of words) {
    const group = index.get(word.charAt(0)) ?? [];
    index.set(word.charAt(0), group);
    group.push({ word, others: [...others] });
  }
  for (const group of index.values()) group.sort((a, b) => b.word.length - a.word.length || (a.word < b.word ? -1 : 1));
  return index;
}

const questionWord = /^(?:怎|如何|什么|啥|哪|多少|多久|几|谁|何|为什么|否|不是|没有|不)/u;
const yesOrNo = /吗|么[？?\s]*$|是否|能否|可否|有无|没有[？?\s]*$|([一-鿿])[不没]\1|可不可以|应不应该|需不需要|合不合法/u;
const focus =
  /是否|能否|可否|有无|能不能|会不会|要不要|是不是|有没有|可不可以|应不应该|需不需要|可以|能够|能|会|应该|应当|需要|必须|有权|算|属于|构成|合法|有效|违法|要|是|有|行|对/gu;

/** The stretch between two punctuation marks that a place lies in. */
function clauseAround(text: string, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  while (start > 0 && !'，,。；;！!？? '.includes(text.charAt(start - 1))) start--;
  let end = at;
  while (end < text.length && !'，,。；;！!？? '.includes(text.charAt(end))) end++;
  return { start, end };
}

/**
 * Whether denying this place only asks the same yes-or-no question the other way round (能离婚吗, 不能离婚吗): it is the last modal
 * of a clause with 吗, or stands after 是否. What comes before that is what the question presupposes, and denying it changes it.
 */
function isInFocus(text: string, start: number, end: number): boolean {
  const clause = clauseAround(text, start);
  const words = text.slice(clause.start, clause.end);
  if (!yesOrNo.test(words)) return false;
  let last = -1;
  for (const match of words.matchAll(focus)) {
    if (/^(?:是否|能否|可否|有无)|[不没]/u.test(match[0])) return start >= clause.start + match.index;
    last = clause.start + match.index;
  }
  return last === -1 ? end >= clause.end - 4 : end > last;
}

/** Words that may not stand before a modal that is to be denied: 才能 and 如何能 can't be. */
const beforeModal = /(?:才|怎么|怎样|如何|怎|咋|只|最|都|就|也|可|是|应|所|不|没|未|无|非)$/u;
const oneWordNegation = new Set('有能应该须经是会要需想愿肯敢准许予还退付赔交签领办够满定知'.split(''));

function negationFits(text: string, start: number, entry: Entry): boolean {
  const end = start + entry.word.length;
  const [before, after] = [text.slice(Math.max(0, start - 3), start), text.slice(end, end + 3)];
  if (text.charAt(start - 1) !== '' && text.charAt(start - 1) === text.charAt(end)) return false;
  if (/^[不没]/u.test(after) || /[不没否]$/u.test(before)) return false;
  if (questionWord.test(after)) return false;
  const denies = /^[不没未无非尚并]/u.test(entry.word);
  if (denies) return !/(?:了|得|来|差|并|从|毫|除|是|要|会|能|好|么|莫)$/u.test(before) || entry.word.length > 1;
  if (beforeModal.test(before)) return false;
  if (entry.word === '还') return /^(?:钱|款|债|清|贷|本|借)/u.test(after);
  if (entry.word === '有') return !/^(?:关|些|人|可能|时|的|权|效|期|限|所|着|过|了|无)/u.test(after);
  if (entry.word === '是') return !/^(?:的|以|因|指|由|按|在|我|他|她)?(?:$|[？?])/u.test(after);
  return entry.word.length > 1 || oneWordNegation.has(entry.word);
}

/** Whether a place is part of a longer legal term, as 有限 is of 有限责任公司. */
function insideTerm(terms: readonly Word[], start: number, end: number): boolean {
  return terms.some((term) => term.start < end && start < term.end && !(start <= term.start && term.end <= end));
}

function* matches(source: Source, kind: ContrastKind): Generator<{ readonly start: number; readonly end: number; readonly entry: Entry }> {
  indexes ??= buildIndexes();
  const index = indexes.get(kind);
  if (index === undefined) return;
  const { text } = source;
  const cuts = boundaries(source);
  for (let start = 0; start < text.length; start++) {
    const group = cuts[start] === 1 ? index.get(text.charAt(start)) : undefined;
    const entry = group?.find(({ word }) => text.startsWith(word, start) && cuts[start + word.length] === 1);
    if (entry === undefined) continue;
    const end = start + entry.word.length;
    if (!insideTerm(source.terms, start, end)) yield { start, end, entry };
  }
}

/** Denies what is affirmed, or affirms what is denied: 未签 → 已签, 可以 → 不可以. Flips; the focus of a yes-or-no question is left alone. */
export function negation(options: { readonly unsure?: boolean } = {}): Operation {
  return {
    name: 'negation',
    unit: 'word',
    mayTouch: ['negator', 'term'],
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (const { start, end, entry } of matches(source, 'negation')) {
        if (!negationFits(text, start, entry)) continue;
        const inFocus = isInFocus(text, start, end);
        if (inFocus && options.unsure !== true) continue;
        candidates.push({ start, end, choices: entry.others, verdict: inFocus ? 'unknown' : 'flips', cost: 1 });
      }
      return candidates;
    },
  };
}

/**
 * Puts the opposite, or another party, act, object or condition in place of one: 原告 → 被告, 婚前 → 婚后. Flips.
 * Where a text names both sides, antonyms, acts, objects and conditions are left alone, and parties change places.
 */
export function contrast(kind: Exclude<ContrastKind, 'negation'>): Operation {
  return {
    name: `${kind}-swap`,
    unit: 'word',
    mayTouch: ['negator', 'term', 'number', 'name'],
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      const found = [...matches(source, kind)];
      for (const { start, end, entry } of found) {
        const both = entry.others.filter((other) => text.includes(other));
        if (both.length > 0) {
          const other = kind === 'party' ? found.find((match) => match.start >= end && both.includes(match.entry.word)) : undefined;
          if (other === undefined) continue;
          const choice = other.entry.word + text.slice(end, other.start) + entry.word;
          candidates.push({
            start,
            end: other.end,
            choices: [choice],
            verdict: 'flips',
            cost: entry.word.length + other.entry.word.length,
          });
        } else {
          if (kind === 'antonym' && isInFocus(text, start, end)) continue;
          const totals = runningTotals(entry.others.map(() => 1));
          candidates.push({ start, end, choices: entry.others, totals, verdict: 'flips', cost: entry.word.length });
        }
      }
      return candidates;
    },
  };
}
