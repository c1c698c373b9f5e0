import { ACTION, type CharacterNumbers } from './characters.ts';
import type { WordMatcher } from './scanner.ts';
import { PROPERTY, unicodeTables } from './unicode.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What continues a word in a vocabulary. */
export const CONTINUATION = '##';

/** Pieces of more characters are left out: lengths are kept in bytes. */
const MAX_PIECE_CHARACTERS = 255;
const ROOT = 0;
const SUFFIX_ROOT = 1;
const NONE = -1;
const NOT_LINKED = -2;

/** How a {@link PieceTrie} reads a vocabulary. */
export interface PieceTrieOptions {
  /** Whether CJK characters are words of their own, so that no longer word holds one. */
  readonly splitCjk: boolean;
  /** Pieces of more characters can never match. */
  readonly maxWordCharacters: number;
}

/**
 * WordPiece's longest match first in one pass over the word: a trie of the pieces with failure links and the tokens each link gives off.
 * A node is linked when a match first fails there, which comes to the same and makes a tokenizer quick to start.
 *
 * @see Song et al. 2021, Fast WordPiece Tokenization, algorithms 1 and 2.
 */
export class PieceTrie implements WordMatcher, CharacterNumbers {
  readonly singles: Int32Array;
  readonly wordActions: Int32Array = new Int32Array(0x10000).fill(ACTION.word);
  readonly #singlesAstral = new Map<number, number>();
  readonly #symbolsAstral = new Map<number, number>();
  readonly #unknown: number;
  /** Characters by token. */
  readonly #characters: Uint8Array;
  #symbolCount = 0;
  #nodeCount = 2;
  readonly #mask: number;
  /** (node, symbol) → child, a hash table with open addressing, at most half full; 0: free. */
  readonly #children: Int32Array;
  /** Four numbers a node: its token or −1, its parent, the symbol that leads to it, its failure link (−1: the word is unknown). */
  readonly #nodes: Int32Array;
  /** The tokens that following a node's failure link gives off. */
  readonly #pops: (readonly number[] | undefined)[] = [];

  constructor(vocabulary: Vocabulary, options: PieceTrieOptions) {
    const { properties } = unicodeTables();
    const alone = PROPERTY.punctuation | PROPERTY.space | PROPERTY.removed | (options.splitCjk ? PROPERTY.cjk : 0);
    this.#unknown = vocabulary.specialIds.unknown;
    this.singles = new Int32Array(0x10000).fill(this.#unknown);
    this.#characters = new Uint8Array(vocabulary.size).fill(1);
    const words: number[] = [];
    let capacity = 2;
    for (let id = 0; id < vocabulary.modelSize; id++) {
      const piece = vocabulary.tokens[id] ?? '';
      const last = piece.charCodeAt(piece.length - 1);
      if (((properties[last] ?? 0) & alone) === 0) {
        words.push(id);
        capacity += piece.length - (piece.startsWith(CONTINUATION) ? CONTINUATION.length : 0);
      } else if (piece.length === 1) {
        this.singles[last] = id;
      }
    }
    const size = 2 ** Math.ceil(Math.log2(capacity * 2));
    this.#mask = size - 1;
    this.#children = new Int32Array(size);
    this.#nodes = new Int32Array(capacity * 4);
    this.#node(ROOT, NONE, 0, NONE);
    this.#node(SUFFIX_ROOT, NONE, 0, NONE);
    const longest = Math.min(options.maxWordCharacters, MAX_PIECE_CHARACTERS);
    for (let k = 0; k < words.length; k++) this.#insert(vocabulary, words[k] ?? 0, longest);
  }

  single(codePoint: number): number {
    if (codePoint < 0x10000) return this.singles[codePoint] ?? this.#unknown;
    return this.#singlesAstral.get(codePoint) ?? this.#unknown;
  }

  /** 0 for characters that no piece holds. */
  symbol(codePoint: number): number {
    if (codePoint < 0x10000) return ACTION.word - (this.wordActions[codePoint] ?? ACTION.word);
    return this.#symbolsAstral.get(codePoint) ?? 0;
  }

  characters(token: number): number {
    return this.#characters[token] ?? 1;
  }

  match(symbols: Int32Array, count: number, into: Int32Array, at: number): number {
    let place = at;
    let node = ROOT;
    for (let i = 0; i < count; i++) {
      const symbol = symbols[i] ?? 0;
      if (symbol === 0) return NONE;
      let next = this.#child(node, symbol);
      while (next === NONE) {
        const failure = this.#failure(node);
        if (failure === NONE) return NONE;
        place = this.#giveOff(node, into, place);
        node = failure;
        next = this.#child(node, symbol);
      }
      node = next;
    }
    while (node !== SUFFIX_ROOT) {
      const failure = this.#failure(node);
      if (failure === NONE) return NONE;
      place = this.#giveOff(node, into, place);
      node = failure;
    }
    return place;
  }

  #giveOff(node: number, into: Int32Array, at: number): number {
    const pops = this.#pops[node];
    if (pops === undefined) {
      into[at] = this.#nodes[node * 4] ?? 0;
      return at + 1;
    }
    for (let k = 0; k < pops.length; k++) into[at + k] = pops[k] ?? 0;
    return at + pops.length;
  }

  #child(node: number, symbol: number): number {
    const children = this.#children;
    const nodes = this.#nodes;
    const mask = this.#mask;
    for (let at = hash(node, symbol) & mask; ; at = (at + 1) & mask) {
      const child = children[at] ?? 0;
      if (child === 0) return NONE;
      if (nodes[child * 4 + 1] === node && nodes[child * 4 + 2] === symbol) return child;
    }
  }

  #failure(node: number): number {
    const failure = this.#nodes[node * 4 + 3] ?? NONE;
    return failure === NOT_LINKED ? this.#link(node) : failure;
  }

  /** A piece's own node goes on as a suffix, giving off the piece; any other node as its parent would, then along failure links. */
  #link(node: number): number {
    const nodes = this.#nodes;
    const parent = nodes[node * 4 + 1] ?? 0;
    const symbol = nodes[node * 4 + 2] ?? 0;
    let from = parent;
    let failure = this.#failure(parent);
    const pops: number[] = [];
    while (failure !== NONE) {
      pops.push(...(this.#pops[from] ?? [nodes[from * 4] ?? 0]));
      const child = this.#child(failure, symbol);
      if (child !== NONE) {
        failure = child;
        break;
      }
      from = failure;
      failure = this.#failure(from);
    }
    nodes[node * 4 + 3] = failure;
    this.#pops[node] = pops;
    return failure;
  }

  #node(node: number, parent: number, symbol: number, failure: number): void {
    const at = node * 4;
    this.#nodes[at] = NONE;
    this.#nodes[at + 1] = parent;
    this.#nodes[at + 2] = symbol;
    this.#nodes[at + 3] = failure;
  }

  #insert(vocabulary: Vocabulary, id: number, longest: number): void {
    const piece = vocabulary.tokens[id] ?? '';
    if (vocabulary.isSpecial(id)) return;
    const continues = piece.startsWith(CONTINUATION);
    let node = continues ? SUFFIX_ROOT : ROOT;
    let length = 0;
    for (let i = continues ? CONTINUATION.length : 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i);
      let symbol = ACTION.word - (this.wordActions[unit] ?? 0);
      if (symbol === 0 || (unit & 0xf800) === 0xd800) {
        const codePoint = piece.codePointAt(i) ?? 0;
        if (codePoint > 0xffff) i++;
        symbol = this.#number(codePoint);
      }
      node = this.#grow(node, symbol);
      length++;
    }
    if (length === 0) return;
    if (length === 1 && !continues) this.#setSingle(piece.codePointAt(0) ?? 0, id);
    if (length > longest) return;
    this.#characters[id] = length;
    this.#nodes[node * 4] = id;
    this.#nodes[node * 4 + 3] = SUFFIX_ROOT;
  }

  #setSingle(codePoint: number, id: number): void {
    if (codePoint < 0x10000) this.singles[codePoint] = id;
    else this.#singlesAstral.set(codePoint, id);
  }

  #number(codePoint: number): number {
    const known = this.symbol(codePoint);
    if (known !== 0) return known;
    const number = ++this.#symbolCount;
    if (codePoint < 0x10000) this.wordActions[codePoint] = ACTION.word - number;
    else this.#symbolsAstral.set(codePoint, number);
    return number;
  }

  /** The child of a node, made if there is none. */
  #grow(node: number, symbol: number): number {
    const children = this.#children;
    const nodes = this.#nodes;
    const mask = this.#mask;
    let at = hash(node, symbol) & mask;
    for (let child = children[at] ?? 0; child !== 0; child = children[at] ?? 0) {
      if (nodes[child * 4 + 1] === node && nodes[child * 4 + 2] === symbol) return child;
      at = (at + 1) & mask;
    }
    const child = this.#nodeCount++;
    children[at] = child;
    this.#node(child, node, symbol, NOT_LINKED);
    return child;
  }
}

function hash(node: number, symbol: number): number {
  const mixed = Math.imul(Math.imul(symbol, 0x2c1b3c6d) ^ node, 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
