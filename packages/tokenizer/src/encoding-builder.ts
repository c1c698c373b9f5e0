import type { Encoding } from './encoding.ts';
import type { TokenList } from './token-list.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Collects an {@link Encoding} token by token. */
export class EncodingBuilder {
  readonly #vocabulary: Vocabulary;
  readonly #ids: number[] = [];
  readonly #types: number[] = [];
  readonly #mask: number[] = [];
  readonly #tokens: string[] = [];
  readonly #offsets: [number, number][] = [];
  readonly #special: number[] = [];

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** Appends the tokens from `from` up to `to` of a text. */
  text(list: TokenList, [from, to]: readonly [from: number, to: number], type: number): void {
    const { ids, starts, ends } = list;
    for (let k = from; k < to; k++) {
      const id = ids[k] ?? 0;
      this.#ids.push(id);
      this.#types.push(type);
      this.#mask.push(1);
      this.#tokens.push(this.#vocabulary.tokens[id] ?? '');
      this.#offsets.push([starts[k] ?? 0, ends[k] ?? 0]);
      this.#special.push(0);
    }
  }

  /** Appends a special token. */
  special(id: number, type: number): void {
    this.#add(id, type, 1);
  }

  /** Appends `count` times `[PAD]`. */
  pad(count: number): void {
    for (let k = 0; k < count; k++) this.#add(this.#vocabulary.specialIds.padding, 0, 0);
  }

  #add(id: number, type: number, mask: number): void {
    this.#ids.push(id);
    this.#types.push(type);
    this.#mask.push(mask);
    this.#tokens.push(this.#vocabulary.tokens[id] ?? '');
    this.#offsets.push([0, 0]);
    this.#special.push(1);
  }

  /** The encoding, of which `truncated` tokens were cut. */
  finish(truncated: number): Encoding {
    return {
      ids: this.#ids,
      types: this.#types,
      mask: this.#mask,
      tokens: this.#tokens,
      offsets: this.#offsets,
      specialTokensMask: this.#special,
      truncated,
    };
  }
}
