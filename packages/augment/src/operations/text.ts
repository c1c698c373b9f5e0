import type { Candidate, Operation } from '../edit.ts';

const marks: Readonly<Record<string, readonly string[]>> = {
  '？': ['?', '。', '！'],
  '?': ['？', '。'],
  '，': [',', '、', ' '],
  ',': ['，', ' '],
  '。': ['.', '！'],
  '；': [';', '，'],
  '：': [':'],
  '！': ['!', '。'],
  '、': ['，'],
};

/** Puts another punctuation mark in place of one, as ? for ？. Keeps. */
export function punctuationChange(): Operation {
  return {
    name: 'punctuation-change',
    unit: 'text',
    propose: ({ text }) =>
      eachMark(text, (start, mark) => ({ start, end: start + 1, choices: marks[mark] ?? [], verdict: 'keeps', cost: 1 })),
  };
}

/** Leaves out a punctuation mark; at the end of the text all that stand there. Keeps. */
export function punctuationDrop(): Operation {
  return {
    name: 'punctuation-drop',
    unit: 'text',
    propose({ text }) {
      const final = /[？?。！!.]+$/u.exec(text)?.index ?? text.length;
      const inside = eachMark(text.slice(0, final), (start) => ({ start, end: start + 1, choices: [''], verdict: 'keeps', cost: 1 }));
      return final < text.length && final > 0
        ? [...inside, { start: final, end: text.length, choices: [''], verdict: 'keeps', cost: 1 }]
        : inside;
    },
  };
}

/** Types a punctuation mark two or three times: ？ → ？？. Keeps. */
export function punctuationDoubling(): Operation {
  return {
    name: 'punctuation-doubling',
    unit: 'text',
    propose: ({ text }) =>
      eachMark(text, (start, mark) => ({ start: start + 1, end: start + 1, choices: [mark, mark + mark], verdict: 'keeps', cost: 1 })),
  };
}

function eachMark(text: string, make: (start: number, mark: string) => Candidate): Candidate[] {
  const candidates: Candidate[] = [];
  for (let start = 0; start < text.length; start++) {
    const mark = text.charAt(start);
    if (!Object.hasOwn(marks, mark)) continue;
    // 3,000 and 3.5 are numbers.
    if (/\d/u.test(text.charAt(start - 1)) && /\d/u.test(text.charAt(start + 1))) continue;
    candidates.push(make(start, mark));
  }
  return candidates;
}

const quotes: readonly (readonly [string, string])[] = [
  ['“', '”'],
  ['"', '"'],
  ['「', '」'],
  ['‘', '’'],
  ['《', '》'],
];

/** Puts quotation marks around a word or term: 正当防卫 → “正当防卫”. Keeps. */
export function quoting(): Operation {
  return {
    name: 'quoting',
    unit: 'text',
    mayTouch: ['negator', 'term'],
    propose({ text, knownWords }) {
      const words = knownWords.filter(
        ({ end, start }) => end - start >= 2 && !/[“”"「」《》‘’]/u.test(text.charAt(start - 1) + text.charAt(end)),
      );
      return words.map(({ text: word, start, end }) => ({
        start,
        end,
        choices: quotes.slice(0, 4).map(([open, close]) => open + word + close),
        verdict: 'keeps',
        cost: 1,
      }));
    },
  };
}

/**
 * Trims a document to a window of at most `length` characters (文档裁剪): cuts off clauses at its start or its end.
 * Unknown: what is cut off may have been what mattered. Shorter texts are left alone.
 */
export function trimming(options: { readonly length?: number } = {}): Operation {
  const length = options.length ?? 64;
  return {
    name: 'trimming',
    unit: 'text',
    mayTouch: ['number', 'name', 'negator', 'term'],
    propose({ text }) {
      if (text.length <= length) return [];
      const cuts = Array.from(text.matchAll(/[，,。；;！!？?\n]+\s*/gu), (match) => match.index + match[0].length);
      const candidates: Candidate[] = [];
      const head = cuts.find((cut) => text.length - cut <= length && cut < text.length);
      if (head !== undefined) candidates.push({ start: 0, end: head, choices: [''], verdict: 'unknown', cost: 1 });
      const tail = cuts.findLast((cut) => cut <= length);
      if (tail !== undefined && tail > 0) candidates.push({ start: tail, end: text.length, choices: [''], verdict: 'unknown', cost: 1 });
      return candidates;
    },
  };
}
