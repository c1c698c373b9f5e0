import type { Candidate, Operation } from '../edit.ts';
import type { Source } from '../source.ts';
import { breaksCompound, insideKnown, insideLonger, isRepeated } from './compounds.ts';
import type { ContrastKind, Entry } from './contrast-index.ts';
import { contrastIndex } from './contrast-index.ts';
import { isInFocus } from './focus.ts';
import type { Frame } from './frames.ts';
import { numberSwaps } from './quantities.ts';
import { takenOut } from './taken-out.ts';
import { boundaries } from './words.ts';

export type { ContrastKind } from './contrast-index.ts';

interface Match {
  readonly start: number;
  readonly end: number;
  readonly entry: Entry;
}
const matchesKey = {};
const none: readonly Match[] = [];

/** Words of the text that have an opposite of a kind, at the segmenter's borders, the longest at each place. */
function matches(source: Source, kind: ContrastKind): readonly Match[] {
  return source.remember(matchesKey, () => findMatches(source)).get(kind) ?? none;
}

function findMatches(source: Source): ReadonlyMap<string, readonly Match[]> {
  const byFirst = contrastIndex();
  const { text } = source;
  const cuts = boundaries(source);
  const found = new Map<string, Match[]>();
  for (let start = 0; start < text.length; start++) {
    if (cuts[start] !== 1) continue;
    for (const { kind, entries } of byFirst.get(text.charAt(start)) ?? []) {
      const entry = entries.find(({ word }) => cuts[start + word.length] === 1 && text.startsWith(word, start));
      if (entry === undefined) continue;
      const match = { start, end: start + entry.word.length, entry };
      const list = found.get(kind);
      if (list === undefined) found.set(kind, [match]);
      else list.push(match);
    }
  }
  return found;
}

/** Whether what stands around a place is what the frame asks for. */
function fits({ left, right, unless }: Frame, text: string, start: number, end: number): boolean {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  return (left?.test(before) ?? true) && (right?.test(after) ?? true) && !(unless?.test(takenOut(text, start, end)) ?? false);
}

/** The words that may stand in place of a match: those whose frames fit, and that the text does not name already. */
function choicesOf({ text }: Source, { start, end, entry }: Match): readonly string[] {
  const rest = takenOut(text, start, end);
  const fitting = entry.others.filter(({ word, frame }) => fits(frame, text, start, end) && !(word.length > 1 && rest.includes(word)));
  // 能不能 and 是不是 hold both answers, and 的 is not typed twice.
  const words = [...new Set(fitting.map(({ word }) => word))];
  return words.filter((word) => text.charAt(start - 1) !== word.charAt(0) && text.charAt(end) !== word.at(-1));
}

function isPartOfLonger(source: Source, { start, end, entry }: Match): boolean {
  const others = entry.others.map(({ word }) => word);
  return (
    insideLonger(source.terms, start, end) || insideLonger(source.knownWords, start, end) || insideKnown(source.text, start, end, others)
  );
}

function flip({ start, end }: Match, choices: readonly string[]): Candidate {
  return { start, end, choices, verdict: 'flips', cost: Math.max(1, end - start) };
}

const holdsBoth = /^[不没否]/u;

/** Whether a modal is denied in the focus of a yes-or-no question, which then asks the same the other way round. */
const modals = /^(?:不|无法|没)?(?:可以|能够?|会|应[该当]?|必?须|需要?|要|允许|有权|构成|属于|是|有)$/u;

/** Denies what is affirmed, or affirms what is denied: 未签 → 已签, 哪些可以 → 哪些不可以. Flips; the focus of a yes-or-no question is left alone. */
export function negation(options: { readonly unsure?: boolean } = {}): Operation {
  return {
    name: 'negation',
    unit: 'word',
    mayTouch: ['negator', 'term'],
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (const match of matches(source, 'negation')) {
        const { start, end, entry } = match;
        if (text.charAt(start - 1) === text.charAt(end) && end < text.length) continue;
        if (holdsBoth.test(text.slice(end)) || isRepeated(text, start, entry.word)) continue;
        const inFocus = isInFocus(text, start, end);
        if (inFocus && modals.test(entry.word) && options.unsure === true) {
          const denied = entry.others.map(({ word }) => word).filter((word) => !word.includes('可以不'));
          candidates.push({ start, end, choices: denied, verdict: 'unknown', cost: 1 });
        }
        if (isPartOfLonger(source, match)) continue;
        const choices = choicesOf(source, match).filter((word) => !inFocus || entry.word + '不' === word || `${word}不` === entry.word);
        if (choices.length > 0) candidates.push({ start, end, choices, verdict: 'flips', cost: 1 });
      }
      return candidates;
    },
  };
}

// Who may change places with whom, where one does something to the other.
const exchanges =
  '父母 子女|房东 租客|房东 房客|买方 卖方|买家 卖家|公司 员工|老师 学生|甲方 乙方|用人单位 劳动者|出租人 承租人|债权人 债务人|债务人 保证人|老板 员工|委托人 受托人|商家 消费者|业主 物业|父亲 儿子'
    .split('|')
    .map((pair) => pair.split(' '));
const towards =
  /^(?:起诉|打了?|骂了?|骗了?|告了?|要求|通知|告知|威胁|隐瞒|欺骗|(?:可以|能|能否|是否可以|有权|应当|应该|需要|可否|怎么|如何)?(?:向|对|给|替|借给|起诉|要求))$/u;
const exchangesKey = {};

/** Places where one party does something to another and both may be exchanged: 父母打了子女. */
function findExchanges({ text }: Source): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const [one = '', other = ''] of exchanges) {
    const [first, second] = [text.indexOf(one), text.indexOf(other)];
    if (first < 0 || second < 0) continue;
    const [from, to] = first < second ? [one, other] : [other, one];
    const [start, middle] = [Math.min(first, second), Math.max(first, second)];
    const between = text.slice(start + from.length, middle);
    const rest = text.slice(middle + to.length);
    if (!towards.test(between) || text.lastIndexOf(one) !== first || text.lastIndexOf(other) !== second) continue;
    if ((start > 0 && !'，,。？? '.includes(text.charAt(start - 1))) || /^[的们人方]/u.test(rest)) continue;
    found.push({ start, end: middle + to.length, choices: [to + between + from], verdict: 'flips', cost: from.length + to.length });
  }
  return found;
}

/**
 * Puts the opposite, or another party, act, object or condition in place of one: 原告 → 被告, 婚前 → 婚后. Flips.
 * A pair is swapped only where its frame in the lexicon fits; where one party does something to the other, the two change places.
 */
export function contrast(kind: Exclude<ContrastKind, 'negation'>): Operation {
  return {
    name: `${kind}-swap`,
    unit: 'word',
    mayTouch: ['negator', 'term', 'number', 'name'],
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = kind === 'party' ? [...source.remember(exchangesKey, () => findExchanges(source))] : [];
      if (kind === 'condition') candidates.push(...numberSwaps(text));
      for (const match of matches(source, kind)) {
        const { start, end, entry } = match;
        if (isRepeated(text, start, entry.word)) continue;
        const choices = choicesOf(source, match);
        if (choices.length === 0) continue;
        if ((kind !== 'condition' || !/[前后内外期]$/u.test(entry.word)) && isPartOfLonger(source, match)) continue;
        if (breaksCompound(source, kind, start, end, choices) || (kind === 'antonym' && isInFocus(text, start, end))) continue;
        candidates.push(flip(match, choices));
      }
      return candidates;
    },
  };
}
