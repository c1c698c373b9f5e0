/** Finds texts that share most of their character pairs with a text: near neighbours that ask something else. */
export interface NeighbourIndex {
  /** Indices of near texts, the nearest first; never the text itself or an equal one. */
  near(index: number, count: number): number[];
}

const widestPosting = 200;

/** Indexes the character pairs of some texts. Memory: one number for each character. */
export function indexNeighbours(texts: readonly string[]): NeighbourIndex {
  const postings = new Map<string, number[]>();
  const pairsOf = texts.map((text) => [...new Set(characterPairs(text))]);
  pairsOf.forEach((pairs, index) => {
    for (const pair of pairs) {
      const posting = postings.get(pair);
      if (posting === undefined) postings.set(pair, [index]);
      else posting.push(index);
    }
  });
  return {
    near(index, count) {
      const pairs = pairsOf[index] ?? [];
      const shared = new Map<number, number>();
      for (const pair of pairs) {
        const posting = postings.get(pair) ?? [];
        if (posting.length > widestPosting) continue;
        for (const other of posting) shared.set(other, (shared.get(other) ?? 0) + 1);
      }
      return [...shared]
        .filter(([other]) => other !== index && texts[other] !== texts[index])
        .map(([other, common]) => ({ other, likeness: (2 * common) / (pairs.length + (pairsOf[other]?.length ?? 0)) }))
        .sort((one, two) => two.likeness - one.likeness || one.other - two.other)
        .slice(0, count)
        .map(({ other }) => other);
    },
  };
}

function characterPairs(text: string): string[] {
  const characters = [...text];
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}
