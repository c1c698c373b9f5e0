import { existsSync, readFileSync } from 'node:fs';
import { Draws, intlSegmenter, contextReader } from '@samequestion/augment';
import type { Augmenter, Operation, Tools } from '@samequestion/augment';
import { augmenterOf, weigh } from '@samequestion/augment';

const shared = new URL('../../../../shared/', import.meta.url);

/** The text of a file outside the repository, or undefined where it is absent. */
export function readShared(path: string): string | undefined {
  const file = new URL(path, shared);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** All questions of a file in the competition's format, each once. */
export function questionsOf(xml: string): readonly string[] {
  const found = Array.from(xml.matchAll(/<question>([^<]+)<\/question>/gu), ([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&amp;', '&').trim(),
  );
  return [...new Set(found)];
}

/** The project's own sample questions. */
export function sampleQuestions(): readonly string[] {
  return questionsOf(readFileSync(new URL('../../../data/sample/train_set.xml', import.meta.url), 'utf8'));
}

let loaded: Promise<Tools> | undefined;

/** The tools that need nothing installed: Intl.Segmenter and readings in context. */
export function defaultTools(): Promise<Tools> {
  loaded ??= contextReader().then((readText) => ({ segmenter: intlSegmenter(), readText }));
  return loaded;
}

/** An augmenter that makes one edit by one operation. */
export function augmenterWith(operation: Operation, tools: Tools): Augmenter {
  return augmenterOf({ name: 'one', about: '', rate: 0, variants: [{ weight: 1, verdict: 'keeps', once: weigh([operation, 1]) }] }, tools);
}

const pieces = [
  '请问',
  '离婚',
  '劳动合同',
  '不',
  '没有',
  '未',
  '原告',
  '被告',
  '怎么',
  '如何',
  '可以',
  '吗',
  '？',
  '，',
  '。',
  '3年',
  '10万元',
  '第二十二条',
  '小王',
  '张某',
  '公司',
  '工资',
  '婚前',
  '的',
  '了',
  '和',
  '寻衅滋事',
  '\u{20BB7}',
  '\u{1F600}',
  'ETC',
  ' ',
  '“',
  '”',
  '2019年1月',
  '有',
  '无',
  '能',
  '是',
  '银行',
  '重庆',
  '长大',
  '谢谢',
  '\u{2A6D6}',
  '!',
  '?',
];

/** A random string of words, numbers, marks and characters beyond the BMP, which depends on the number alone. */
export function randomText(number: number): string {
  const draws = new Draws(20_190, number);
  let text = '';
  for (let left = draws.below(14); left > 0; left--) {
    const kind = draws.next();
    if (kind < 0.7) text += pieces[draws.below(pieces.length)] ?? '';
    else if (kind < 0.95) text += String.fromCodePoint(0x4e00 + draws.below(0x51a5));
    else text += String.fromCodePoint(0x20 + draws.below(0x5f));
  }
  return text;
}
