import { actFrames } from './frames/acts.ts';
import { antonymFrames } from './frames/antonyms.ts';
import { conditionFrames } from './frames/conditions.ts';
import { negationFrames } from './frames/negations.ts';
import { objectFrames } from './frames/objects.ts';
import { partyFrames } from './frames/parties.ts';
import type { Frame } from './frames/shared.ts';

export type { Frame } from './frames/shared.ts';

/** Frames by name; the lexicon names one or more for each pair. `any` asks for nothing, `never` forbids: such words are kept to say that they differ. */
export const frames: Readonly<Record<string, Frame | undefined>> = {
  any: {},
  never: undefined,
  ...negationFrames,
  ...antonymFrames,
  ...partyFrames,
  ...actFrames,
  ...objectFrames,
  ...conditionFrames,
};
