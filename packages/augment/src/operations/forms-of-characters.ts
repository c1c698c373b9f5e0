import type { Candidate, Operation } from '../edit.ts';
import { smallestEdit } from './forms.ts';

/** The full-width form of an ASCII character, or the half-width form of a full-width one; undefined for others. */
function otherWidth(character: string): string | undefined {
  const code = character.charCodeAt(0);
  if (code > 0x20 && code < 0x7f) return String.fromCharCode(code + 0xfee0);
  if (code > 0xff00 && code < 0xff5f) return String.fromCharCode(code - 0xfee0);
  return undefined;
}

/** Changes runs of letters, digits or punctuation from half width to full width or back: 3年 → ３年, ？ → ?. Keeps. */
export function widthChange(): Operation {
  return {
    name: 'width',
    unit: 'character',
    mayTouch: ['number', 'name'],
    propose({ text }) {
      const runs = text.matchAll(/[!-~]+|[！-～]+/gu);
      return Array.from(runs, ({ 0: run, index }) => ({
        start: index,
        end: index + run.length,
        choices: [Array.from(run, (character) => otherWidth(character) ?? character).join('')],
        verdict: 'keeps',
        cost: 1,
      }));
    },
  };
}

const digits = '零一二三四五六七八九';

/** A whole number from 0 to 99,999,999 in Chinese numerals: 3000 → 三千, 105 → 一百零五. */
export function toChineseNumeral(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 99_999_999) {
    throw new RangeError(`toChineseNumeral: expected a whole number from 0 to 99,999,999, got ${value}. Larger ones are not written out.`);
  }
  if (value >= 10_000) {
    const rest = value % 10_000;
    return `${toChineseNumeral(Math.floor(value / 10_000))}万${rest === 0 ? '' : (rest < 1000 ? '零' : '') + belowTenThousand(rest)}`;
  }
  return value === 0 ? '零' : value >= 10 && value < 20 ? belowTenThousand(value).slice(1) : belowTenThousand(value);
}

function belowTenThousand(value: number): string {
  let written = '';
  let gap = false;
  for (const [unit, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const digit = Math.floor(value / unit) % 10;
    if (digit === 0) gap = written !== '';
    else {
      written += (gap ? '零' : '') + digits.charAt(digit) + name;
      gap = false;
    }
  }
  return written;
}

/** The value of a Chinese numeral up to 99,999,999, or undefined where it isn't a well-formed one. */
export function fromChineseNumeral(text: string): number | undefined {
  let [total, section, digit] = [0, 0, 0];
  for (const character of text === '两' ? '二' : text) {
    const value = character === '两' ? 2 : character === '〇' ? 0 : digits.indexOf(character);
    const unit = { 十: 10, 百: 100, 千: 1000 }[character];
    if (value >= 0) digit = value;
    else if (unit !== undefined) {
      section += (digit === 0 && unit === 10 ? 1 : digit) * unit;
      digit = 0;
    } else if (character === '万') {
      total = (section + digit) * 10_000;
      [section, digit] = [0, 0];
    } else return undefined;
  }
  const result = total + section + digit;
  return text.replaceAll('两', '二') === toChineseNumeral(result) ? result : undefined;
}

const counted = '年月日天岁元块个条款项次倍人份件户周小套层楼号级分';
const chinese = new RegExp(
  `(?<![第一二三四五六七八九十百千万零两几数])[一二三四五六七八九十百千两][一二三四五六七八九十百千万零]*(?=[${counted}])`,
  'gu',
);
const arabic = /(?<![\d.,:：/\-A-Za-z])\d{1,8}(?![\d.,:：/\-%A-Za-z])/gu;

/** Writes digits as Chinese numerals or the other way round, where something is counted: 3年 ↔ 三年. Keeps. */
export function numerals(): Operation {
  return {
    name: 'numerals',
    unit: 'character',
    mayTouch: ['number'],
    propose({ text }) {
      const candidates: Candidate[] = [];
      const add = (start: number, before: string, choice: string): void => {
        candidates.push({ start, end: start + before.length, choices: [choice], verdict: 'keeps', cost: 1 });
      };
      for (const { 0: run, index } of text.matchAll(arabic)) {
        const year = run.length === 4 && text.charAt(index + 4) === '年';
        if (year)
          add(
            index,
            run,
            Array.from(run, (digit) => digits.charAt(Number(digit)))
              .join('')
              .replaceAll('零', '〇'),
          );
        else if (run === '2' && /[个年天次倍人份件户周]/u.test(text.charAt(index + 1))) add(index, run, '两');
        else if (!run.startsWith('0')) add(index, run, toChineseNumeral(Number(run)));
      }
      for (const { 0: run, index } of text.matchAll(chinese)) {
        const value = fromChineseNumeral(run);
        // 一 is more often part of 一些 or 一般 than a count, and 十分 means very.
        if (value !== undefined && run !== '一' && !text.startsWith('十分', index)) add(index, run, String(value));
      }
      return candidates;
    },
  };
}

/** A conversion of a whole text, such as from simplified to traditional characters. */
export type Convert = (text: string) => string;

/**
 * Writes parts of a text in traditional instead of simplified characters, or the other way round, as the conversion says. Keeps.
 * The conversion sees the whole text, so that it can tell 头发 from 发展; runs of characters that it changes are the places.
 */
export function traditional(convert: Convert): Operation {
  return {
    name: 'traditional',
    unit: 'character',
    mayTouch: ['number', 'name', 'negator'],
    propose({ text }) {
      const converted = convert(text);
      if (converted === text) return [];
      const [from, to] = [Array.from(text), Array.from(converted)];
      if (from.length !== to.length) {
        const { start, end, choice } = smallestEdit(0, text, converted);
        return [{ start, end, choices: [choice], verdict: 'keeps', cost: 1 }];
      }
      const candidates: Candidate[] = [];
      let start = 0;
      for (let index = 0; index < from.length; index++) {
        const [before = '', after = ''] = [from[index], to[index]];
        if (before !== after) candidates.push({ start, end: start + before.length, choices: [after], verdict: 'keeps', cost: 1 });
        start += before.length;
      }
      return candidates;
    },
  };
}

/**
 * A conversion by opencc-js.
 *
 * @param direction `simplified-to-traditional` by default.
 * @throws {TypeError} If the optional peer `opencc-js` is not installed.
 */
export async function openccConversion(
  direction: 'simplified-to-traditional' | 'traditional-to-simplified' = 'simplified-to-traditional',
): Promise<Convert> {
  const name: string = 'opencc-js';
  interface OpenCC {
    Converter(options: { readonly from: string; readonly to: string }): Convert;
  }
  let opencc: OpenCC;
  try {
    const loaded = (await import(name)) as { default?: OpenCC } & OpenCC;
    opencc = typeof loaded.Converter === 'function' ? loaded : (loaded.default ?? loaded);
  } catch (cause) {
    throw new TypeError(
      'openccConversion: expected the package opencc-js, got none. Install it, or pass a function of your own to traditional().',
      {
        cause,
      },
    );
  }
  return direction === 'simplified-to-traditional' ? opencc.Converter({ from: 'cn', to: 't' }) : opencc.Converter({ from: 't', to: 'cn' });
}
