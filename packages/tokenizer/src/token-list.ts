/** Tokens of a text with the places they come from, in arrays that grow. */
export class TokenList {
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  count = 0;

  constructor(capacity = 1024) {
    this.ids = new Int32Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  /** Makes room for more tokens. */
  reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.ids.length) return;
    const capacity = Math.max(needed, this.ids.length * 2);
    this.ids = grown(this.ids, capacity);
    this.starts = grown(this.starts, capacity);
    this.ends = grown(this.ends, capacity);
  }

  /** Appends one token. */
  push(id: number, start: number, end: number): void {
    this.reserve(1);
    const at = this.count++;
    this.ids[at] = id;
    this.starts[at] = start;
    this.ends[at] = end;
  }
}

/** A copy with room for more. */
export function grown(array: Int32Array, capacity: number): Int32Array {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
