import { CharacterTable } from './characters.ts';
import { batchArrays, fillPadding, paddedLength, type BatchArrays } from './batch-layout.ts';
import { decodeTokens } from './decode.ts';
import type { BatchOptions, EncodedBatch, EncodeOptions, Encoding, TextInput, WindowOptions } from './encoding.ts';
import { EncodingBuilder } from './encoding-builder.ts';
import { Literals } from './literals.ts';
import { PieceTrie } from './piece-trie.ts';
import { Scanner } from './scanner.ts';
import { TokenList } from './token-list.ts';
import { tokenizerRules, type TokenizerOptions, type TokenizerRules } from './tokenizer-options.ts';
import { keptTokens, type KeptTokens } from './truncation.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How ids become text again. */
export interface DecodeOptions {
  /** Whether special tokens are left out; `true` by default. */
  readonly skipSpecialTokens?: boolean;
  /** Whether spaces are only put where a reader expects them; `true` by default. `false`: between all words. */
  readonly cleanUp?: boolean;
}

/** Text to ids and back, as google-research/bert's `FullTokenizer` does it. Keeps buffers between calls, so it is not to be shared by threads. */
export class Tokenizer {
  readonly vocabulary: Vocabulary;
  /** The rules in force, defaults filled in. */
  readonly rules: TokenizerRules;
  readonly #scanner: Scanner;
  readonly #added: Literals;
  readonly #addedAndSpecial: Literals;
  readonly #left = new TokenList();
  readonly #right = new TokenList();

  constructor(vocabulary: Vocabulary, options: TokenizerOptions = {}) {
    this.vocabulary = vocabulary;
    this.rules = tokenizerRules(options);
    const trie = new PieceTrie(vocabulary, this.rules);
    this.#scanner = new Scanner({
      table: new CharacterTable(this.rules, trie),
      matcher: trie,
      unknown: vocabulary.specialIds.unknown,
      maxWordCharacters: this.rules.maxWordCharacters,
    });
    const withId = (token: string): readonly [string, number] => [token, vocabulary.id(token) ?? vocabulary.specialIds.unknown];
    this.#added = new Literals(vocabulary.addedTokens.map(withId));
    this.#addedAndSpecial = new Literals([...vocabulary.addedTokens, ...Object.values(vocabulary.specialTokens)].map(withId));
  }

  /**
   * Encodes one text or two. Never throws on any string; lone surrogates are characters like others.
   *
   * @throws {RangeError} If `maxLength` has no room for the special tokens, or a padding length is no whole number.
   */
  encode(left: string, right?: string, options: EncodeOptions = {}): Encoding {
    const frame = this.#frame(right !== undefined, options);
    this.#read(left, options, this.#left);
    if (right === undefined) this.#right.count = 0;
    else this.#read(right, options, this.#right);
    const kept = keptTokens({ left: this.#left.count, right: this.#right.count }, frame.room, options.truncation ?? 'longest_first');
    const cut = this.#left.count + this.#right.count - kept.left - kept.right;
    return this.#build(frame, { left: [0, kept.left], right: [0, kept.right] }, cut, options);
  }

  #build(frame: Frame, { left, right }: Ranges, truncated: number, options: EncodeOptions): Encoding {
    const { classification, separator } = this.vocabulary.specialIds;
    const builder = new EncodingBuilder(this.vocabulary);
    const length = left[1] - left[0] + right[1] - right[0] + frame.special;
    const padding = paddedLength(length, options) - length;
    if (options.paddingSide === 'left') builder.pad(padding);
    if (frame.special > 0) builder.special(classification, 0);
    builder.text(this.#left, left, 0);
    if (frame.special > 0) builder.special(separator, 0);
    if (frame.pair) {
      builder.text(this.#right, right, 1);
      if (frame.special > 0) builder.special(separator, 1);
    }
    if (options.paddingSide !== 'left') builder.pad(padding);
    return builder.finish(truncated);
  }

  /**
   * Encodes a text that is too long as several windows over it, neighbours sharing `stride` tokens. With two texts the second one is cut
   * into windows and the first stands in each of them whole, or as much of it as leaves room.
   *
   * @returns At least one encoding; `truncated` counts the tokens of the text that a window lacks.
   * @throws {RangeError} If `maxLength` has no room for the special tokens, `stride` tokens and one more.
   */
  encodeWindows(left: string, right: string | undefined, options: WindowOptions): Encoding[] {
    const frame = this.#frame(right !== undefined, options);
    const { stride = 0 } = options;
    if (!Number.isInteger(stride) || stride < 0 || frame.room <= stride) {
      throw new RangeError(
        `encodeWindows: expected stride to be a whole number from 0 to ${frame.room - 1} (maxLength without special tokens, less one), got ${stride}.`,
      );
    }
    this.#read(left, options, this.#left);
    if (right === undefined) this.#right.count = 0;
    else this.#read(right, options, this.#right);
    const whole = frame.pair ? Math.min(this.#left.count, frame.room - stride - 1) : 0;
    const total = frame.pair ? this.#right.count : this.#left.count;
    const room = frame.room - whole;
    const windows: Encoding[] = [];
    for (let from = 0; ; from += room - stride) {
      const window: readonly [number, number] = [from, Math.min(from + room, total)];
      const ranges: Ranges = frame.pair ? { left: [0, whole], right: window } : { left: window, right: [0, 0] };
      windows.push(this.#build(frame, ranges, total - (window[1] - window[0]), options));
      if (from + room >= total) return windows;
    }
  }

  /**
   * Encodes many texts or pairs into arrays that a model takes as they are, padded to `padTo`, or else to the longest row.
   *
   * @returns Arrays of `[size, length]`; those of `into` where given, of which the first `size × length` numbers count.
   * @throws {RangeError} As {@link encode}, and if an array of `into` is too small.
   */
  encodeBatch(inputs: readonly TextInput[], options: BatchOptions = {}): EncodedBatch {
    const all = this.#left;
    all.count = 0;
    const size = inputs.length;
    const splits = new Int32Array(size * 2 + 1);
    const kept: KeptTokens[] = [];
    const lengths = new Int32Array(size);
    const truncated = new Int32Array(size);
    let longest = 0;
    for (let row = 0; row < size; row++) {
      const input = inputs[row] ?? '';
      const pair = typeof input !== 'string';
      const start = all.count;
      this.#append(pair ? input[0] : input, options, all);
      const middle = all.count;
      if (pair) this.#append(input[1], options, all);
      splits[row * 2 + 1] = middle;
      splits[row * 2 + 2] = all.count;
      const frame = this.#frame(pair, options);
      const counts = { left: middle - start, right: all.count - middle };
      const stay = keptTokens(counts, frame.room, options.truncation ?? 'longest_first');
      kept.push(stay);
      const length = stay.left + stay.right + frame.special;
      lengths[row] = length;
      truncated[row] = counts.left + counts.right - stay.left - stay.right;
      if (length > longest) longest = length;
    }
    const length = paddedLength(longest, options);
    const arrays = batchArrays(size * length, options);
    for (let row = 0; row < size; row++) {
      const at = row * length + (options.paddingSide === 'left' ? length - (lengths[row] ?? 0) : 0);
      this.#writeRow(arrays, at, {
        left: splits[row * 2] ?? 0,
        right: splits[row * 2 + 1] ?? 0,
        kept: kept[row] ?? { left: 0, right: 0 },
        frame: this.#frame(typeof inputs[row] !== 'string', options),
      });
      fillPadding(arrays, row, { at, length, used: lengths[row] ?? 0, id: this.vocabulary.specialIds.padding });
    }
    return { size, length, ...arrays, lengths, truncated };
  }

  #writeRow({ ids, types }: BatchArrays, at: number, { left, right, kept, frame }: Row): void {
    const { classification, separator } = this.vocabulary.specialIds;
    const source = this.#left.ids;
    let place = at;
    if (frame.special > 0) ids[place++] = classification;
    for (let k = 0; k < kept.left; k++) ids[place++] = source[left + k] ?? 0;
    if (frame.special > 0) ids[place++] = separator;
    types.fill(0, at, place);
    if (!frame.pair) return;
    const second = place;
    for (let k = 0; k < kept.right; k++) ids[place++] = source[right + k] ?? 0;
    if (frame.special > 0) ids[place++] = separator;
    types.fill(1, second, place);
  }

  /** How many tokens a text or pair becomes, special tokens counted, nothing cut. */
  count(left: string, right?: string, options: EncodeOptions = {}): number {
    const frame = this.#frame(right !== undefined, options);
    const list = this.#left;
    list.count = 0;
    this.#append(left, options, list);
    if (right !== undefined) this.#append(right, options, list);
    return list.count + frame.special;
  }

  /** Calls back for each token of a text, without special tokens, with the place in the text that it stands for. */
  forEachToken(text: string, onToken: (id: number, start: number, end: number) => void): void {
    const list = new TokenList(text.length + 8);
    this.#read(text, {}, list);
    for (let k = 0; k < list.count; k++) onToken(list.ids[k] ?? 0, list.starts[k] ?? 0, list.ends[k] ?? 0);
  }

  /** The pieces of a text, without special tokens: the reference's `FullTokenizer.tokenize`. */
  tokenize(text: string): string[] {
    const list = this.#left;
    this.#read(text, {}, list);
    return Array.from(list.ids.subarray(0, list.count), (id) => this.vocabulary.tokens[id] ?? '');
  }

  /**
   * The text that ids stand for, as far as pieces can tell.
   *
   * @throws {RangeError} If an id is not in the vocabulary.
   */
  decode(ids: Iterable<number>, options: DecodeOptions = {}): string {
    const { skipSpecialTokens = true, cleanUp = true } = options;
    const tokens: string[] = [];
    for (const id of ids) {
      const token = this.vocabulary.token(id);
      if (token === undefined) {
        throw new RangeError(`decode: expected ids from 0 to ${this.vocabulary.size - 1}, got ${id}. Is it another model's vocabulary?`);
      }
      if (!skipSpecialTokens || !this.vocabulary.isSpecial(id)) tokens.push(token);
    }
    return decodeTokens(tokens, cleanUp);
  }

  #read(text: string, options: EncodeOptions, into: TokenList): void {
    into.count = 0;
    this.#append(text, options, into);
  }

  #append(text: string, options: EncodeOptions, into: TokenList): void {
    const literals = options.specialTokensInText === true ? this.#addedAndSpecial : this.#added;
    if (literals.empty) this.#scanner.scan(text, 0, text.length, into);
    else literals.scan(text, this.#scanner, into);
  }

  #frame(pair: boolean, { maxLength = Number.POSITIVE_INFINITY, addSpecialTokens = true }: EncodeOptions): Frame {
    const special = addSpecialTokens ? (pair ? 3 : 2) : 0;
    if (!(maxLength >= special)) {
      throw new RangeError(`encode: expected maxLength of at least ${special}, the special tokens, got ${maxLength}. Give it more room.`);
    }
    return { pair, special, room: maxLength - special };
  }
}

/** Makes a tokenizer; the same as `new Tokenizer(vocabulary, options)`. */
export function createTokenizer(vocabulary: Vocabulary, options: TokenizerOptions = {}): Tokenizer {
  return new Tokenizer(vocabulary, options);
}

interface Frame {
  readonly pair: boolean;
  /** How many special tokens are added. */
  readonly special: number;
  /** How many tokens the texts may have. */
  readonly room: number;
}

interface Ranges {
  readonly left: readonly [from: number, to: number];
  readonly right: readonly [from: number, to: number];
}

interface Row {
  /** Where the texts begin in the token list. */
  readonly left: number;
  readonly right: number;
  readonly kept: KeptTokens;
  readonly frame: Frame;
}
