import type { LoadedModel } from '@samequestion/bert';

const namesShown = 4;

function list(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(', ')} and ${more} more` : names.join(', ');
}

/** What loading a folder initialised anew and what it left out, for people: '' if neither, else ` (…)`. */
export function describeLoading({ initialised, extra }: Pick<LoadedModel, 'initialised' | 'extra'>): string {
  const parts = [
    ...(initialised.length > 0 ? [`new: ${list(initialised)}`] : []),
    ...(extra.length > 0 ? [`left out: ${list(extra)}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}
