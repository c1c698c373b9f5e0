/**
 * Levenshtein distance in characters (code points), as far as it matters.
 *
 * @returns The distance, or `limit + 1` if it is larger than `limit`. Takes time proportional to length × limit.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (left === right) return 0;
  const a = [...left];
  const b = [...right];
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let cut = 0;
  while (cut < a.length - start && cut < b.length - start && a[a.length - 1 - cut] === b[b.length - 1 - cut]) cut += 1;
  return banded(a.slice(start, a.length - cut), b.slice(start, b.length - cut), limit);
}

/** Dynamic programming over the diagonals within `limit` of the main one. */
function banded(a: readonly string[], b: readonly string[], limit: number): number {
  const beyond = limit + 1;
  let above = Array.from({ length: b.length + 1 }, (_cell, column) => Math.min(column, beyond));
  for (let row = 1; row <= a.length; row += 1) {
    const from = Math.max(1, row - limit);
    const to = Math.min(b.length, row + limit);
    const current = above.slice();
    current[from - 1] = from === 1 ? Math.min(row, beyond) : beyond;
    let smallest = current[from - 1] ?? beyond;
    for (let column = from; column <= to; column += 1) {
      const substitution = (above[column - 1] ?? beyond) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const deletion = column === row + limit ? beyond : (above[column] ?? beyond) + 1;
      const insertion = (current[column - 1] ?? beyond) + 1;
      const cell = Math.min(substitution, deletion, insertion, beyond);
      current[column] = cell;
      smallest = Math.min(smallest, cell);
    }
    if (smallest > limit) return beyond;
    above = current;
  }
  return Math.min(above[b.length] ?? beyond, beyond);
}
