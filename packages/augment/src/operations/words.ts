import type { Candidate, Operation } from '../edit.ts';
import { Draws } from '../random.ts';
import { mayReplace } from './characters.ts';
import type { Source, Word } from '../source.ts';
import { builtInThesaurus } from '../thesaurus.ts';
import type { Thesaurus } from '../thesaurus.ts';
import { isLegalTerm, soundAlikesOf } from '../word-lists.ts';

const ideographs = /^\p{Unified_Ideograph}+$/u;

const boundariesKey = {};

/** Offsets of a text where a word of the segmenter begins or ends. */
export function boundaries(source: Source): Uint8Array {
  return source.remember(boundariesKey, () => findBoundaries(source));
}

function findBoundaries(source: Source): Uint8Array {
  const marks = new Uint8Array(source.text.length + 1);
  for (const { start, end } of source.words) marks[start] = marks[end] = 1;
  return marks;
}

interface SynonymPlace {
  readonly word: Word;
  readonly others: readonly string[];
}

/** Places where a thesaurus knows other words, longest first from the left, on the segmenter's boundaries. */
function synonymPlaces(source: Source, thesaurus: Thesaurus): readonly SynonymPlace[] {
  return source.remember(thesaurus, () => findSynonymPlaces(source, thesaurus));
}

function findSynonymPlaces(source: Source, thesaurus: Thesaurus): readonly SynonymPlace[] {
  const { text } = source;
  const cuts = boundaries(source);
  const domains = thesaurus.domainsIn(text, cuts);
  const places: SynonymPlace[] = [];
  for (let start = 0; start < text.length; start++) {
    if (cuts[start] !== 1) continue;
    const word = thesaurus.wordAt(text, start, cuts);
    if (word === undefined) continue;
    const end = start + word.length;
    const others = thesaurus.synonyms(word, domains).filter((other) => !joins(text, start, end, other));
    if (others.length > 0) places.push({ word: { text: word, start, end }, others });
    start = end - 1;
  }
  return places;
}

/** Whether a word put between two offsets would repeat the character before or after it: 的 beside 的话. */
function joins(text: string, start: number, end: number, word: string): boolean {
  return text.charAt(start - 1) === word.charAt(0) || (end < text.length && text.charAt(end) === word.charAt(word.length - 1));
}

/** Where synonyms come from. */
export interface SynonymOptions {
  /** The project's own by default. */
  readonly thesaurus?: Thesaurus;
}

/** Puts a synonym in place of a word: 怎么 → 如何. Keeps. Legal terms stay; words of several senses only where the text tells which. */
export function synonyms(options: SynonymOptions = {}): Operation {
  return {
    name: 'synonym',
    unit: 'word',
    propose(source) {
      const places = synonymPlaces(source, options.thesaurus ?? builtInThesaurus());
      return places.map(({ word: { start, end }, others }) => ({ start, end, choices: others, verdict: 'keeps', cost: end - start }));
    },
  };
}

/** Puts a synonym beside a word, as the 2019 entry and EDA's random insertion did: 怎么处理 → 怎么如何处理. Keeps: it says the same twice. */
export function synonymInsertion(options: SynonymOptions = {}): Operation {
  return {
    name: 'synonym-insertion',
    unit: 'word',
    propose(source) {
      const places = synonymPlaces(source, options.thesaurus ?? builtInThesaurus());
      return places
        .filter(({ word }) => word.text.length > 1)
        .map(({ word: { start, end }, others }) => ({ start: end, end, choices: others, verdict: 'keeps', cost: end - start }));
    },
  };
}

// Words of one sound that both fit the same place: a reader would take the other one at its word.
const rivalWords = [
  '货车 火车',
  '小区 校区',
  '抚养 扶养',
  '中止 终止',
  '福利 复利',
  '食品 饰品 视频',
  '刑法 刑罚',
  '询问 讯问',
  '使用 食用 试用',
  '检察 监察 检查',
  '定金 订金',
  '国籍 国际',
  '前妻 前期',
  '前款 欠款',
  '防止 防治',
  '检测 监测',
  '回复 恢复',
  '有限 有线',
  '财物 财务',
  '上市 商事',
].map((group) => group.split(' '));

function areRivals(word: string, other: string): boolean {
  return rivalWords.some((group) => group.includes(word) && group.includes(other));
}

/** Whether a word brings in a character that may not stand for the one it replaces: 哪些 for 那些, 部 for 不. */
function bringsRival(word: string, other: string): boolean {
  return Array.from(other).some((character, index) => character !== word.charAt(index) && !mayReplace(word.charAt(index), character));
}

/** Puts another common word of the same sound in place of a word, as an input method's list offers: 权利 → 权力. Keeps, unless both are legal terms. */
export function homophoneWords(): Operation {
  return {
    name: 'homophone-word',
    unit: 'character',
    propose(source) {
      const candidates: Candidate[] = [];
      for (const { text, start, end } of source.words) {
        if (text.length < 2) continue;
        const legal = isLegalTerm(text);
        const choices = soundAlikesOf(text).filter(
          (other) => !(legal && isLegalTerm(other)) && !bringsRival(text, other) && !areRivals(text, other),
        );
        if (choices.length > 0) candidates.push({ start, end, choices, verdict: 'keeps', cost: text.length });
      }
      return candidates;
    },
  };
}

/** Whether to propose edits whose effect the rules can't tell, with the verdict `unknown`. */
export interface UnsureOptions {
  readonly unsure?: boolean;
}

const light = new Set([
  '的',
  '了',
  '呢',
  '啊',
  '呀',
  '吧',
  '嘛',
  '啦',
  '呗',
  '哦',
  '请问',
  '那么',
  '一下',
  '到底',
  '究竟',
  '其实',
  '具体',
  '大概',
  '的话',
]);

/** Leaves out a word that carries no meaning of its own: 一下, 到底, 的. Keeps. With `unsure`, any word: unknown. */
export function wordDrop(options: UnsureOptions = {}): Operation {
  return {
    name: 'word-drop',
    unit: 'word',
    propose(source) {
      const candidates: Candidate[] = [];
      for (const { text, start, end } of source.words) {
        const keeps = light.has(text);
        if (!keeps && (options.unsure !== true || !ideographs.test(text))) continue;
        candidates.push({ start, end, choices: [''], verdict: keeps ? 'keeps' : 'unknown', cost: text.length });
      }
      return candidates;
    },
  };
}

const joining = new Set(['和', '与', '及', '或', '或者', '以及', '、', '跟', '同']);
const free = new Set([
  '怎么',
  '如何',
  '怎样',
  '应该',
  '应当',
  '可以',
  '需要',
  '到底',
  '究竟',
  '具体',
  '一般',
  '现在',
  '目前',
  '请问',
  '再',
  '就',
]);

/**
 * Swaps the two words around 和, 与, 或 or 、, or two adverbs and modals in a row (应该怎么 → 怎么应该): keeps. With `unsure`, any two
 * neighbours: unknown, for order says who does what to whom.
 */
export function wordSwap(options: UnsureOptions = {}): Operation {
  return {
    name: 'word-swap',
    unit: 'word',
    mayTouch: ['term'],
    propose({ words }) {
      const candidates: Candidate[] = [];
      const propose = (first: Word, last: Word, between: string, keeps: boolean): void => {
        if (first.text === last.text || !ideographs.test(first.text) || !ideographs.test(last.text)) return;
        const choices = [last.text + between + first.text];
        candidates.push({ start: first.start, end: last.end, choices, verdict: keeps ? 'keeps' : 'unknown', cost: last.end - first.start });
      };
      for (let index = 0; index < words.length - 1; index++) {
        const [first, second, third] = [words[index], words[index + 1], words[index + 2]];
        if (first === undefined || second === undefined) continue;
        if (third !== undefined && joining.has(second.text) && isListed(words, index)) propose(first, third, second.text, true);
        const keeps = free.has(first.text) && free.has(second.text);
        if (keeps || options.unsure === true) propose(first, second, '', keeps);
      }
      return candidates;
    },
  };
}

/** Whether the words around a joining word are all that it joins: next to them stands punctuation, the text's end, or 的/之间/有/是. */
function isListed(words: readonly Word[], index: number): boolean {
  const [first, third] = [words[index], words[index + 2]];
  const before = words[index - 1];
  const after = words[index + 3];
  const open = before === undefined || /^[\s，,。；;、？?：:]$/u.test(before.text) || /^(?:在|对|把|由|被|从|是|有)$/u.test(before.text);
  const close =
    after === undefined ||
    /^[\s，,。；;？?]$/u.test(after.text) ||
    /^(?:的|之间|有|是|哪个|都|各|分别|可以|能|应该|怎么|如何)$/u.test(after.text);
  return open && close && (first?.text.length ?? 0) > 1 && first?.text.length === third?.text.length;
}

/** Shuffles the words between two marks: within windows of `window` words, or all of them without one. Unknown: order carries meaning. */
export function wordShuffle(options: { readonly window?: number } = {}): Operation {
  const { window } = options;
  return {
    name: window === undefined ? 'word-shuffle' : 'word-shuffle-window',
    unit: 'word',
    mayTouch: ['term', 'number', 'name', 'negator'],
    propose(source) {
      const candidates: Candidate[] = [];
      for (const run of runsOf(source.words)) {
        const size = window ?? run.length;
        for (let first = 0; first + Math.max(2, size) <= run.length; first++) {
          const words = run.slice(first, first + size);
          const shuffled = shuffle(source.text, words);
          const [start, end] = [words[0]?.start ?? 0, words.at(-1)?.end ?? 0];
          if (shuffled === source.text.slice(start, end)) continue;
          candidates.push({ start, end, choices: [shuffled], verdict: 'unknown', cost: end - start });
        }
      }
      return candidates;
    },
  };
}

/** Stretches of words without marks, spaces or other writing between them. */
function runsOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const runs: Word[][] = [[]];
  for (const word of words) {
    if (ideographs.test(word.text)) runs.at(-1)?.push(word);
    else runs.push([]);
  }
  return runs;
}

/** The words in an order that depends on the text alone (Fisher–Yates). */
function shuffle(text: string, run: readonly Word[]): string {
  const draws = new Draws(run[0]?.start ?? 0, text);
  const words = run.map((word) => word.text);
  for (let index = words.length - 1; index > 0; index--) {
    const other = draws.below(index + 1);
    const [a = '', b = ''] = [words[index], words[other]];
    words[index] = b;
    words[other] = a;
  }
  return words.join('');
}
