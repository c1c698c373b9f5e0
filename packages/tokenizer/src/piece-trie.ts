import type { CharacterNumbers } from './characters.ts';
import type { WordMatcher } from './scanner.ts';
import { PROPERTY, unicodeTables } from './unicode.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What continues a word in a vocabulary. */
export const CONTINUATION = '##';

/** Pieces of more characters are left out: no word that long is looked up. */
const MAX_PIECE_CHARACTERS = 255;
const ROOT = 0;
const SUFFIX_ROOT = 1;
const NONE = -1;

/** How a {@link PieceTrie} reads a vocabulary. */
export interface PieceTrieOptions {
  /** Whether CJK characters are words of their own, so that no longer word holds one. */
  readonly splitCjk: boolean;
  /** Pieces of more characters can never match. */
  readonly maxWordCharacters: number;
}

/**
 * WordPiece's longest match first in one pass over the word: a trie of the pieces with failure links and the tokens each link gives off.
 *
 * @see Song et al. 2021, Fast WordPiece Tokenization, algorithms 1 and 2.
 */
export class PieceTrie implements WordMatcher, CharacterNumbers {
  readonly #singlesBmp: Int32Array;
  readonly #singlesAstral = new Map<number, number>();
  readonly #symbolsBmp: Int32Array = new Int32Array(0x10000);
  readonly #symbolsAstral = new Map<number, number>();
  readonly #unknown: number;
  readonly #characters: Uint8Array;
  #symbolCount = 1;
  readonly #children: ChildTable;
  /** The piece that a node spells, or −1. */
  #tokens: Int32Array;
  #parents: Int32Array;
  #parentSymbols: Int32Array;
  #depths: Uint8Array;
  #nodeCount = 2;
  /** Where matching goes on when no child fits; −1: the word is unknown. */
  #failures: Int32Array;
  /** The tokens given off on the way: `#pops` from `#popStarts[node]` to `#popEnds[node]`. */
  #popStarts: Int32Array;
  #popEnds: Int32Array;
  #pops: number[] = [];

  constructor(vocabulary: Vocabulary, options: PieceTrieOptions) {
    this.#unknown = vocabulary.specialIds.unknown;
    this.#singlesBmp = new Int32Array(0x10000).fill(this.#unknown);
    this.#characters = new Uint8Array(vocabulary.size).fill(1);
    const words = this.#readPieces(vocabulary, options);
    let capacity = 2;
    for (const id of words) capacity += this.#characters[id] ?? 0;
    this.#tokens = new Int32Array(capacity).fill(NONE);
    this.#parents = new Int32Array(capacity);
    this.#parentSymbols = new Int32Array(capacity);
    this.#depths = new Uint8Array(capacity);
    this.#failures = new Int32Array(capacity).fill(NONE);
    this.#popStarts = new Int32Array(capacity);
    this.#popEnds = new Int32Array(capacity);
    this.#children = new ChildTable(capacity);
    for (const id of words) this.#insert(vocabulary.tokens[id] ?? '', id);
    this.#link();
  }

  single(codePoint: number): number {
    if (codePoint < 0x10000) return this.#singlesBmp[codePoint] ?? this.#unknown;
    return this.#singlesAstral.get(codePoint) ?? this.#unknown;
  }

  /** 0 for characters that no piece holds. */
  symbol(codePoint: number): number {
    if (codePoint < 0x10000) return this.#symbolsBmp[codePoint] ?? 0;
    return this.#symbolsAstral.get(codePoint) ?? 0;
  }

  characters(token: number): number {
    return this.#characters[token] ?? 1;
  }

  match(symbols: Int32Array, count: number, into: Int32Array, at: number): number {
    const failures = this.#failures;
    let place = at;
    let node = ROOT;
    for (let i = 0; i < count; i++) {
      const symbol = symbols[i] ?? 0;
      if (symbol === 0) return NONE;
      let next = this.#children.get(node, symbol);
      while (next === NONE) {
        const failure = failures[node] ?? NONE;
        if (failure === NONE) return NONE;
        place = this.#giveOff(node, into, place);
        node = failure;
        next = this.#children.get(node, symbol);
      }
      node = next;
    }
    while (node !== SUFFIX_ROOT) {
      const failure = failures[node] ?? NONE;
      if (failure === NONE) return NONE;
      place = this.#giveOff(node, into, place);
      node = failure;
    }
    return place;
  }

  #giveOff(node: number, into: Int32Array, at: number): number {
    const end = this.#popEnds[node] ?? 0;
    let place = at;
    for (let k = this.#popStarts[node] ?? 0; k < end; k++) into[place++] = this.#pops[k] ?? 0;
    return place;
  }

  /** Numbers the characters and notes the pieces of one; returns the ids of the pieces that words can be made of. */
  #readPieces(vocabulary: Vocabulary, { splitCjk, maxWordCharacters }: PieceTrieOptions): number[] {
    const { properties } = unicodeTables();
    const alone = PROPERTY.punctuation | PROPERTY.space | PROPERTY.removed | (splitCjk ? PROPERTY.cjk : 0);
    const longest = Math.min(maxWordCharacters, MAX_PIECE_CHARACTERS);
    const words: number[] = [];
    for (let id = 0; id < vocabulary.modelSize; id++) {
      const piece = vocabulary.tokens[id] ?? '';
      if (vocabulary.isSpecial(id)) continue;
      const first = piece.codePointAt(0) ?? 0;
      if (piece.length === (first > 0xffff ? 2 : 1)) this.#setSingle(first, id);
      const length = charactersOf(piece, alone, properties);
      if (length === 0 || length > longest) continue;
      this.#characters[id] = length;
      words.push(id);
    }
    return words;
  }

  #setSingle(codePoint: number, id: number): void {
    if (codePoint < 0x10000) this.#singlesBmp[codePoint] = id;
    else this.#singlesAstral.set(codePoint, id);
  }

  #number(codePoint: number): number {
    const known = this.symbol(codePoint);
    if (known !== 0) return known;
    const number = this.#symbolCount++;
    if (codePoint < 0x10000) this.#symbolsBmp[codePoint] = number;
    else this.#symbolsAstral.set(codePoint, number);
    return number;
  }

  #insert(piece: string, id: number): void {
    const continues = piece.startsWith(CONTINUATION);
    let node = continues ? SUFFIX_ROOT : ROOT;
    for (let i = continues ? CONTINUATION.length : 0; i < piece.length; i++) {
      const codePoint = piece.codePointAt(i) ?? 0;
      if (codePoint > 0xffff) i++;
      const symbol = this.#number(codePoint);
      let child = this.#children.get(node, symbol);
      if (child === NONE) {
        child = this.#nodeCount++;
        this.#children.set(node, symbol, child);
        this.#parents[child] = node;
        this.#parentSymbols[child] = symbol;
        this.#depths[child] = (this.#depths[node] ?? 0) + 1;
      }
      node = child;
    }
    this.#tokens[node] = id;
  }

  /** Failure links and pops, the nearest nodes to the roots first (algorithm 2). */
  #link(): void {
    for (const node of this.#byDepth()) {
      const token = this.#tokens[node] ?? NONE;
      this.#popStarts[node] = this.#pops.length;
      if (token !== NONE) {
        this.#pops.push(token);
        this.#failures[node] = SUFFIX_ROOT;
      } else {
        this.#linkInner(node);
      }
      this.#popEnds[node] = this.#pops.length;
    }
  }

  #linkInner(node: number): void {
    const parent = this.#parents[node] ?? 0;
    const symbol = this.#parentSymbols[node] ?? 0;
    const start = this.#pops.length;
    this.#copyPops(parent);
    let failure = this.#failures[parent] ?? NONE;
    while (failure !== NONE) {
      const child = this.#children.get(failure, symbol);
      if (child !== NONE) {
        this.#failures[node] = child;
        return;
      }
      this.#copyPops(failure);
      failure = this.#failures[failure] ?? NONE;
    }
    this.#pops.length = start;
  }

  #copyPops(node: number): void {
    const end = this.#popEnds[node] ?? 0;
    for (let k = this.#popStarts[node] ?? 0; k < end; k++) this.#pops.push(this.#pops[k] ?? 0);
  }

  #byDepth(): Int32Array {
    const counts = new Int32Array(MAX_PIECE_CHARACTERS + 2);
    for (let node = 2; node < this.#nodeCount; node++) {
      const depth = this.#depths[node] ?? 0;
      counts[depth + 1] = (counts[depth + 1] ?? 0) + 1;
    }
    for (let depth = 1; depth < counts.length; depth++) counts[depth] = (counts[depth] ?? 0) + (counts[depth - 1] ?? 0);
    const order = new Int32Array(this.#nodeCount - 2);
    for (let node = 2; node < this.#nodeCount; node++) {
      const depth = this.#depths[node] ?? 0;
      const place = counts[depth] ?? 0;
      order[place] = node;
      counts[depth] = place + 1;
    }
    return order;
  }
}

/** How many characters of a word a piece stands for; 0 if a word can never hold it. */
function charactersOf(piece: string, alone: number, properties: Uint8Array): number {
  let length = 0;
  for (let i = piece.startsWith(CONTINUATION) ? CONTINUATION.length : 0; i < piece.length; i++) {
    const codePoint = piece.codePointAt(i) ?? 0;
    if (((properties[codePoint] ?? 0) & alone) !== 0) return 0;
    if (codePoint > 0xffff) i++;
    length++;
  }
  return length;
}

/** (node, symbol) → child: a hash table with open addressing, never more than half full. */
class ChildTable {
  readonly #mask: number;
  /** Three numbers an entry: node + 1 (0: free), symbol, child. */
  readonly #entries: Int32Array;

  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(capacity, 8) * 2));
    this.#mask = size - 1;
    this.#entries = new Int32Array(size * 3);
  }

  get(node: number, symbol: number): number {
    const entries = this.#entries;
    let at = hash(node, symbol) & this.#mask;
    for (;;) {
      const owner = entries[at * 3] ?? 0;
      if (owner === 0) return NONE;
      if (owner === node + 1 && entries[at * 3 + 1] === symbol) return entries[at * 3 + 2] ?? NONE;
      at = (at + 1) & this.#mask;
    }
  }

  set(node: number, symbol: number, child: number): void {
    const entries = this.#entries;
    let at = hash(node, symbol) & this.#mask;
    while (entries[at * 3] !== 0) at = (at + 1) & this.#mask;
    entries[at * 3] = node + 1;
    entries[at * 3 + 1] = symbol;
    entries[at * 3 + 2] = child;
  }
}

function hash(node: number, symbol: number): number {
  const mixed = Math.imul(node, 0x9e3779b1) + Math.imul(symbol, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
