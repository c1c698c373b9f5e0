import { closePairs, impliedPairs, repairPairs, type JudgedPair, type Pair } from '@samequestion/pairs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const judged = (text: string): readonly Pair[] =>
  text.split(' ').map((pair) => ({ question1: pair[0] ?? '', question2: pair[2] ?? '', label: pair[1] === '=' ? 1 : 0 }));

/** Few questions and many statements, so that contradictions are frequent. */
const statements: fc.Arbitrary<readonly JudgedPair[]> = fc.array(
  fc.record({
    question1: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    question2: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    label: fc.constantFrom(0 as const, 1 as const),
    confidence: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  }),
  { maxLength: 12 },
);

/** Distances by positive statements, by Floyd and Warshall. */
function distances(pairs: readonly Pair[]): ReadonlyMap<string, number> {
  const names = [...new Set(pairs.flatMap(({ question1, question2 }) => [question1, question2]))];
  const found = new Map<string, number>();
  const get = (one: string, two: string): number => found.get(`${one} ${two}`) ?? Number.POSITIVE_INFINITY;
  for (const name of names) found.set(`${name} ${name}`, 0);
  for (const { question1, question2, label } of pairs) {
    if (label === 1 && question1 !== question2) found.set(`${question1} ${question2}`, 1).set(`${question2} ${question1}`, 1);
  }
  for (const middle of names) {
    for (const one of names)
      for (const two of names) found.set(`${one} ${two}`, Math.min(get(one, two), get(one, middle) + get(middle, two)));
  }
  return found;
}

const key = (one: string, two: string): string => [one, two].sort().join(' ');

describe('closure', () => {
  test('A = B, B = C and A ≠ C is a contradiction with a proof', () => {
    expect(closePairs(judged('a=b b=c a#c'))).toEqual({
      classes: [['a', 'b', 'c']],
      impliedPositives: 0,
      impliedNegatives: 0,
      contradictionCount: 1,
      contradictions: [{ question1: 'a', question2: 'c', proof: ['a', 'b', 'c'] }],
    });
  });

  test('what follows from consistent pairs is counted and listed', () => {
    const pairs = judged('a=b b=c d=e a#d f#g');
    const closed = closePairs(pairs);
    expect([closed.impliedPositives, closed.impliedNegatives, closed.contradictionCount]).toEqual([1, 5, 0]);
    const implied = [...impliedPairs(pairs)].map(({ question1, question2, label }) => `${key(question1, question2)} ${label}`);
    expect(implied.sort()).toEqual(['a c 1', 'a e 0', 'b d 0', 'b e 0', 'c d 0', 'c e 0']);
  });

  test('proofs are shortest, and contradictions exactly those that distances show', () => {
    fc.assert(
      fc.property(statements, (pairs) => {
        const distance = distances(pairs);
        const expected = new Map<string, number>();
        for (const { question1, question2, label } of pairs) {
          const between = distance.get(`${question1} ${question2}`) ?? Number.POSITIVE_INFINITY;
          if (label === 0 && question1 !== question2 && between < Number.POSITIVE_INFINITY)
            expected.set(key(question1, question2), between);
        }
        const { contradictions, contradictionCount } = closePairs(pairs);
        expect(new Map(contradictions.map(({ question1, question2, proof }) => [key(question1, question2), proof.length - 1]))).toEqual(
          expected,
        );
        expect(contradictionCount).toBe(expected.size);
        for (const { question1, question2, proof } of contradictions) {
          expect([proof[0], proof.at(-1)]).toEqual([question1, question2]);
          proof.slice(1).forEach((question, at) => expect(distance.get(`${proof[at]} ${question}`)).toBe(1));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('counts equal the list, and what is implied implies nothing more', () => {
    fc.assert(
      fc.property(statements, (pairs) => {
        const closed = closePairs(pairs);
        const implied = [...impliedPairs(pairs)];
        expect(implied.filter(({ label }) => label === 1)).toHaveLength(closed.impliedPositives);
        expect(implied.filter(({ label }) => label === 0)).toHaveLength(closed.impliedNegatives);
        const again = closePairs([...pairs, ...implied]);
        expect([again.impliedPositives, again.impliedNegatives, again.contradictionCount]).toEqual([0, 0, closed.contradictionCount]);
      }),
      { numRuns: 500 },
    );
  });

  test('a chain of 100,000 questions is proven', () => {
    const chain = Array.from({ length: 100_000 }, (_pair, at): Pair => ({ question1: `q${at}`, question2: `q${at + 1}`, label: 1 }));
    const { contradictions } = closePairs([...chain, { question1: 'q0', question2: 'q100000', label: 0 }]);
    expect(contradictions[0]?.proof).toHaveLength(100_001);
  });
});

/** The cheapest number or weight of changes, by trying every partition. */
function cheapest(pairs: readonly JudgedPair[], weight: (pair: JudgedPair) => number): number {
  const names = [...new Set(pairs.flatMap(({ question1, question2 }) => [question1, question2]))];
  let best = Number.POSITIVE_INFINITY;
  const visit = (clusters: readonly number[]): void => {
    if (clusters.length < names.length) {
      const most = Math.max(-1, ...clusters);
      for (let cluster = 0; cluster <= most + 1; cluster += 1) visit([...clusters, cluster]);
      return;
    }
    const cluster = new Map(names.map((name, at) => [name, clusters[at]]));
    const wrong = pairs.filter(({ question1, question2, label }) => {
      return question1 !== question2 && (cluster.get(question1) === cluster.get(question2)) !== (label === 1);
    });
    best = Math.min(
      best,
      wrong.reduce((sum, pair) => sum + weight(pair), 0),
    );
  };
  visit([]);
  return best;
}

/** A number below a bound, mixed from a position and a salt. */
const draw = (at: number, salt: number, below: number): number => {
  const bits = Math.imul(at ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  return (Math.imul(bits ^ (bits >>> 15), 0xc2b2ae35) >>> 8) % below;
};

describe('repair', () => {
  test('changes the fewest answers that can be', () => {
    fc.assert(
      fc.property(statements, (pairs) => {
        const repaired = repairPairs(pairs);
        expect(closePairs(repaired.pairs).contradictionCount).toBe(0);
        expect(repaired.optimal).toBe(true);
        expect(repaired.cost).toBe(cheapest(pairs, () => 1));
        expect(repaired.changes).toHaveLength(repaired.cost);
        repaired.pairs.forEach((pair, index) => {
          const change = repaired.changes.find((candidate) => candidate.index === index);
          expect(pair.label).toBe(change?.to ?? pairs[index]?.label);
          expect(pair.confidence).toBe(pairs[index]?.confidence);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('changes the least confident answers that can be', () => {
    fc.assert(
      fc.property(statements, (pairs) => {
        const repaired = repairPairs(pairs, { minimise: 'confidence' });
        expect(closePairs(repaired.pairs).contradictionCount).toBe(0);
        expect(repaired.cost).toBeCloseTo(
          cheapest(pairs, ({ confidence = 1 }) => confidence),
          6,
        );
      }),
      { numRuns: 300 },
    );
  });

  test('leaves consistent answers alone', () => {
    const pairs = judged('a=b b=c a=c d#a');
    expect(repairPairs(pairs)).toEqual({ pairs, changes: [], cost: 0, optimal: true });
  });

  test('of thousands of noisy answers ends soon, without contradiction, and says that it is not proven cheapest', () => {
    const pairs = Array.from({ length: 8000 }, (_pair, at): Pair => {
      const one = draw(at, 1, 2000);
      const two = at % 2 === 0 ? (one + 50 * (1 + draw(at, 2, 39))) % 2000 : draw(at, 3, 2000);
      const noise = draw(at, 4, 20) === 0;
      return { question1: `q${one}`, question2: `q${two}`, label: (one % 50 === two % 50) !== noise ? 1 : 0 };
    });
    const before = closePairs(pairs).contradictionCount;
    const repaired = repairPairs(pairs, { budget: 20_000 });
    expect(before).toBeGreaterThan(500);
    expect(closePairs(repaired.pairs).contradictionCount).toBe(0);
    expect(repaired.optimal).toBe(false);
    expect(repaired.cost).toBeLessThan(before);
  });

  test('needs confidences that are numbers', () => {
    expect(() => repairPairs([{ question1: 'a', question2: 'b', label: 1, confidence: Number.NaN }])).toThrow(RangeError);
  });
});
