import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = new URL('../../../../shared/', import.meta.url);

/** Where a file of the shared folder beside the repository is, or undefined where there is none. */
export function sharedFile(path: string): string | undefined {
  const file = fileURLToPath(new URL(path, root));
  return existsSync(file) ? file : undefined;
}

/** The text of such a file, unpacked if its name ends in `.gz`. */
export function sharedText(path: string): string | undefined {
  const file = sharedFile(path);
  if (file === undefined) return undefined;
  const bytes = readFileSync(file);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** The parsed lines of a JSON Lines file. */
export function sharedLines<T>(path: string): T[] | undefined {
  return sharedText(path)
    ?.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
