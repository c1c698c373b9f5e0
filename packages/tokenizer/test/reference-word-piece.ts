import type { Vocabulary } from '@samequestion/tokenizer';

/** WordPiece as it is told in a sentence: the longest piece that fits, again and again. Slow and plain, to compare with. */
export function greedyPieces(word: string, vocabulary: Vocabulary, maxWordCharacters = 200): string[] {
  const characters = Array.from(word);
  const unknown = [vocabulary.specialTokens.unknown];
  if (characters.length > maxWordCharacters) return unknown;
  const pieces: string[] = [];
  for (let start = 0; start < characters.length;) {
    let end = characters.length;
    const piece = (): string => (start === 0 ? '' : '##') + characters.slice(start, end).join('');
    while (end > start && !vocabulary.has(piece())) end--;
    if (end === start) return unknown;
    pieces.push(piece());
    start = end;
  }
  return pieces;
}
