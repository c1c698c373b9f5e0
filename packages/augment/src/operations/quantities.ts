import type { Candidate } from '../edit.ts';

// How much follows from how much: only where the question asks for an amount after the number.
const amount =
  /(?<![\d.第])(\d{1,4}(?:\.\d)?|[一二三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?|两)(万元?|千元?|元|块钱|块|岁|年|个月|天|公里|吨|克|平米|平方米)(?![前初底代级末月])/gu;
const asksAmount = /多少|几年|几个月|几天|判多久|怎么判|如何判|怎么量刑|如何量刑|赔多|怎么算|如何计算|怎么计算|扣几/u;
const digits = '零一二三四五六七八九';

/** Another number written the same way, about twice as large; undefined where that would not read well. */
function another(written: string): string | undefined {
  if (/^\d/u.test(written)) {
    const value = Number(written);
    return value >= 1900 ? undefined : String(value === 0 ? 1 : value * 2);
  }
  if (written === '两') return '五';
  if (written === '十') return '二十';
  const digit = digits.indexOf(written);
  return digit > 0 ? (['', '三', '五', '六', '八', '十', '十', '九', '四', '五'][digit] ?? undefined) : undefined;
}

/** The numbers of a text that its answer depends on, each with another in its place: 工作3年赔多少 → 工作6年赔多少. */
export function numberSwaps(text: string): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const match of text.matchAll(amount)) {
    const [whole, written = ''] = match;
    const after = text.slice(match.index + whole.length);
    const choice = another(written);
    if (choice === undefined || !asksAmount.test(after) || text.split(written).length > 2 || text.includes(choice)) continue;
    if (
      /^年\d|^[的之]?(?:内|前|后)/u.test(whole.slice(written.length) + after) ||
      /(?:还有|过了|等了|今年|每|第|年后)$/u.test(text.slice(0, match.index))
    )
      continue;
    found.push({ start: match.index, end: match.index + written.length, choices: [choice], verdict: 'flips', cost: written.length });
  }
  return found;
}
