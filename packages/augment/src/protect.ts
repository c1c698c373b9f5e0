import type { Protected } from './edit.ts';

/** One bit per kind of protected span, as `Source.protection` holds them. */
export const protectionBits: Readonly<Record<Protected, number>> = { number: 1, name: 2, negator: 4, term: 8 };

const numerals = '0123456789０１２３４５６７８９〇零一二三四五六七八九十百千万亿两半几壹贰叁肆伍陆柒捌玖拾佰仟%％‰';
/** Characters that deny or forbid, or take part in it. */
export const negatingCharacters: ReadonlySet<string> = new Set('不无没未非否勿别莫毋甭');
const numberBit = protectionBits.number;

const classes = new Uint8Array(0x10000);
for (const character of numerals) classes[character.charCodeAt(0)] = numberBit;
for (const character of negatingCharacters) classes[character.charCodeAt(0)] = protectionBits.negator;
for (let code = 0x41; code <= 0x5a; code++) {
  for (const letter of [code, code + 32, code + 0xfee0, code + 0xff00]) classes[letter] = protectionBits.name;
}

/** Whether a character is a numeral, a negator or a letter: something no typo may bring in, for it says something new. */
export function isTelling(character: string): boolean {
  return ((classes[character.charCodeAt(0)] ?? 0) & ~nameHint) !== 0;
}

// Characters that a name of a person or law may begin or end with; only then is the pattern below tried.
const nameHint = 128;
for (const character of '某先女小太老律甲乙丙丁戊《') {
  const code = character.charCodeAt(0);
  classes[code] = (classes[code] ?? 0) | nameHint;
}

const units = new Set('年月日天号时点分秒岁周元块角毛个件名人次条款项章节级楼层室户套倍成折吨斤克米里亩平');
const families =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻潘葛范彭鲁韦马方俞任袁柳唐罗薛雷贺汤邓郝崔龚程邢陆荣翁段侯武刘龙叶黎乔赖文欧阳';
const someone = new RegExp(
  `[${families}](?:某某|某[甲乙丙丁]?|先生|女士|小姐|太太|老师|律师)|[小老][${families}](?![一-鿿]?[板师])|某[甲乙丙丁]?|[甲乙丙丁戊](?=[方男女、和与将向把的对])|《[^》]{1,30}》`,
  'gu',
);

/**
 * Protected spans of a text, one byte of `protectionBits` for each UTF-16 unit: numbers with their units and dates, names of
 * people (小王, 张某, 李女士), letters and titles of laws, negators. Legal terms are marked apart, by `Source.terms`.
 */
export function protect(text: string): Uint8Array {
  const marks = new Uint8Array(text.length);
  let afterNumber = false;
  let hints = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const hinted = classes[code] ?? 0;
    hints |= hinted;
    const mark = hinted & ~nameHint;
    const unit = afterNumber && (hinted & numberBit) === 0 && units.has(text.charAt(index));
    const joint = afterNumber && (code === 0x2e || code === 0x2c || code === 0x2d || code === 0x3a || code === 0x2f);
    marks[index] = unit || (joint && ((classes[text.charCodeAt(index + 1)] ?? 0) & numberBit) !== 0) ? numberBit : mark;
    afterNumber = marks[index] === numberBit;
  }
  if ((hints & nameHint) === 0) return marks;
  for (const match of text.matchAll(someone)) {
    for (let index = match.index; index < match.index + match[0].length; index++) marks[index] = (marks[index] ?? 0) | protectionBits.name;
  }
  return marks;
}

/** Whether a span, or for an insertion the inside of a protected span, holds one of the bits. */
export function isProtected(marks: Uint8Array, start: number, end: number, bits: number): boolean {
  if (start === end) return start > 0 && start < marks.length && ((marks[start - 1] ?? 0) & (marks[start] ?? 0) & bits) !== 0;
  for (let index = start; index < end; index++) if (((marks[index] ?? 0) & bits) !== 0) return true;
  return false;
}
