import { CONTINUATION } from './piece-trie.ts';
import { PROPERTY, unicodeTables } from './unicode.ts';

/** Stands close to the word before it. */
const CLOSING = new Set('.,!?;:%)]}’”…');
/** Stands close to the word after it. */
const OPENING = new Set('([{‘“$#@');
/** Stands close to both. */
const JOINING = new Set("-/'_&");

/** Joins pieces into text; with `cleanUp` without the spaces that no one would write. */
export function decodeTokens(tokens: readonly string[], cleanUp: boolean): string {
  let text = '';
  let previous = '';
  for (const token of tokens) {
    if (token.startsWith(CONTINUATION) && token.length > CONTINUATION.length && previous !== '') {
      text += token.slice(CONTINUATION.length);
    } else {
      text += previous === '' || (cleanUp && !spaceBetween(previous, token)) ? token : ` ${token}`;
    }
    previous = token;
  }
  return text;
}

function spaceBetween(left: string, right: string): boolean {
  if (CLOSING.has(right) || OPENING.has(left) || JOINING.has(left) || JOINING.has(right)) return false;
  return !isWide(left, left.length - 1) && !isWide(right, 0);
}

/** CJK characters and full-width punctuation bring their own distance. */
function isWide(token: string, at: number): boolean {
  let codePoint = token.codePointAt(at) ?? 0;
  if (codePoint >= 0xdc00 && codePoint <= 0xdfff && at > 0) codePoint = token.codePointAt(at - 1) ?? codePoint;
  if (codePoint >= 0x3000 && codePoint <= 0x30ff) return true;
  if (codePoint >= 0xff00 && codePoint <= 0xff65) return true;
  return ((unicodeTables().properties[codePoint] ?? 0) & PROPERTY.cjk) !== 0;
}
