import type { Candidate, Operation } from '../edit.ts';
import type { Source } from '../source.ts';
import { antonyms } from '../tables/lexicon.ts';
import { isInFocus } from './focus.ts';
import { attachesTo, breaksCompound, insideKnown, insideLonger, isRepeated, qualities } from './compounds.ts';
import { boundaries } from './words.ts';

/** What a swap changes: whether, how, who, what is done, what to, under what condition. */
export type ContrastKind = 'negation' | 'antonym' | 'party' | 'act' | 'object' | 'condition';

interface Entry {
  readonly word: string;
  readonly others: readonly string[];
}
/** Entries of one kind with the same first character, longest first. */
interface KindEntries {
  readonly kind: string;
  readonly entries: readonly Entry[];
}
/** Entries by first character, then by kind. */
type Index = ReadonlyMap<string, readonly KindEntries[]>;

let index: Index | undefined;
const none: readonly KindEntries[] = [];

// Negators that stand before any verb: taken away or turned round, whatever follows.
const anyVerb: readonly (readonly [string, readonly string[]])[] = [
  ['没有', ['有']],
  ['没', ['已']],
  ['未', ['已']],
  ['尚未', ['已经']],
  ['并未', ['已经']],
  ['不', ['']],
];

function buildIndex(): Index {
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
  const built = new Map<string, KindEntries[]>();
  for (const [kind, words] of kinds) {
    for (const [first, entries] of byFirstCharacter(words)) built.set(first, [...(built.get(first) ?? []), { kind, entries }]);
  }
  return built;
}

function byFirstCharacter(words: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const [word, others] of words) groups.set(word.charAt(0), [...(groups.get(word.charAt(0)) ?? []), { word, others: [...others] }]);
  for (const group of groups.values()) group.sort((a, b) => b.word.length - a.word.length || (a.word < b.word ? -1 : 1));
  return groups;
}

const questionWord = /^(?:怎|如何|什么|啥|哪|多|几|谁|何|为什么|否|不是|没有|不)/u;
/** Words that may not stand before a modal that is to be denied: 才能 and 如何能 can't be. */
const beforeModal = /(?:什么|才能|才|怎么|怎样|如何|怎|咋|只|最|都|就|也|可|是|应|所|不|没|未|无|非)$/u;
const oneWordNegation = new Set('有能应该须经是会要需想愿肯敢还退付赔交签领办够满'.split(''));

const notAfter = /(?:[不没未无否勿]|没有|不予|予以|不得|禁止|严禁|拒绝|不能|不可以|不会|未经)$/u;
const notPossible = /^(?:超过|至于|仅|但|管|只|过|如|便|错|见得|光|论|少于|低于|高于|知道|[实良当足法利动测幸久适符服明])/u;

const modalWord = /^(?:可以|能够?|会|要|应[该当]?|必?须|需要?|愿意?|肯|敢|想|准|允?许|有.*|是|已经?|经.*)$/u;

// What may stand behind a denied verb. 赔偿 in 赔偿决定 and 强制执行 is a noun.
const verbFrame =
  /^(?:$|[\p{P}\s的了吗么呢吧就也都怎如会能可要还有是被谁我你他她它这那对给过到在]|合同|协议|义务|劳动合同|什么|哪|导致|造成|之?后|之?前|时|多|几|应|该|需|违|算|法院|公司|单位|银行)/u;
const takesAnything = /^(?:承担|负责|签|履行|支付|取得|获得|收到|拿到|享有|具备|符合|满足|告知|通知|交|缴|领)/u;
const attributive = /(?:强制|民事|行政|刑事|国家|工伤|经济|损害|医疗|保险|拆迁)$/u;

// 不履行期限 and 未到期后 are no Chinese: the verb is part of a noun, or the moment after it is meant.
const namesAThing = /^(?:期限|期间|能力|程序|手续|材料|日期|时间|制度|机关|部门|情况|标准|地|费|书|了|(?:之|以)?[后前])/u;

function negationFits(text: string, start: number, entry: Entry): boolean {
  const { word } = entry;
  const end = start + word.length;
  const [before, after] = [text.slice(Math.max(0, start - 3), start), text.slice(end, end + 3)];
  // 能不能, 是不是, 签没签 hold both answers.
  if (before !== '' && before.at(-1) === after.charAt(0)) return false;
  if (/^[不没否]/u.test(after) || questionWord.test(after)) return false;
  if (word === '无' && /^[端故论法须需从]/u.test(after)) return false;
  if (/^[不没未无非尚并]/u.test(word)) {
    // 没钱 is not turned into 已钱.
    if (word === '没' && /^[钱证房车人工驾保事权用资经关]/u.test(after)) return false;
    // 能休病假不 asks, and 一天没歇 has no opposite of one word.
    if (/^(?:$|[\p{P}\s])/u.test(after) || /[天点次个分都]$/u.test(before)) return false;
    if (word === '不' && notPossible.test(after)) return false;
    return !before.endsWith('拒') && (word.length > 1 || !/[了得来差并从毫除是要会能好么莫还都也就]$/u.test(before));
  }
  // 没经我不同意: what is denied once is not denied again.
  if (/[不没未无勿别莫]|拒绝|禁止|尚/u.test(clauseAround(text, start, end))) return false;
  if (beforeModal.test(before) || notAfter.test(before) || namesAThing.test(after)) return false;
  if (attachesTo(text, end) || after.startsWith('由')) return false;
  // A verb is not denied behind its modal, its passive or what sends it: 要付, 被起诉, 去起诉.
  if (
    !modalWord.test(word) &&
    /(?:[要能会想得须需被把给让请来去该愿敢肯谁]|部门|单位|机关|负责|可以|申请|要求|办理|进行|如何|怎么)$/u.test(before)
  )
    return false;
  if (!modalWord.test(word) && (attributive.test(before) || !(takesAnything.test(word) || verbFrame.test(after)))) return false;
  if (qualities.test(word)) return /^(?:[的地吗，,。？?]|$)/u.test(after);
  if (word === '会' && /[员委协社议学机开聚大晚约工农商党]$/u.test(before)) return false;
  // 会判几年 and 要多久 ask how much of it, not whether.
  if (/^[会要]$/u.test(word)) return !after.startsWith('回') && !/^[^，,。？?]*(?:多|几|怎|什么|哪)/u.test(text.slice(end));
  if (word === '还') return /^[钱款债清贷本借]/u.test(after);
  if (word === '有') return !/^(?:关|些|人|可能|时|的|权|效|期|限|所|着|过|了|无)/u.test(after);
  if (word === '是' && after.startsWith('这')) return false;
  if (word === '是') return !/^(?:的|以|因|指|由|按|在|我|他|她)?(?:$|[？?])/u.test(after);
  return word.length > 1 || oneWordNegation.has(word);
}

/** The clause that a place lies in, without the place itself. */
function clauseAround(text: string, start: number, end: number): string {
  const before = /[^，,。！!？?；;\s]*$/u.exec(text.slice(0, start))?.[0] ?? '';
  return `${before} ${/^[^，,。！!？?；;\s]*/u.exec(text.slice(end))?.[0] ?? ''}`;
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly entry: Entry;
}
const matchesKey = {};

/** Words of the text that have an opposite of a kind, at the segmenter's borders, the longest at each place. */
function matches(source: Source, kind: ContrastKind): readonly Match[] {
  return source.remember(matchesKey, () => findMatches(source)).get(kind) ?? [];
}

function findMatches(source: Source): ReadonlyMap<string, readonly Match[]> {
  const byFirst = (index ??= buildIndex());
  const { text } = source;
  const cuts = boundaries(source);
  const known = [...source.terms, ...source.knownWords];
  const found = new Map<string, Match[]>();
  for (let start = 0; start < text.length; start++) {
    if (cuts[start] !== 1) continue;
    for (const { kind, entries } of byFirst.get(text.charAt(start)) ?? none) {
      const entry = entries.find(({ word }) => cuts[start + word.length] === 1 && text.startsWith(word, start));
      if (entry === undefined) continue;
      const end = start + entry.word.length;
      if (kind !== 'condition' || !/[前后内外期]$/u.test(entry.word)) {
        if (insideLonger(known, start, end) || insideKnown(text, start, end, entry.others)) continue;
      }
      const list = found.get(kind);
      if (list === undefined) found.set(kind, [{ start, end, entry }]);
      else list.push({ start, end, entry });
    }
  }
  return found;
}

// Words that everyday language does not keep apart, whatever the law says.
const blurred = new Set([
  '借条 欠条',
  '欠条 借条',
  '赔偿 经济补偿',
  '经济补偿 赔偿',
  '借款 还款',
  '权利 权力',
  '权力 权利',
  '赔 赚',
  '赚 赔',
  '生 死',
  '公司 合伙企业',
  'QQ 微信',
  '微信 QQ',
  '微信 支付宝',
  '支付宝 微信',
]);

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
        if (!negationFits(text, start, entry) || isRepeated(text, start, entry)) continue;
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
      const found = matches(source, kind);
      const isWhole = (match: Match): boolean =>
        !breaksCompound(source, kind, match.start, match.end, match.entry.others) &&
        !isRepeated(text, match.start, { word: match.entry.word, others: [] });
      for (const { start, end, entry } of found) {
        if (!isWhole({ start, end, entry })) continue;
        const others = entry.others.filter((other) => !blurred.has(`${entry.word} ${other}`));
        const both = others.filter((other) => text.includes(other));
        if (both.length > 0) {
          const other =
            kind === 'party' ? found.find((match) => match.start >= end && both.includes(match.entry.word) && isWhole(match)) : undefined;
          if (other === undefined || /^(?:[和与跟同及或、]|以及|或者)?$/u.test(text.slice(end, other.start))) continue;
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
          candidates.push({ start, end, choices: others, verdict: 'flips', cost: entry.word.length });
        }
      }
      return candidates;
    },
  };
}
