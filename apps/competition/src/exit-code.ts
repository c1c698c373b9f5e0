import { StoppedError, UsageError } from './usage-error.ts';

/** Error classes of the packages that mean "the data or the file is wrong", by name, because each package has its own class. */
const inputErrors = new Set([
  'UsageError',
  'CorpusError',
  'VocabularyError',
  'CheckpointError',
  'ModelError',
  'SubmissionError',
  'LexiconError',
]);

const systemMessages: Readonly<Record<string, string>> = {
  ENOENT: 'expected an existing file or folder, found none',
  EACCES: 'expected access, permission was denied',
  EPERM: 'expected access, permission was denied',
  EROFS: 'expected a writable place, the file system is read-only',
  EISDIR: 'expected a file, found a folder',
  ENOTDIR: 'expected a folder, found a file',
  EEXIST: 'expected a folder, found a file',
  ENOSPC: 'expected free space, the disk is full',
};

/**
 * The exit code and the one line that an error deserves.
 *
 * @returns `code` 2 when the user's input is wrong, 130 when the user stopped the command, 1 for anything else (then `message` holds the stack).
 */
export function describeError(error: unknown): { readonly code: number; readonly message: string } {
  if (error instanceof StoppedError) return { code: 130, message: error.message };
  if (error instanceof UsageError) return { code: 2, message: oneLine(error.message) };
  if (error instanceof Error) {
    if (inputErrors.has(error.name)) return { code: 2, message: oneLine(error.message) };
    const { code, path } = error as NodeJS.ErrnoException;
    const system = code === undefined ? undefined : systemMessages[code];
    if (system !== undefined && path !== undefined) return { code: 2, message: `${path}: ${system} (${code}). Check the path.` };
    return { code: 1, message: error.stack ?? error.message };
  }
  return { code: 1, message: String(error) };
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, ' ');
}
