const OWN = new URL('.', import.meta.url).pathname;

/** The line of the user's code in a stack, as ` (at file:line)`; empty if there is none. */
export const placeOf = (error: Error): string => {
  const lines = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const place = lines.find((line) => !line.includes('@tensorflow') && !line.includes(OWN) && !line.includes('node:'));
  return place === undefined ? '' : ` (${place.trim()})`;
};
