const OWN = new URL('.', import.meta.url).pathname;
/** Frames of tfjs, bundled or mapped to its sources, of this package and of Node. */
const FOREIGN = /@tensorflow|tfjs-[a-z0-9-]+\/(?:src|dist)|node:/u;

/** The line of the user's code in a stack, as ` (at file:line)`; empty if there is none. */
export const placeOf = (error: Error): string => {
  const lines = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const place = lines.find((line) => !FOREIGN.test(line) && !line.includes(OWN));
  return place === undefined ? '' : ` (${place.trim()})`;
};

/** {@link placeOf} of the call that is running; tfjs's own frames may be many. */
export const placeHere = (): string => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const place = placeOf(new Error('here'));
  Error.stackTraceLimit = limit;
  return place;
};
