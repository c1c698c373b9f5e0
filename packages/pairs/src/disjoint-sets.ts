/** Union–find over 0, 1, 2, …; grows as elements appear. The smallest element of a set stands for it. */
export class DisjointSets {
  #parents = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Makes sure that all elements below `size` exist, each in a set of its own. */
  grow(size: number): void {
    if (size > this.#parents.length) {
      const parents = new Int32Array(Math.max(size, this.#parents.length * 2));
      parents.set(this.#parents.subarray(0, this.#size));
      this.#parents = parents;
    }
    for (; this.#size < size; this.#size += 1) this.#parents[this.#size] = this.#size;
  }

  find(element: number): number {
    const parents = this.#parents;
    let root = element;
    for (let parent = parents[root] ?? root; parent !== root; parent = parents[root] ?? root) {
      const grandparent = parents[parent] ?? parent;
      parents[root] = grandparent;
      root = grandparent;
    }
    return root;
  }

  /** @returns Whether the two were in different sets. */
  union(left: number, right: number): boolean {
    const a = this.find(left);
    const b = this.find(right);
    if (a === b) return false;
    this.#parents[Math.max(a, b)] = Math.min(a, b);
    return true;
  }
}
