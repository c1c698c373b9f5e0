/** Stands for a place that was taken out of a text, so that a pattern can say what must not stand beside it. */
export const place = '\u{2042}';

/** A text with `start … end − 1` taken out, `place` in its stead. */
export function takenOut(text: string, start: number, end: number): string {
  return `${text.slice(0, start)}${place}${text.slice(end)}`;
}
