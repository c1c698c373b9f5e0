import type { Candidate, Operation } from '../edit.ts';
import { isTelling } from '../protect.ts';
import type { Source } from '../source.ts';
import type { SoundLevel } from '../sounds.ts';
import { homophoneIndex } from '../sounds.ts';
import { isCommonPair, matchWords } from '../word-lists.ts';
import { lookAlikeIndex } from './look-alikes.ts';

// Characters that must not stand in for each other: both fit the same place and mean different things.
const rivals = [
  '买卖',
  '他她它',
  '受授售收',
  '父妇夫',
  '借接',
  '男难',
  '定订',
  '前钱',
  '已以',
  '原元圆',
  '带代贷',
  '儿二',
  '子自',
  '姐解',
  '哪那',
];
const mayNotReplace = new Map<string, string>();
for (const group of rivals) {
  for (const character of group) mayNotReplace.set(character, (mayNotReplace.get(character) ?? '') + group);
}

function accepts(character: string, alike: string): boolean {
  return !isTelling(alike) && !(mayNotReplace.get(character)?.includes(alike) ?? false);
}

/** A typo must not spell another word with its neighbours: 公正 for 公证 is for the operation on words to judge. */
function spellsWord(source: Source, { start, end }: Candidate, choice: string): string | undefined {
  const { text } = source;
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  return isCommonPair(before, choice) || isCommonPair(choice, after) ? 'spells another word' : undefined;
}

function isIdeograph(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

/** Parameters of the operations that put another character in place of one. */
export interface SubstitutionOptions {
  /** Only the so many most frequent characters are put in; 3,500 by default. */
  readonly common?: number;
}

/**
 * Puts a character in place of one that sounds alike. Keeps: a reader hears the right one. Left out are characters that would
 * deny, count, or spell another common word with a neighbour, and pairs such as 买/卖 where both make sense.
 */
export function homophones(level: SoundLevel, options: SubstitutionOptions = {}): Operation {
  const lookUp = homophoneIndex(level, options.common ?? 3500, accepts);
  return {
    name: `homophone-${level}`,
    unit: 'character',
    propose(source) {
      const { text, readings } = source;
      const candidates: Candidate[] = [];
      for (let start = 0; start < text.length; start++) {
        const reading = readings[start];
        if (reading === undefined || reading === '') continue;
        const found = lookUp(text.charAt(start), reading);
        if (found !== undefined) {
          candidates.push({ start, end: start + 1, choices: found.choices, totals: found.totals, verdict: 'keeps', cost: 1 });
        }
      }
      return candidates;
    },
    refuses: spellsWord,
  };
}

/** Puts a character in place of one that looks alike, by the cosine of their rendered glyphs. Keeps, as `homophones` does. */
export function lookAlikeCharacters(options: SubstitutionOptions & { readonly least?: number } = {}): Operation {
  const lookUp = lookAlikeIndex(options.least ?? 0.78, options.common ?? 3500, accepts);
  return {
    name: 'look-alike',
    unit: 'character',
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (let start = 0; start < text.length; start++) {
        if (!isIdeograph(text.charCodeAt(start))) continue;
        const found = lookUp(text.charAt(start));
        if (found !== undefined) {
          candidates.push({ start, end: start + 1, choices: found.choices, totals: found.totals, verdict: 'keeps', cost: 1 });
        }
      }
      return candidates;
    },
    refuses: spellsWord,
  };
}

/** Types one character twice, anywhere: 合同 → 合合同. Keeps. */
export function doubling(): Operation {
  return {
    name: 'doubling',
    unit: 'character',
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (let start = 0; start < text.length; start++) {
        if (!isIdeograph(text.charCodeAt(start))) continue;
        const character = text.charAt(start);
        // 人人 means everyone, 天天 every day; a character that is doubled already would be typed three times.
        if ('人天年月日个家次件处'.includes(character) || text.charAt(start - 1) === character || text.charAt(start + 1) === character)
          continue;
        candidates.push({ start: start + 1, end: start + 1, choices: [character], verdict: 'keeps', cost: 1 });
      }
      return candidates;
    },
  };
}

/** Stammers at the start of a text or clause, or on 请问: 请问 → 请请问, 请问问, 请问请问; 我 → 我我. Keeps. */
export function stutter(): Operation {
  return {
    name: 'stutter',
    unit: 'character',
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (let start = 0; start < text.length; start++) {
        const opens = start === 0 || '，。？！；、 ,?!'.includes(text.charAt(start - 1));
        const asks = text.startsWith('请问', start) || text.startsWith('想问', start);
        if (!(opens || asks) || !isIdeograph(text.charCodeAt(start))) continue;
        const first = text.charAt(start);
        const second = text.charAt(start + 1);
        const two = second !== first && isIdeograph(text.charCodeAt(start + 1)) && (asks || isCommonPair(first, second));
        const choices = two ? [first + first + second, first + second + second, first + second + first + second] : [first + first];
        candidates.push({ start, end: start + (two ? 2 : 1), choices, verdict: 'keeps', cost: 1 });
      }
      return candidates;
    },
  };
}

const slips = ['的', '了', '啊', '嗯', '呃', '哦'];

/** Puts a stray particle between two characters: 合同 → 合的同. Keeps. */
export function insertion(): Operation {
  return {
    name: 'insertion',
    unit: 'character',
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (let at = 1; at < text.length; at++) {
        if (!isIdeograph(text.charCodeAt(at - 1)) || !isIdeograph(text.charCodeAt(at))) continue;
        const around = text.charAt(at - 1) + text.charAt(at);
        const choices = slips.filter((slip) => !around.includes(slip));
        candidates.push({ start: at, end: at, choices, verdict: 'keeps', cost: 1 });
      }
      return candidates;
    },
  };
}

const droppable = new Set('的了吗呢啊呀吧么嘛');

/**
 * Leaves a character out: a particle, or one inside a word of three or more characters, which still reads (寻衅滋事 → 寻衅事). Keeps.
 * Other characters carry meaning alone and stay.
 */
export function dropping(): Operation {
  return {
    name: 'drop-character',
    unit: 'character',
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      const drop = (start: number): void => {
        candidates.push({ start, end: start + 1, choices: [''], verdict: 'keeps', cost: 1 });
      };
      for (const { start, end } of matchWords(text)) {
        if (end - start < 4) continue;
        for (let at = start + 1; at < end - 1; at++) drop(at);
      }
      for (let at = 1; at < text.length; at++) {
        if (droppable.has(text.charAt(at)) && !isCommonPair(text.charAt(at - 1), text.charAt(at))) drop(at);
      }
      return candidates.sort((a, b) => a.start - b.start);
    },
  };
}

/** Swaps two neighbours inside a known word: 合同 → 同合. Keeps, unless that spells another word, which is refused. */
export function swapping(): Operation {
  return {
    name: 'swap-characters',
    unit: 'character',
    propose(source) {
      const { text } = source;
      const candidates: Candidate[] = [];
      for (const word of matchWords(text)) {
        for (let start = word.start; start < word.end - 1; start++) {
          const [first, second] = [text.charAt(start), text.charAt(start + 1)];
          if (first === second) continue;
          candidates.push({ start, end: start + 2, choices: [second + first], verdict: 'keeps', cost: 2 });
        }
      }
      return candidates;
    },
    refuses({ text }, { start, end }, choice) {
      const all = text.charAt(start - 1) + choice + text.charAt(end);
      for (let at = 0; at < all.length - 1; at++) if (isCommonPair(all.charAt(at), all.charAt(at + 1))) return 'spells another word';
      return undefined;
    },
  };
}
