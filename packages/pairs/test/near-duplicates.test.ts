import { editDistance, NearDuplicateIndex, nearDuplicateSets, normalForm } from '@samequestion/pairs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { question } from './arbitrary.ts';

/** Levenshtein distance by the whole table, as a reference. */
function distance(left: string, right: string): number {
  const [a, b] = [[...left], [...right]];
  let above = Array.from({ length: b.length + 1 }, (_cell, column) => column);
  a.forEach((character, row) => {
    const current = [row + 1];
    b.forEach((other, column) => {
      const substituted = (above[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min(substituted, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    });
    above = current;
  });
  return above[b.length] ?? 0;
}

const near = (left: string, right: string): boolean => left !== right && distance(normalForm(left), normalForm(right)) <= 1;

test('the edit distance equals that of the whole table up to its limit', () => {
  const text = fc.array(fc.constantFrom('甲', '乙', '𠮷', 'a'), { maxLength: 9 }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0, max: 4 }), (left, right, limit) => {
      expect(editDistance(left, right, limit)).toBe(Math.min(distance(left, right), limit + 1));
    }),
    { numRuns: 2000 },
  );
});

test('the normal form keeps letters and numbers, in lower case and usual width', () => {
  expect(normalForm('　ＡＢＣ，“借钱” 不还？①𠮷')).toBe('abc借钱不还1𠮷');
  expect(normalForm('？！')).toBe('');
});

test('the index finds a near duplicate exactly where comparing all questions does', () => {
  fc.assert(
    fc.property(fc.array(question, { maxLength: 30 }), question, (questions, asked) => {
      const found = new NearDuplicateIndex(questions).find(asked);
      const expected = questions.filter((other) => near(asked, other));
      expect(found === undefined).toBe(expected.length === 0);
      if (found !== undefined) {
        expect(expected).toContain(found.question);
        expect(found.distance).toBe(Math.min(...expected.map((other) => distance(normalForm(asked), normalForm(other)))));
      }
    }),
    { numRuns: 1000 },
  );
});

test('the sets are the connected parts of the graph of near duplicates', () => {
  fc.assert(
    fc.property(fc.array(question, { maxLength: 25 }), (list) => {
      const questions = [...new Set(list)];
      const sets = nearDuplicateSets(questions);
      const setOf = new Map(sets.flatMap((set, at) => set.map((member) => [member, at])));
      for (const left of questions) {
        for (const right of questions) if (near(left, right)) expect(setOf.get(left)).toBe(setOf.get(right));
        expect(setOf.has(left)).toBe(questions.some((right) => near(left, right)));
      }
      for (const [first = '', ...others] of sets) {
        const reached = new Set([first]);
        for (const member of reached) for (const other of others) if (near(member, other)) reached.add(other);
        expect(reached.size).toBe(others.length + 1);
      }
    }),
    { numRuns: 300 },
  );
});

test('a question of 200,000 characters costs no more than its length', () => {
  const long = '借'.repeat(200_000);
  expect(new NearDuplicateIndex([`${long}钱`, '还']).find(long)).toEqual({ question: `${long}钱`, distance: 1 });
});
