import type { Candidate, Operation } from '../edit.ts';
import { isTelling } from '../protect.ts';
import type { Source } from '../source.ts';
import type { Choices, SoundLevel } from '../sounds.ts';
import { homophoneIndex } from '../sounds.ts';
import { isCommonPair } from '../word-lists.ts';
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

/** Whether a typo may put one character for another: not where that would deny or count, nor for pairs such as 买/卖. */
export function mayReplace(character: string, alike: string): boolean {
  return !isTelling(alike) && !(mayNotReplace.get(character)?.includes(alike) ?? false);
}

/** A typo must not spell another word with its neighbours: 公正 for 公证 is for the operation on words to judge. */
function spellsWord({ text }: Source, { start, end }: Candidate, choice: string): string | undefined {
  const code = choice.charCodeAt(0);
  return isCommonPair(text.charCodeAt(start - 1), code) || isCommonPair(code, text.charCodeAt(end)) ? 'spells another word' : undefined;
}

function isIdeograph(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff;
}

/** An operation that can tell place by place. */
function placeByPlace(
  parts: Pick<Operation, 'name' | 'refuses'> & { at(source: Source, index: number): Candidate | undefined },
): Operation {
  const propose = (source: Source): readonly Candidate[] => {
    const candidates: Candidate[] = [];
    for (let index = 0; index < source.text.length; index++) {
      const candidate = parts.at(source, index);
      if (candidate !== undefined) candidates.push(candidate);
    }
    return candidates;
  };
  return { unit: 'character', propose, ...parts };
}

function replacement(start: number, found: Choices | undefined): Candidate | undefined {
  return found && { start, end: start + 1, choices: found.choices, totals: found.totals, verdict: 'keeps', cost: 1 };
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
  const lookUp = homophoneIndex(level, options.common ?? 3500, mayReplace);
  return placeByPlace({
    name: `homophone-${level}`,
    at({ text, readings }, index) {
      const reading = readings[index] ?? '';
      return reading === '' ? undefined : replacement(index, lookUp(text.charCodeAt(index), reading));
    },
    refuses: spellsWord,
  });
}

/** Puts a character in place of one that looks alike, by the cosine of their rendered glyphs. Keeps, as `homophones` does. */
export function lookAlikeCharacters(options: SubstitutionOptions & { readonly least?: number } = {}): Operation {
  const lookUp = lookAlikeIndex(options.least ?? 0.78, options.common ?? 3500, mayReplace);
  return placeByPlace({
    name: 'look-alike',
    at: ({ text }, index) => replacement(index, lookUp(text.charCodeAt(index))),
    refuses: spellsWord,
  });
}

// 人人 means everyone, 天天 every day, 个个 each.
const distributive = new Set(Array.from('人天年月日个家次件处', (character) => character.charCodeAt(0)));

/** Types one character twice, anywhere: 合同 → 合合同. Keeps. */
export function doubling(): Operation {
  return placeByPlace({
    name: 'doubling',
    at({ text }, index) {
      const code = text.charCodeAt(index);
      if (!isIdeograph(code) || distributive.has(code)) return undefined;
      // A character that is doubled already would be typed three times.
      if (text.charCodeAt(index - 1) === code || text.charCodeAt(index + 1) === code) return undefined;
      return { start: index + 1, end: index + 1, choices: [text.charAt(index)], verdict: 'keeps', cost: 1 };
    },
  });
}

/** Stammers at the start of a text or clause, or on 请问: 请问 → 请请问, 请问问, 请问请问; 我 → 我我. Keeps. */
export function stutter(): Operation {
  return placeByPlace({
    name: 'stutter',
    at({ text }, index) {
      const opens = index === 0 || '，。？！；、 ,?!'.includes(text.charAt(index - 1));
      const asks = text.startsWith('请问', index) || text.startsWith('想问', index);
      const [code, next] = [text.charCodeAt(index), text.charCodeAt(index + 1)];
      if (!(opens || asks) || !isIdeograph(code)) return undefined;
      const [first, second] = [text.charAt(index), text.charAt(index + 1)];
      const two = next !== code && isIdeograph(next) && (asks || isCommonPair(code, next));
      const choices = two ? [first + first + second, first + second + second, first + second + first + second] : [first + first];
      return { start: index, end: index + (two ? 2 : 1), choices, verdict: 'keeps', cost: 1 };
    },
  });
}

const slips = ['的', '了', '啊', '嗯', '呃', '哦'];

/** Puts a stray particle between two characters: 合同 → 合的同. Keeps. */
export function insertion(): Operation {
  return placeByPlace({
    name: 'insertion',
    at({ text }, index) {
      if (index === 0 || !isIdeograph(text.charCodeAt(index - 1)) || !isIdeograph(text.charCodeAt(index))) return undefined;
      const around = text.slice(index - 1, index + 1);
      const beside = slips.some((slip) => around.includes(slip));
      const choices = beside ? slips.filter((slip) => !around.includes(slip)) : slips;
      return { start: index, end: index, choices, verdict: 'keeps', cost: 1 };
    },
  });
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
      for (const { start, end } of source.knownWords) {
        if (end - start < 4) continue;
        for (let at = start + 1; at < end - 1; at++) drop(at);
      }
      for (let at = 1; at < text.length; at++) {
        if (droppable.has(text.charAt(at)) && !isCommonPair(text.charCodeAt(at - 1), text.charCodeAt(at))) drop(at);
      }
      return candidates.sort((a, b) => a.start - b.start);
    },
  };
}

/** Swaps the two characters of a common word: 合同 → 同合. Keeps, unless that spells another word, which is refused. */
export function swapping(): Operation {
  return placeByPlace({
    name: 'swap-characters',
    at({ text }, index) {
      const [code, next] = [text.charCodeAt(index), text.charCodeAt(index + 1)];
      if (code === next || !isCommonPair(code, next)) return undefined;
      return { start: index, end: index + 2, choices: [text.charAt(index + 1) + text.charAt(index)], verdict: 'keeps', cost: 2 };
    },
    refuses({ text }, { start, end }, choice) {
      const all = text.charAt(start - 1) + choice + text.charAt(end);
      for (let at = 0; at < all.length - 1; at++)
        if (isCommonPair(all.charCodeAt(at), all.charCodeAt(at + 1))) return 'spells another word';
      return undefined;
    },
  });
}
