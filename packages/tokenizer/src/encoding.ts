import type { Truncation } from './truncation.ts';

/** How one or two texts are encoded. */
export interface EncodeOptions {
  /** Tokens at most, special tokens counted; no limit by default. */
  readonly maxLength?: number;
  /** Which text is cut to fit `maxLength`; `longest_first` by default. */
  readonly truncation?: Truncation;
  /** Whether `[CLS]` and `[SEP]` are added; `true` by default. */
  readonly addSpecialTokens?: boolean;
  /** Whether `[SEP]`, `[MASK]` and the like in the text stand for the special tokens; `false` by default: text is text. */
  readonly specialTokensInText?: boolean;
  /** Positions to fill up to with `[PAD]`; none by default. */
  readonly padTo?: number;
  /** Fill up to a multiple of this number. */
  readonly padToMultipleOf?: number;
  /** Where `[PAD]` goes; `right` by default. */
  readonly paddingSide?: 'left' | 'right';
}

/** One or two texts as a model reads them. All lists have one entry per position. */
export interface Encoding {
  /** Ids of the pieces. */
  readonly ids: readonly number[];
  /** 0 for the first text, its special tokens and padding; 1 for the second text and the separator after it. */
  readonly types: readonly number[];
  /** 1 for tokens, 0 for padding. */
  readonly mask: readonly number[];
  /** The pieces themselves. */
  readonly tokens: readonly string[];
  /**
   * From where to where in its own text (`types` says which) each token comes: `text.slice(start, end)`. `[0, 0]` for special tokens.
   * Pieces that split one character share a slice.
   */
  readonly offsets: readonly (readonly [start: number, end: number])[];
  /** 1 for `[CLS]`, `[SEP]` and `[PAD]` that the encoding added, 0 for what stands in the texts. */
  readonly specialTokensMask: readonly number[];
  /** Tokens that `maxLength` cut. */
  readonly truncated: number;
}

/** How a text is cut into windows. */
export interface WindowOptions extends EncodeOptions {
  /** Tokens of a window at most, special tokens counted. */
  readonly maxLength: number;
  /** Tokens that a window shares with the one before; 0 by default. */
  readonly stride?: number;
}

/** How many texts are encoded into arrays of one size. */
export interface BatchOptions extends EncodeOptions {
  /** Arrays to write into, each of at least `size × length` numbers; new ones by default. */
  readonly into?: { readonly ids: Int32Array; readonly types: Int32Array; readonly mask: Int32Array };
}

/** Encodings of several texts, row after row, padded to the same length. */
export interface EncodedBatch {
  /** Rows. */
  readonly size: number;
  /** Positions of a row. */
  readonly length: number;
  /** `[size, length]`, ids of the pieces. */
  readonly ids: Int32Array;
  /** `[size, length]`, 0 for the first text and padding, 1 for the second. */
  readonly types: Int32Array;
  /** `[size, length]`, 1 for tokens, 0 for padding. */
  readonly mask: Int32Array;
  /** `[size]`, tokens of each row without padding. */
  readonly lengths: Int32Array;
  /** `[size]`, tokens that `maxLength` cut from each row. */
  readonly truncated: Int32Array;
}

/** One text, or two. */
export type TextInput = string | readonly [left: string, right: string];
