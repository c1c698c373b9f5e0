import { howAsks } from './asks/how.ts';
import type { Ask } from './asks/shared.ts';
import { whatAsks } from './asks/what.ts';

export type { Ask } from './asks/shared.ts';

/** What may be asked for, with what else may be asked. Each is used once in a text at most. */
export const asks: readonly Ask[] = [...howAsks, ...whatAsks];
