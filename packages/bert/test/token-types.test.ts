import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createConfig, pairTokenTypes } from '@samequestion/bert';
import { tiny } from './support.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const unmatched = [0, 1, 2, 3];
const soundClasses = Int32Array.from({ length: tiny.vocab_size }, (_, id) => (id < 4 ? 0 : id % 3));

interface Kinds {
  readonly sounds: boolean;
  readonly context: boolean;
}

/** The definition, written as loops. */
function expected(ids: readonly number[], sides: readonly number[], length: number, { sounds, context }: Kinds): number[] {
  const counted = (place: number): boolean => place < length && !unmatched.includes(ids[place] ?? 0);
  return ids.map((id, place) => {
    const side = sides[place] ?? 0;
    if (!counted(place)) return side;
    const others = ids.filter((_, other) => counted(other) && sides[other] !== side);
    const sound = soundClasses[id] ?? 0;
    const alike = (here: number, there: number): boolean => (soundClasses[here] ?? 0) > 0 && soundClasses[here] === soundClasses[there];
    const meets = (here: number, there: number): boolean =>
      counted(here) &&
      counted(there) &&
      sides[here] !== sides[there] &&
      (ids[here] === ids[there] || alike(ids[here] ?? 0, ids[there] ?? 0));
    const inContext = (there: number): boolean => meets(place - 1, there - 1) || meets(place + 1, there + 1);
    const places = ids.flatMap((_, other) => (counted(other) && sides[other] !== side ? [other] : []));
    if (context && places.some((other) => ids[other] === id && inContext(other))) return side + 6;
    if (context && places.some((other) => alike(id, ids[other] ?? 0) && inContext(other))) return side + 8;
    if (others.includes(id)) return side + 2;
    return sounds && sound > 0 && others.some((other) => soundClasses[other] === sound) ? side + 4 : side;
  });
}

const rows = fc.integer({ min: 3, max: 9 }).chain((width) =>
  fc.array(
    fc.record({
      ids: fc.array(fc.integer({ min: 0, max: tiny.vocab_size - 1 }), { minLength: width, maxLength: width }),
      border: fc.integer({ min: 1, max: width }),
      length: fc.integer({ min: 1, max: width }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
);

describe('token types', () => {
  it.each([
    ['side-and-match', { sounds: false, context: false }],
    ['side-match-and-sound', { sounds: true, context: false }],
    ['side-match-sound-and-context', { sounds: true, context: true }],
  ] as const)('of the rule "%s" follow their definition', (rule, kinds) => {
    const config = createConfig({ ...tiny, type_vocab_size: 10, pair_token_types: rule, unmatched_token_ids: unmatched });
    fc.assert(
      fc.property(rows, (texts) => {
        const sidesOf = ({ ids, border, length }: (typeof texts)[number]): number[] =>
          ids.map((_, place) => (place >= border && place < length ? 1 : 0));
        const types = tf.tidy(() => {
          const inputs = {
            ids: tf.tensor2d(
              texts.map(({ ids }) => ids),
              undefined,
              'int32',
            ),
            sides: tf.tensor2d(texts.map(sidesOf), undefined, 'int32'),
            mask: tf.tensor2d(
              texts.map(({ ids, length }) => ids.map((_, place) => (place < length ? 1 : 0))),
              undefined,
              'int32',
            ),
          };
          return pairTokenTypes(inputs, config, { 'same_question.sound_classes': tf.tensor1d(soundClasses, 'int32') }).arraySync();
        });
        expect(types).toEqual(texts.map((text) => expected(text.ids, sidesOf(text), text.length, kinds)));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('of the rule "side" are the sides', () => {
    const sides = tf.tensor2d([[0, 0, 1]], undefined, 'int32');
    expect(pairTokenTypes({ ids: tf.tensor2d([[5, 6, 5]], undefined, 'int32'), sides, mask: tf.onesLike(sides) }, tiny, {})).toBe(sides);
  });
});
