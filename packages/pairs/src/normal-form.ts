const NOT_LETTER_OR_NUMBER = /[^\p{L}\p{N}]+/gu;

/** A question as near duplicates are compared: NFKC, lower case, letters and numbers only. May be empty. */
export function normalForm(question: string): string {
  return question.normalize('NFKC').toLowerCase().replaceAll(NOT_LETTER_OR_NUMBER, '');
}
