/** A parsed JSON value. Objects are maps, so that no key is special. */
export type Json = null | boolean | number | string | readonly Json[] | ReadonlyMap<string, Json>;

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

/**
 * Parses JSON as RFC 8259 defines it, but refuses what `JSON.parse` lets through or dies of: duplicate keys, and nesting deeper than `maxDepth`.
 * @throws {SyntaxError} With the offset of the fault.
 */
export function parseJson(json: string, maxDepth: number): Json {
  const reader = new JsonReader(json, maxDepth);
  return reader.document();
}

class JsonReader {
  readonly #json: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(json: string, maxDepth: number) {
    this.#json = json;
    this.#maxDepth = maxDepth;
  }

  document(): Json {
    const value = this.#value(0);
    this.#match(space);
    if (this.#at !== this.#json.length) throw this.#fault('the end');
    return value;
  }

  #value(depth: number): Json {
    this.#match(space);
    const first = this.#json[this.#at];
    if (first === '{' || first === '[') {
      if (depth >= this.#maxDepth) throw this.#fault(`at most ${this.#maxDepth} levels`);
      this.#at++;
      return first === '{' ? this.#object(depth + 1) : this.#array(depth + 1);
    }
    if (first === '"') return this.#text();
    const literal = this.#match(word);
    if (literal !== undefined) return literal === 'null' ? null : literal === 'true';
    const digits = this.#match(number);
    if (digits === undefined) throw this.#fault('a value');
    return Number(digits);
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    if (this.#skip('}')) return members;
    do {
      this.#match(space);
      const key = this.#text();
      if (members.has(key)) throw this.#fault(`each key once, not ${JSON.stringify(key.slice(0, 80))} again`);
      if (!this.#skip(':')) throw this.#fault('":"');
      members.set(key, this.#value(depth));
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#fault('"," or "}"');
    return members;
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    if (this.#skip(']')) return items;
    do {
      items.push(this.#value(depth));
    } while (this.#skip(','));
    if (!this.#skip(']')) throw this.#fault('"," or "]"');
    return items;
  }

  #text(): string {
    if (this.#json[this.#at] !== '"') throw this.#fault('a string');
    let end = this.#at + 1;
    while (end < this.#json.length && this.#json[end] !== '"') end += this.#json[end] === '\\' ? 2 : 1;
    const literal = this.#json.slice(this.#at, end + 1);
    try {
      const value = String(JSON.parse(literal));
      this.#at = end + 1;
      return value;
    } catch {
      throw this.#fault('a string without raw control characters or unknown escapes');
    }
  }

  #skip(character: string): boolean {
    this.#match(space);
    if (this.#json[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#json)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #fault(expected: string): SyntaxError {
    return new SyntaxError(`expected ${expected} at character ${this.#at}`);
  }
}
