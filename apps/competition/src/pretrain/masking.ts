import type { Side } from './sequences.ts';

/** What masking needs to know of the vocabulary. */
export interface MaskingOptions {
  /** Share of the tokens to predict. */
  readonly rate: number;
  readonly maskId: number;
  /** Random replacements are drawn from ids `firstOrdinary … vocabularySize − 1`. */
  readonly firstOrdinary: number;
  readonly vocabularySize: number;
}

/** A place to predict: its index in the side and the token that stood there. */
export interface Hidden {
  readonly index: number;
  readonly token: number;
}

/**
 * Hides whole words: words in random order until the rate is reached; of the hidden tokens 80 % become `[MASK]`, 10 % a random token, 10 % stay.
 *
 * @param side Changed in place.
 * @param random Uniform numbers in [0, 1).
 * @returns The hidden places in ascending order.
 * @see Devlin et al. 2019, section 3.1; Cui et al. 2019 (whole words in Chinese).
 */
export function hideWords(side: Side, options: MaskingOptions, random: () => number): Hidden[] {
  const { ids, continuesWord } = side;
  const wanted = Math.max(1, Math.round(ids.length * options.rate));
  const starts = ids.flatMap((_, index) => (continuesWord[index] === true ? [] : [index]));
  for (let last = starts.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [starts[last], starts[other]] = [starts[other] ?? 0, starts[last] ?? 0];
  }
  const hidden: Hidden[] = [];
  for (const start of starts) {
    let end = start + 1;
    while (continuesWord[end] === true) end += 1;
    if (hidden.length > 0 && hidden.length + end - start > wanted) continue;
    for (let index = start; index < end; index++) {
      hidden.push({ index, token: ids[index] ?? 0 });
      ids[index] = replacement(ids[index] ?? 0, options, random);
    }
    if (hidden.length >= wanted) break;
  }
  return hidden.sort((one, other) => one.index - other.index);
}

function replacement(token: number, options: MaskingOptions, random: () => number): number {
  const draw = random();
  if (draw < 0.8) return options.maskId;
  if (draw < 0.9) return options.firstOrdinary + Math.floor(random() * (options.vocabularySize - options.firstOrdinary));
  return token;
}
