import type { Tokenizer } from '@samequestion/tokenizer';

const continues = 0x8000;

/** Token ids of many sentences in one array, two bytes a token; a flag says whether a token continues the word before it. */
export class SentenceStore {
  #tokens: Uint16Array;
  #starts: Uint32Array;
  #count = 0;
  #used = 0;

  /** @param parts What {@link SentenceStore.parts} gave; empty by default. */
  constructor(parts?: { readonly starts: Uint32Array; readonly tokens: Uint16Array }) {
    this.#tokens = parts?.tokens ?? new Uint16Array(1 << 16);
    this.#starts = parts?.starts ?? new Uint32Array(1 << 12);
    this.#count = (parts?.starts.length ?? 1) - 1;
    this.#used = parts?.tokens.length ?? 0;
  }

  /** Where each sentence starts, the end behind the last; and all tokens with their word flags. */
  parts(): { readonly starts: Uint32Array; readonly tokens: Uint16Array } {
    return { starts: this.#starts.subarray(0, this.#count + 1), tokens: this.#tokens.subarray(0, this.#used) };
  }

  get sentences(): number {
    return this.#count;
  }

  get tokens(): number {
    return this.#used;
  }

  /** @param ids The sentence's tokens, each below 32,768; `continuesWord` says of each whether it belongs to the word of the token before. */
  add(ids: ArrayLike<number>, continuesWord: (index: number) => boolean): void {
    if (this.#count + 2 > this.#starts.length) this.#starts = doubled(this.#starts);
    while (this.#used + ids.length > this.#tokens.length) this.#tokens = doubled(this.#tokens);
    this.#starts[this.#count++] = this.#used;
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index] ?? 0;
      if (id >= continues)
        throw new RangeError(`SentenceStore: expected token ids below ${continues}, got ${id}. Use a smaller vocabulary.`);
      this.#tokens[this.#used++] = index > 0 && continuesWord(index) ? id | continues : id;
    }
    this.#starts[this.#count] = this.#used;
  }

  /** How many tokens a sentence has. */
  length(sentence: number): number {
    return (this.#starts[sentence + 1] ?? 0) - (this.#starts[sentence] ?? 0);
  }

  /** Copies sentence tokens `from … to − 1` to the end of `ids` and their word flags to the end of `words`. */
  append(sentence: number, ids: number[], words: boolean[], limit: number): void {
    const start = this.#starts[sentence] ?? 0;
    const end = Math.min(this.#starts[sentence + 1] ?? 0, start + limit);
    for (let index = start; index < end; index++) {
      const token = this.#tokens[index] ?? 0;
      ids.push(token & (continues - 1));
      words.push((token & continues) !== 0);
    }
  }
}

/** Bytes of a store as one file holds them: the number of sentences, where each starts, the tokens. Little-endian. */
export function storeBytes(store: SentenceStore): Uint8Array[] {
  const { starts, tokens } = store.parts();
  return [Uint32Array.of(magic, starts.length - 1), starts, tokens].map(
    (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );
}

/** A store from the bytes of {@link storeBytes}; `undefined` if they are something else. */
export function storeFromBytes(bytes: Uint8Array): SentenceStore | undefined {
  const whole = bytes.slice();
  const [mark, sentences = 0] = whole.byteLength < 8 ? [] : new Uint32Array(whole.buffer, 0, 2);
  const start = 8 + (sentences + 1) * 4;
  if (mark !== magic || whole.byteLength < start || (whole.byteLength - start) % 2 !== 0) return undefined;
  const starts = new Uint32Array(whole.buffer, 8, sentences + 1);
  const tokens = new Uint16Array(whole.buffer, start);
  return starts.at(-1) === tokens.length ? new SentenceStore({ starts, tokens }) : undefined;
}

const magic = 0x53515431;

function doubled<T extends Uint16Array | Uint32Array>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}

/** Splits a text into words: where each word starts, in UTF-16 units. */
export type WordStarts = (text: string) => ReadonlySet<number>;

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Word starts by the segmenter that every Node has. */
export function wordStarts(text: string): ReadonlySet<number> {
  const starts = new Set<number>();
  for (const { index } of segmenter.segment(text)) starts.add(index);
  return starts;
}

/** Adds one sentence's tokens with their word flags. */
export function addSentence(store: SentenceStore, tokenizer: Tokenizer, text: string): void {
  const { ids, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false });
  const starts = wordStarts(text);
  store.add(ids, (index) => !starts.has(offsets[index]?.[0] ?? 0));
}
