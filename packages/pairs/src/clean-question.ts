import { corpusError } from './corpus-error.ts';
import type { DefectListener } from './defect.ts';

/** Where a question was read. */
export interface QuestionPlace {
  readonly what: string;
  readonly source?: string | undefined;
  readonly line: number;
  readonly onDefect?: DefectListener | undefined;
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
const BREAKS = /\s*[\t\n\r\v\f\u0085\u2028\u2029]+\s*/gu;
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const CONTROL = /[\u0001-\u0008\u000E-\u001F\u007F\u0080-\u0084\u0086-\u009F]/u;

/**
 * A question without spaces around it and without line breaks or tabs inside (each run becomes one space), so that every format can hold it.
 * What was changed is reported. Control characters stay and are reported.
 *
 * @throws {CorpusError} If the text holds half a surrogate pair, which UTF-8 cannot write.
 */
export function cleanQuestion(raw: string, place: QuestionPlace): string {
  const { what, source, line, onDefect } = place;
  if (LONE_SURROGATE.test(raw)) {
    throw corpusError({ what, source, line, expected: 'Unicode text', got: 'half a surrogate pair' });
  }
  const question = raw.trim().replaceAll(BREAKS, ' ');
  if (onDefect === undefined) return question;
  if (question !== raw && question !== '') {
    onDefect({ kind: 'stray-space', line, message: 'spaces around a question or line breaks in it were removed', dropped: false });
  }
  if (CONTROL.test(question)) {
    onDefect({ kind: 'control-character', line, message: 'a question holds control characters; they were kept', dropped: false });
  }
  return question;
}
