import type { Candidate, Operation } from '../edit.ts';
import type { Ask } from './asks.ts';
import { asks } from './asks.ts';
import { isInFocus } from './focus.ts';
import { takenOut } from './taken-out.ts';
import { boundaries } from './words.ts';

/** Whether a place is cut out of a longer word: 能 of 可能, 可以 of 不可以. */
function isCut(text: string, start: number, end: number): boolean {
  return /[可不未没才只就也都职功智性技本]$/u.test(text.slice(0, start)) && /^(?:能|可以|必须|需要|应)/u.test(text.slice(start, end));
}

function askElse(text: string, cuts: Uint8Array, { pattern, cue, choices, unless, yesOrNo }: Ask): Candidate | undefined {
  if (cue !== undefined && !cue.test(text)) return undefined;
  pattern.lastIndex = 0;
  const match = pattern.exec(text);
  if (match === null || pattern.test(text)) return undefined;
  const [start, end] = [match.index, match.index + match[0].length];
  if (cuts[start] !== 1 || isCut(text, start, end) || (unless?.test(takenOut(text, start, end)) ?? false)) return undefined;
  if (yesOrNo === true && !isInFocus(text, start, end)) return undefined;
  const named = choices.map((choice) => choice.replaceAll(/\$<(\w+)>/gu, (_, name: string) => match.groups?.[name] ?? ''));
  return { start, end, choices: named, verdict: 'flips', cost: end - start };
}

// What says that something may, must or will be; and, where nothing does, that something is so.
const tail = '(?=[^，,。；;？?！!：:]{0,20}(?:吗|么|嘛)[？?~～]?$)';
const modal = new RegExp(
  `(?<![可不未没才只就也都职功智性技本还索主想重])(?:可以|能够|能(?![力源否不])|应该|应当|需要|必须|会(?![议计员所不])|要(?![求件点素不]))${tail}`,
  'gu',
);
const copula = new RegExp(
  `(?<![可不未没才只就也都还具享])(?:属于|构成|算(?!了)|有(?![效限关期没人些的])|合法|违法|犯法|有效|违规|受法律保护|具有|享有)${tail}`,
  'gu',
);
const relative = /^(?:(?:可以|能够?|应该|应当|需要|必须|会|要)[^的]{1,3}|(?:属于|构成|算|具?有|享有)[^的]{1,8})的(?!话|$)/u;
const owned = /[我你他她它己方人司家]的/u;
const askedOtherwise = /为什么|为何|怎|如何|什么|哪|谁|还是|是否|多少|多久|几/u;

/** A yes-or-no question turned into one that takes the yes for granted and asks why: 能离婚吗 → 为什么能离婚. */
function askWhy(text: string, cuts: Uint8Array): Candidate | undefined {
  if (askedOtherwise.test(text)) return undefined;
  const starts = (pattern: RegExp): number | undefined =>
    Array.from(text.matchAll(pattern), ({ index }) => index).find((index) => cuts[index] === 1);
  const start = starts(modal) ?? starts(copula);
  if (start === undefined) return undefined;
  const claim = /^[^吗么嘛]*/u.exec(text.slice(start))?.[0] ?? '';
  if ((relative.test(claim) && !owned.test(claim)) || /[不没未无]|[对是]$/u.test(claim)) return undefined;
  return { start, end: start + claim.length + 1, choices: [`为什么${claim}`], verdict: 'flips', cost: claim.length };
}

/**
 * Asks for something else about the same thing: how → when, whether → why, 多少钱 → 多久, 条件 → 流程, may → must, 违法 → 犯罪. Flips. Only
 * where the other thing is not asked for in the text as well.
 */
export function questionSwap(): Operation {
  return {
    name: 'question-swap',
    unit: 'word',
    mayTouch: ['number', 'negator', 'name', 'term'],
    propose(source) {
      const { text } = source;
      const cuts = boundaries(source);
      const found = asks.map((ask) => askElse(text, cuts, ask));
      found.push(askWhy(text, cuts));
      return found.filter((candidate) => candidate !== undefined);
    },
  };
}
