import type { Candidate, Operation } from '../edit.ts';
import { fillers } from '../tables/lexicon.ts';
import { isCommonPair } from '../word-lists.ts';

type Place = 'before' | 'inside' | 'after' | 'politeness';

let table: ReadonlyMap<string, readonly string[]> | undefined;

/** The lexicon's fillers for a place. */
function fillersFor(place: Place): readonly string[] {
  if (table === undefined) {
    const lists = new Map<string, string[]>();
    for (const row of fillers.split('\n')) {
      const [where = '', text = ''] = row.split('\t');
      lists.set(where, [...(lists.get(where) ?? []), text]);
    }
    table = lists;
  }
  return table.get(place) ?? [];
}

const finalPunctuation = /[。？！?!，,；;…\s]+$/u;
const greeting = /^(?:请问|请教|您好|你好|麻烦|打扰|劳驾|咨询|求助|我想问|想问|问一?下|急)/u;
const farewell = /(?:谢谢|感谢|多谢|求助|求解|麻烦了|急急?|在线等)[！!。您了啦]*$/u;

function insertionAt(at: number, choices: readonly string[]): Candidate {
  return { start: at, end: at, choices, verdict: 'keeps', cost: 1 };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const openings = once(() => fillersFor('before'));
const pauses = once(() => fillersFor('inside').filter((text) => text.endsWith('，')));
const politeOpenings = once(() => fillersFor('politeness').filter((text) => /[，,问]$|一下$/u.test(text) && !text.startsWith('，')));
const politeEndings = once(() => fillersFor('politeness').filter((text) => !politeOpenings().includes(text)));
const particles = once(() => fillersFor('after').filter((text) => text.length === 1));
const marksAfter = once(() => fillersFor('after').filter((text) => /^[？?]/u.test(text)));
const endings = once(() => fillersFor('after').filter((text) => text.startsWith('，')));
const endingsAfterMark = once(() => endings().map((text) => text.slice(1)));
const politeAfterMark = once(() => politeEndings().map((text) => text.replace(/^，/u, '')));
const politeAfterText = once(() => politeEndings().map((text) => (text.startsWith('，') ? text : `，${text}`)));

/** Puts words that ask for attention before a question: 请问, 麻烦问一下. Keeps. */
export function fillerBefore(): Operation {
  return {
    name: 'filler-before',
    unit: 'text',
    propose: ({ text }) => (text === '' || greeting.test(text) ? [] : [insertionAt(0, openings())]),
  };
}

/** Puts a particle or a plea after a question: 呢, ，求助. Keeps. */
export function fillerAfter(): Operation {
  return {
    name: 'filler-after',
    unit: 'text',
    propose({ text }) {
      if (text === '' || farewell.test(text)) return [];
      const mark = finalPunctuation.exec(text);
      const end = mark?.index ?? text.length;
      const candidates = [insertionAt(text.length, mark === null ? endings() : endingsAfterMark())];
      if (mark !== null) candidates.push({ start: end, end: text.length, choices: marksAfter(), verdict: 'keeps', cost: 1 });
      if (end > 0 && /[一-鿿]/u.test(text.charAt(end - 1)) && !'吗呢啊呀吧么嘛的了哦哈'.includes(text.charAt(end - 1))) {
        candidates.push(insertionAt(end, particles()));
      }
      return candidates;
    },
  };
}

const asking = /(?:怎么|如何|怎样|什么|是否|能否|能不能|可不可以|会不会|该不该|有没有|是不是|哪些|哪个|应该|可以|多少)/gu;
const emphases = ['到底', '究竟', '那个', '这个'];

/** Puts a hesitation inside a question: before its question word 到底, after a comma 那个，. Keeps. */
export function fillerInside(): Operation {
  return {
    name: 'filler-inside',
    unit: 'text',
    propose({ text, knownWords }) {
      const words = knownWords;
      const insideWord = (at: number): boolean => words.some((word) => word.start < at && at < word.end);
      const candidates: Candidate[] = [];
      const hesitations = pauses();
      for (let at = 1; at < text.length; at++) if ('，,；'.includes(text.charAt(at - 1))) candidates.push(insertionAt(at, hesitations));
      for (const match of text.matchAll(asking)) {
        const at = match.index;
        const held = at === 0 || insideWord(at) || '，,为有是不的没在按用干由以因'.includes(text.charAt(at - 1));
        if (!held && !isCommonPair(text.charCodeAt(at - 1), text.charCodeAt(at))) candidates.push(insertionAt(at, emphases));
      }
      return candidates;
    },
  };
}

/** Adds a polite phrase before or after a question. Keeps. */
export function politeness(): Operation {
  return {
    name: 'politeness',
    unit: 'text',
    propose({ text }) {
      if (text === '') return [];
      const candidates: Candidate[] = [];
      if (!greeting.test(text)) candidates.push(insertionAt(0, politeOpenings()));
      if (!farewell.test(text))
        candidates.push(insertionAt(text.length, finalPunctuation.test(text) ? politeAfterMark() : politeAfterText()));
      return candidates;
    },
  };
}

function bare(phrase: string): string {
  return phrase.replace(/[！!]$/u, '');
}

/** Phrases by a key, longest first. */
function groupBy(phrases: readonly string[], key: (phrase: string) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const phrase of phrases.toSorted((a, b) => b.length - a.length))
    groups.set(key(phrase), [...(groups.get(key(phrase)) ?? []), phrase]);
  return groups;
}

/** Takes away a filler or polite phrase that a question opens or ends with: 请问…, …，谢谢. Keeps. */
export function fillerRemoval(): Operation {
  const phrases = once(() => groupBy([...openings(), ...fillersFor('politeness')], (phrase) => phrase.charAt(0)));
  const tails = once(() => groupBy([...endings(), ...fillersFor('politeness')].map(bare), (phrase) => phrase.charAt(phrase.length - 1)));
  return {
    name: 'filler-removal',
    unit: 'text',
    propose({ text }) {
      const candidates: Candidate[] = [];
      const opening = phrases()
        .get(text.charAt(0))
        ?.find((phrase) => text.startsWith(phrase));
      const cut = opening === undefined ? 0 : opening.length + (/^[，,：:\s]+/u.exec(text.slice(opening.length))?.[0].length ?? 0);
      if (cut > 0 && text.length - cut >= 4) candidates.push({ start: 0, end: cut, choices: [''], verdict: 'keeps', cost: 1 });
      const end = finalPunctuation.exec(text)?.index ?? text.length;
      const body = text.slice(0, end);
      const ending = tails()
        .get(body.charAt(end - 1))
        ?.find((phrase) => body.endsWith(phrase));
      const start = end - (ending?.length ?? 0);
      if (start < end && start >= Math.max(4, cut)) candidates.push({ start, end, choices: [''], verdict: 'keeps', cost: 1 });
      return candidates;
    },
  };
}
