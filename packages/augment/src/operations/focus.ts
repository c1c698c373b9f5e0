const yesOrNo = /吗|么[？?\s]*$|是否|能否|可否|有无|没有[？?\s]*$|([一-鿿])[不没]\1|可不可以|应不应该|需不需要|合不合法/u;
const openQuestion = /是否|能否|可否|有无|能不能|会不会|要不要|是不是|有没有|可不可以|应不应该|需不需要|([一-鿿])[不没]\1/u;
const modal = /可以|能够|能(?!力|源)|会(?![议计员所])|应该|应当|应(?!诉|聘|届)|需要|需(?!求)|必须|有权|要(?!求|件|点|素)/gu;
const copula = /是|有(?!效|限|关|期)|算|属于|构成/gu;

/** The sentence that a place lies in. */
function sentenceAround(text: string, at: number): { readonly start: number; readonly end: number } {
  let start = at;
  while (start > 0 && !'。！!？?；;'.includes(text.charAt(start - 1))) start--;
  let end = at;
  while (end < text.length && !'。！!？?；;'.includes(text.charAt(end))) end++;
  return { start, end };
}

function lastIndex(pattern: RegExp, words: string): number {
  let last = -1;
  for (const match of words.matchAll(pattern)) last = match.index;
  return last;
}

/** Where the focus of a yes-or-no sentence begins: 是否; else its modal, looked for in the last clause first; else 是 or 有; else the last clause. */
function focusStart(words: string): number {
  const open = words.search(openQuestion);
  if (open >= 0) return open;
  const clause = Math.max(words.lastIndexOf('，'), words.lastIndexOf(','), words.trimEnd().lastIndexOf(' ')) + 1;
  const own = words.slice(clause).search(new RegExp(modal.source, 'u'));
  if (own >= 0) return clause + own;
  const earlier = lastIndex(modal, words);
  if (earlier >= 0) return earlier;
  const linking = lastIndex(copula, words.slice(clause));
  return linking >= 0 ? clause + linking : clause;
}

/**
 * Whether denying this place only asks the same yes-or-no question the other way round (能离婚吗, 不能离婚吗): it stands in the focus.
 * What comes before the focus is what the question presupposes, and denying it changes it.
 */
export function isInFocus(text: string, start: number, end: number): boolean {
  const sentence = sentenceAround(text, start);
  const words = text.slice(sentence.start, sentence.end);
  return yesOrNo.test(words) && end > sentence.start + focusStart(words);
}
