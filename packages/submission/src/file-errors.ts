import { submissionError } from './submission-error.ts';

/** The error of a file that cannot be read; what is no file error is given back as it is. */
export function unreadable(what: string, path: string, cause: unknown): unknown {
  const got = codeOf(cause);
  return got === undefined
    ? cause
    : submissionError({ what, source: path, expected: 'a readable file', got, advice: 'Check the path.', cause });
}

/** The error of a place that cannot be written; what is no file error is given back as it is. */
export function unwritable(what: string, path: string, cause: unknown): unknown {
  const got = codeOf(cause);
  return got === undefined
    ? cause
    : submissionError({ what, source: path, expected: 'a writable place', got, advice: 'Check the folder.', cause });
}

function codeOf(cause: unknown): string | undefined {
  const hasCode = cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
  return hasCode ? String(cause.code) : undefined;
}
