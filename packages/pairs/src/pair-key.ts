/** A key for two questions in this order; the length keeps them apart whatever characters they hold. */
export function orderedKey(question1: string, question2: string): string {
  return `${question1.length}:${question1}${question2}`;
}

/** A key for two questions in either order. */
export function unorderedKey(question1: string, question2: string): string {
  return question1 < question2 ? orderedKey(question1, question2) : orderedKey(question2, question1);
}
