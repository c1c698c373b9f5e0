/**
 * Which text loses tokens when both do not fit: `longest_first` always the longer one (the second where they are equal), `only_first` and
 * `only_second` the named one until it is empty and then the other, `none` neither.
 */
export type Truncation = 'longest_first' | 'only_first' | 'only_second' | 'none';

/** How many tokens of each text stay. */
export interface KeptTokens {
  readonly left: number;
  readonly right: number;
}

/**
 * How many tokens of two texts stay when they share `room`. `longest_first` is google-research/bert's `_truncate_seq_pair`, without its loop.
 *
 * @param lengths Tokens of the texts, special tokens not counted.
 * @param room Tokens that both may have together, from 0 up.
 */
export function keptTokens({ left, right }: KeptTokens, room: number, truncation: Truncation): KeptTokens {
  const excess = left + right - room;
  if (truncation === 'none' || excess <= 0) return { left, right };
  if (truncation === 'only_first') {
    const cut = Math.min(left, excess);
    return { left: left - cut, right: right - (excess - cut) };
  }
  if (truncation === 'only_second') {
    const cut = Math.min(right, excess);
    return { left: left - (excess - cut), right: right - cut };
  }
  if (left > right && left - excess >= right) return { left: left - excess, right };
  if (right >= left && right - excess >= left) return { left, right: right - excess };
  return { left: Math.ceil(room / 2), right: Math.floor(room / 2) };
}
