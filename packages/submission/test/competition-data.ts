import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../shared/data/diac2019/', import.meta.url);

/** The competition's files, where this machine has them. They may not be redistributed, so they are not in the repository. */
export const competition: { readonly test: Uint8Array; readonly sample: Uint8Array } | undefined = existsSync(folder)
  ? { test: readFileSync(new URL('dev_set.csv', folder)), sample: readFileSync(new URL('sample_submission.csv', folder)) }
  : undefined;
