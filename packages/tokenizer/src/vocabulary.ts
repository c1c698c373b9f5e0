import { VocabularyError } from './vocabulary-error.ts';

/** The five pieces with a meaning of their own, by role. */
export interface SpecialTokens {
  readonly padding: string;
  readonly unknown: string;
  readonly classification: string;
  readonly separator: string;
  readonly mask: string;
}

/** BERT's names, in the order in which new vocabularies list them. */
export const SPECIAL_TOKENS: SpecialTokens = {
  padding: '[PAD]',
  unknown: '[UNK]',
  classification: '[CLS]',
  separator: '[SEP]',
  mask: '[MASK]',
};

/** What names the pieces of a {@link Vocabulary}. */
export interface VocabularyOptions {
  /** Other names for the special pieces; BERT's by default. */
  readonly specialTokens?: Partial<SpecialTokens>;
  /** What errors call the vocabulary; `vocabulary` by default. */
  readonly source?: string;
  /** Pieces among the given ones that a tokenizer finds in the text as they are written. */
  readonly addedTokens?: readonly string[];
  /** How many of the pieces words are made of, counted from the first; all by default. */
  readonly modelSize?: number;
}

/** An ordered set of pieces: a piece's id is its place. Never changes. */
export class Vocabulary {
  /** The pieces by id. */
  readonly tokens: readonly string[];
  /** The special pieces' names. */
  readonly specialTokens: SpecialTokens;
  /** Ids of the special pieces. */
  readonly specialIds: Readonly<Record<keyof SpecialTokens, number>>;
  /** Pieces that {@link addTokens} added; a tokenizer finds them in the text as they are written. */
  readonly addedTokens: readonly string[];
  /** How many pieces there were before any was added: these are what words are made of. */
  readonly modelSize: number;
  readonly #ids: ReadonlyMap<string, number>;

  /**
   * @param tokens The pieces; the place in the list is the id.
   * @throws {VocabularyError} If a piece is empty or stands twice, or a special piece is missing.
   */
  constructor(tokens: readonly string[], options: VocabularyOptions = {}) {
    const source = options.source ?? 'vocabulary';
    this.tokens = tokens;
    this.#ids = index(tokens, source);
    this.specialTokens = { ...SPECIAL_TOKENS, ...options.specialTokens };
    this.specialIds = specialIds(this.#ids, this.specialTokens, source);
    this.addedTokens = options.addedTokens ?? [];
    this.modelSize = options.modelSize ?? tokens.length;
  }

  /**
   * Reads `vocab.txt`: one piece per line, the id is the line. Line ends may be LF or CRLF; white space around a piece does not count.
   *
   * @throws {VocabularyError} With the line, if a line is empty or repeats a piece, or a special piece is missing.
   */
  static fromText(text: string, options: VocabularyOptions = {}): Vocabulary {
    const lines = (text.startsWith('\uFEFF') ? text.slice(1) : text).split('\n');
    if (lines.at(-1) === '') lines.pop();
    return new Vocabulary(lines.map(strip), { source: 'vocab.txt', ...options });
  }

  /** How many pieces there are. */
  get size(): number {
    return this.tokens.length;
  }

  /** The id of a piece, or `undefined` if there is no such piece. */
  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The piece with this id, or `undefined` if there is none. */
  token(id: number): string | undefined {
    return this.tokens[id];
  }

  /** Whether there is such a piece. */
  has(token: string): boolean {
    return this.#ids.has(token);
  }

  /** Whether the id is that of a special piece. */
  isSpecial(id: number): boolean {
    const special = this.specialIds;
    return (
      id === special.padding || id === special.unknown || id === special.classification || id === special.separator || id === special.mask
    );
  }

  /**
   * A vocabulary with more pieces at its end. A tokenizer finds them wherever they are written in a text, also inside words.
   *
   * @returns This vocabulary if it has all of them already as added pieces.
   * @throws {VocabularyError} If a piece is empty.
   */
  addTokens(tokens: readonly string[]): Vocabulary {
    if (tokens.includes(''))
      throw new VocabularyError('addTokens: expected pieces of at least one character, got an empty one. Leave it out.');
    const added = new Set([...this.addedTokens, ...tokens]);
    if (added.size === this.addedTokens.length) return this;
    const fresh = [...added].filter((token) => !this.#ids.has(token));
    return new Vocabulary([...this.tokens, ...fresh], {
      specialTokens: this.specialTokens,
      addedTokens: [...added],
      modelSize: this.modelSize,
    });
  }

  /** The text of `vocab.txt`: one piece per line. */
  toText(): string {
    return `${this.tokens.join('\n')}\n`;
  }
}

/** Surely no white space: what nearly every line begins and ends with. */
function isPlain(unit: number): boolean {
  return unit > 0x3000 || (unit > 0x20 && unit < 0x85);
}

/** What Python's `str.strip` removes, which the reference applies to each line. Unlike `trim` it keeps U+FEFF. */
function isPythonSpace(unit: number): boolean {
  if (unit > 0x20 && unit < 0x85) return false;
  if (unit <= 0x20) return (unit >= 9 && unit <= 13) || unit >= 0x1c;
  if (unit >= 0x2000 && unit <= 0x200a) return true;
  return [0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(unit);
}

/** The line without white space around it; a piece that is nothing but white space stays, so that it keeps its id. */
function strip(line: string): string {
  if (isPlain(line.charCodeAt(0)) && isPlain(line.charCodeAt(line.length - 1))) return line;
  let start = 0;
  let end = line.length;
  if (line.charCodeAt(end - 1) === 0x0d) end--;
  const whole = end;
  while (start < end && isPythonSpace(line.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(line.charCodeAt(end - 1))) end--;
  if (start === end) return line.slice(0, whole);
  return start === 0 && end === line.length ? line : line.slice(start, end);
}

function index(tokens: readonly string[], source: string): Map<string, number> {
  const ids = new Map<string, number>();
  for (let id = 0; id < tokens.length; id++) {
    const token = tokens[id] ?? '';
    if (token === '') {
      throw new VocabularyError(`${source}: line ${id + 1}: expected a piece, got an empty line. Remove it: an id is a line number.`, {
        source,
        line: id + 1,
      });
    }
    ids.set(token, id);
    if (ids.size <= id) {
      const first = tokens.indexOf(token);
      throw new VocabularyError(
        `${source}: line ${id + 1}: expected each piece once, got ${JSON.stringify(token)} again (first on line ${first + 1}). Remove one.`,
        { source, line: id + 1 },
      );
    }
  }
  return ids;
}

function specialIds(ids: ReadonlyMap<string, number>, names: SpecialTokens, source: string): Record<keyof SpecialTokens, number> {
  const missing = Object.values(names).filter((name) => !ids.has(name));
  if (missing.length > 0) {
    throw new VocabularyError(
      `${source}: expected ${Object.values(names).join(', ')} among the pieces, got ${ids.size} pieces without ${missing.join(', ')}. ` +
        'Is it the vocab.txt of a BERT model?',
      { source },
    );
  }
  const id = (name: string): number => ids.get(name) ?? -1;
  return {
    padding: id(names.padding),
    unknown: id(names.unknown),
    classification: id(names.classification),
    separator: id(names.separator),
    mask: id(names.mask),
  };
}
