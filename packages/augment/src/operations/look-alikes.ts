import { runningTotals } from '../random.ts';
import type { Choices } from '../sounds.ts';
import { characterCounts } from '../sounds.ts';
import { lookAlikes } from '../tables/look-alikes.ts';

/**
 * A look-up of characters whose glyph resembles another's: those at least as alike as `least` (cosine of the rendered glyphs, from
 * the table's 0.75 to 1) among the `common` most frequent, weighted by how alike they are.
 */
export function lookAlikeIndex(
  least: number,
  common: number,
  accepts: (character: string, alike: string) => boolean,
): (code: number) => Choices | undefined {
  let index: ReadonlyMap<number, Choices> | undefined;
  return (code) => {
    index ??= unpack(least, common, accepts);
    return index.get(code);
  };
}

function unpack(least: number, common: number, accepts: (character: string, alike: string) => boolean): Map<number, Choices> {
  const index = new Map<number, Choices>();
  const frequent = new Set([...characterCounts().keys()].slice(0, common));
  for (const row of lookAlikes.split(' ')) {
    const character = row.charAt(0);
    const entries = Array.from(row.slice(1).matchAll(/(\D)(\d\d)/gu), (match) => ({
      alike: match[1] ?? '',
      cosine: Number(match[2]) / 100,
    }));
    const kept = entries.filter(({ alike, cosine }) => cosine >= least && frequent.has(alike) && accepts(character, alike));
    if (kept.length === 0) continue;
    const totals = runningTotals(kept.map(({ cosine }) => (cosine - 0.7) ** 2));
    index.set(character.charCodeAt(0), { choices: kept.map(({ alike }) => alike), totals });
  }
  return index;
}
