import { CJK_BLOCKS, CODE_POINTS, PROPERTY, sigmaTables, unicodeTables, type UnicodeTables } from './unicode.ts';

/** How text is taken apart before WordPiece. */
export interface CharacterRules {
  /** Whether letters become small. */
  readonly lowercase: boolean;
  /** Whether text is decomposed and its nonspacing marks dropped. */
  readonly stripAccents: boolean;
  /** Whether each CJK character is a word of its own. */
  readonly splitCjk: boolean;
}

/**
 * What to do with a character, one number each. From 0 up: a word of its own, the number says which. From `word` down: a character of
 * a longer word, `word − symbol`. Between them the codes below.
 */
export const ACTION = {
  /** Ends a word. */
  space: -1,
  /** As if it were not there. */
  removed: -2,
  /** A stripped accent. */
  mark: -3,
  /** A stripped accent that marks are not reordered across. */
  starterMark: -4,
  /** Needs more than a table: surrogates, final sigma, characters that become several, marks in canonical order. */
  rare: -5,
  word: -16,
} as const;

/** Gives characters their numbers. All are asked for normalised code points. */
export interface CharacterNumbers {
  /** {@link single} of each code point below 0x10000. */
  readonly singles: Int32Array;
  /** `ACTION.word` − {@link symbol} of each code point below 0x10000. */
  readonly wordActions: Int32Array;
  /** The number of a character that is a word of its own. */
  single(codePoint: number): number;
  /** The number of a character inside a word. */
  symbol(codePoint: number): number;
}

const SIGMA = 0x3a3;
const SMALL_SIGMA = 0x3c3;
const FINAL_SIGMA = 0x3c2;
const DOTTED_CAPITAL_I = 0x130;
/** Kinds of {@link sigmaTables}. */
const LETTER = 1;
const IGNORED = 2;
const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;

/** The action of every character, under one set of rules and one numbering. */
export class CharacterTable {
  /** Actions of the UTF-16 units; surrogates are `rare`. */
  readonly units: Int32Array = new Int32Array(0x10000);
  readonly #rules: CharacterRules;
  readonly #numbers: CharacterNumbers;
  readonly #unicode: UnicodeTables = unicodeTables();

  constructor(rules: CharacterRules, numbers: CharacterNumbers) {
    this.#rules = rules;
    this.#numbers = numbers;
    this.#fill();
  }

  /** Plain characters and CJK blocks wholesale, then whatever has a property, a lower case or a decomposition. */
  #fill(): void {
    const { units } = this;
    const { properties, classified, lower, decompositions, reordered } = this.#unicode;
    const { wordActions, singles } = this.#numbers;
    const { lowercase, stripAccents, splitCjk } = this.#rules;
    units.set(wordActions);
    if (splitCjk) for (const [first, last] of CJK_BLOCKS) if (last < 0x10000) units.set(singles.subarray(first, last + 1), first);
    for (const codePoint of classified) {
      if (codePoint < 0x10000) units[codePoint] = this.#classified(codePoint, properties[codePoint] ?? 0, codePoint);
    }
    if (stripAccents) {
      for (const [codePoint, target] of decompositions) {
        if (codePoint < 0x10000) units[codePoint] = target.length > 1 ? ACTION.rare : this.#normalised(codePoint, target[0] ?? 0);
      }
      for (const codePoint of reordered.keys()) if (codePoint < 0x10000) units[codePoint] = ACTION.rare;
      units.fill(ACTION.rare, HANGUL_FIRST, HANGUL_LAST + 1);
    }
    if (lowercase) {
      for (const [codePoint, small] of lower) if (codePoint < 0x10000) units[codePoint] = units[small] ?? 0;
      units[DOTTED_CAPITAL_I] = this.action(DOTTED_CAPITAL_I);
      units[SIGMA] = ACTION.rare;
    }
    units.fill(ACTION.rare, 0xd800, 0xe000);
  }

  #normalised(codePoint: number, target: number): number {
    return this.#classified(codePoint, this.#unicode.properties[codePoint] ?? 0, target);
  }

  /** The action of any code point; a lone surrogate is a character of a word. */
  action(codePoint: number): number {
    const { lowercase, stripAccents } = this.#rules;
    if (stripAccents && ((codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) || this.#unicode.reordered.has(codePoint)))
      return ACTION.rare;
    if (lowercase && (codePoint === SIGMA || (codePoint === DOTTED_CAPITAL_I && !stripAccents))) return ACTION.rare;
    let target = codePoint;
    if (lowercase) target = codePoint === DOTTED_CAPITAL_I ? 0x69 : (this.#unicode.lower.get(target) ?? target);
    if (stripAccents) {
      const decomposition = this.#unicode.decompositions.get(target);
      if (decomposition !== undefined) {
        if (decomposition.length > 1) return ACTION.rare;
        target = decomposition[0] ?? target;
      }
    }
    return this.#normalised(codePoint, target);
  }

  #classified(codePoint: number, properties: number, target: number): number {
    if ((properties & PROPERTY.removed) !== 0) return ACTION.removed;
    if ((properties & PROPERTY.space) !== 0) return ACTION.space;
    if (this.#rules.splitCjk && (properties & PROPERTY.cjk) !== 0) return this.#numbers.single(target);
    if (this.#rules.stripAccents && (properties & PROPERTY.nonspacing) !== 0) {
      return (properties & PROPERTY.nonspacingStarter) === 0 ? ACTION.mark : ACTION.starterMark;
    }
    const own = codePoint === target ? properties : (this.#unicode.properties[target] ?? 0);
    return (own & PROPERTY.punctuation) === 0 ? ACTION.word - this.#numbers.symbol(target) : this.#numbers.single(target);
  }

  /** What a code point whose action is `rare` becomes; sigma only where it is not final. */
  expand(codePoint: number): readonly number[] {
    const { lowercase, stripAccents } = this.#rules;
    if (lowercase && codePoint === SIGMA) return [SMALL_SIGMA];
    if (lowercase && codePoint === DOTTED_CAPITAL_I) return stripAccents ? [0x69] : [0x69, 0x307];
    const target = lowercase ? (this.#unicode.lower.get(codePoint) ?? codePoint) : codePoint;
    if (!stripAccents) return [target];
    if (target >= HANGUL_FIRST && target <= HANGUL_LAST) return decomposeHangul(target);
    return this.#unicode.decompositions.get(target) ?? [target];
  }

  /** The number of a normalised character inside a word. */
  symbol(codePoint: number): number {
    return this.#numbers.symbol(codePoint);
  }

  /** The canonical combining class of a mark that is kept; 0 for all else, and where nothing is decomposed. */
  combiningClass(codePoint: number): number {
    return this.#rules.stripAccents ? (this.#unicode.reordered.get(codePoint) ?? 0) : 0;
  }

  /**
   * Small sigma as Python writes it: final after a letter and before none, looking past what does not count (Unicode 14, table 3-17).
   *
   * @param at Where the capital sigma is; `start` and `end` bound the text.
   */
  smallSigma(text: string, at: number, { start, end }: { readonly start: number; readonly end: number }): number {
    if (this.#letterBeside(text, at, start, -1) && !this.#letterBeside(text, at, end, 1)) return FINAL_SIGMA;
    return SMALL_SIGMA;
  }

  #letterBeside(text: string, at: number, limit: number, direction: 1 | -1): boolean {
    const { properties } = this.#unicode;
    const { kinds } = sigmaTables();
    const boundary = PROPERTY.space | (this.#rules.splitCjk ? PROPERTY.cjk : 0);
    for (let i = at + direction; direction === 1 ? i < limit : i >= limit; i += direction) {
      const codePoint = codePointAround(text, i, direction);
      if (codePoint > 0xffff) i += direction;
      const bits = properties[codePoint] ?? 0;
      if ((bits & boundary) !== 0) return false;
      const kind = kinds[codePoint] ?? 0;
      if ((bits & PROPERTY.removed) === 0 && (kind & IGNORED) === 0) return kind === LETTER;
    }
    return false;
  }
}

/** The code point that begins (`direction` 1) or ends (−1) at unit `i`. */
function codePointAround(text: string, i: number, direction: 1 | -1): number {
  if (direction === 1) return text.codePointAt(i) ?? 0;
  const unit = text.charCodeAt(i);
  if ((unit & 0xfc00) === 0xdc00 && i > 0) {
    const codePoint = text.codePointAt(i - 1) ?? 0;
    if (codePoint > 0xffff) return codePoint;
  }
  return unit;
}

/** The jamo of a Hangul syllable (The Unicode Standard, section 3.12). */
function decomposeHangul(syllable: number): readonly number[] {
  const index = syllable - HANGUL_FIRST;
  const trailing = index % 28;
  const leading = 0x1100 + Math.floor(index / 588);
  const vowel = 0x1161 + Math.floor((index % 588) / 28);
  return trailing === 0 ? [leading, vowel] : [leading, vowel, 0x11a7 + trailing];
}

/** How many numbers {@link codePointNumbers} gives. */
export const CODE_POINT_LIMIT: number = CODE_POINTS;

/** Numbers characters by themselves: what the words are, not which pieces. */
export function codePointNumbers(): CharacterNumbers {
  const themselves = Int32Array.from({ length: 0x10000 }, (_, unit) => unit);
  const wordActions = themselves.map((unit) => ACTION.word - unit);
  return { singles: themselves, wordActions, single: (codePoint) => codePoint, symbol: (codePoint) => codePoint };
}
