// oxlint-disable vitest/valid-expect -- vitest takes a message as the second argument.
import { describe, expect, test } from 'vitest';
import { applyEdits, combineVerdicts, createAugmenter, readingsOf, recipes, soundsAlike } from '@samequestion/augment';
import type { Augmented, Edit, Source } from '@samequestion/augment';
import { questionsOf, randomText, readShared, sampleQuestions } from './shared.ts';

// 100,000 random strings take minutes over all recipes; the full number is run with AUGMENT_CASES=100000.
const cases = Number(process.env['AUGMENT_CASES'] ?? 1500);
const competition = readShared('data/diac2019/train_set.xml');
const questions = [...sampleQuestions(), ...(competition === undefined ? [] : questionsOf(competition))];
const realQuestions = questions.filter((_, index) => index % Math.max(1, Math.floor((questions.length * 3) / cases)) === 0);
if (competition === undefined) console.log('properties: ../shared/data/diac2019 is absent; real questions are those of data/sample alone.');

const aboutNumbers = new Set([
  'question-swap',
  'numerals',
  'width',
  'question-form',
  'trimming',
  'act-swap',
  'party-swap',
  'object-swap',
  'condition-swap',
  'antonym-swap',
  'synonym',
]);
const aboutNegators = new Set([
  'negation',
  'question-swap',
  'question-form',
  'quoting',
  'trimming',
  'act-swap',
  'party-swap',
  'object-swap',
  'condition-swap',
  'antonym-swap',
]);

function splitsCharacter(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

function checkEdit(source: Source, edit: Edit): void {
  const { start, end, before, after, operation } = edit;
  const where = `${operation} on ${JSON.stringify(source.text)}: ${JSON.stringify(edit)}`;
  expect(splitsCharacter(source.text, start) || splitsCharacter(source.text, end), where).toBe(false);
  expect(before === after, where).toBe(false);
  expect(
    Array.from(after).some((character) => /^[\uD800-\uDFFF]$/u.test(character)),
    where,
  ).toBe(false);
  if (/[0-9]/.test(before)) expect(aboutNumbers.has(operation), where).toBe(true);
  if (/[不没未无]/.test(before)) expect(aboutNegators.has(operation), where).toBe(true);
  const level = /^homophone-(exact|toneless|confusable)$/.exec(operation)?.[1] as 'exact' | 'toneless' | 'confusable' | undefined;
  if (level !== undefined) {
    const reading = source.readings[start] ?? '';
    expect(source.readings[start], where).not.toBe('');
    expect(soundsAlikeAny(reading, after, level), where).toBe(true);
  }
}

function soundsAlikeAny(reading: string, character: string, level: 'exact' | 'toneless' | 'confusable'): boolean {
  return readingsOf(character).some((other) => soundsAlike(reading, other, level));
}

function checkResult(source: Source, made: Augmented): void {
  expect(applyEdits(source.text, made.edits)).toBe(made.text);
  expect(made.text).not.toBe(source.text);
  expect(made.verdict).toBe(combineVerdicts(made.edits.map(({ verdict }) => verdict)));
  for (const edit of made.edits) checkEdit(source, edit);
}

/** Characters that an edit changes, as the operations on characters count them. */
function size({ before, after }: Edit): number {
  return Math.max(Array.from(before).length, Array.from(after).length);
}

describe.each(Object.keys(recipes))('recipe %s', (recipe) => {
  test(`gives edits that make the text, split no character and leave protected spans alone, on random strings and real questions`, async () => {
    const augmenter = await createAugmenter({ recipe, segmenter: 'intl' });
    let made = 0;
    for (let number = 0; number < cases; number++) {
      const source = augmenter.prepare(randomText(number));
      for (const result of augmenter.augment(source, { count: 2, seed: number, rate: (number % 5) / 10 }).results) {
        checkResult(source, result);
        made++;
      }
    }
    for (const question of realQuestions) {
      const source = augmenter.prepare(question);
      for (const result of augmenter.augment(source, { count: 2, seed: 5 }).results) {
        checkResult(source, result);
        made++;
      }
    }
    expect(made).toBeGreaterThan(cases / 2);
  }, 1_200_000);
});

test('typos change no more than the share asked for and one edit', async () => {
  const augmenter = await createAugmenter({ recipe: 'typos', segmenter: 'intl' });
  for (const [index, question] of realQuestions.entries()) {
    const rate = (index % 6) / 10;
    const source = augmenter.prepare(question);
    for (const { edits } of augmenter.augment(source, { count: 3, seed: index, rate }).results) {
      const sizes = edits.map(size);
      const total = sizes.reduce((sum, one) => sum + one, 0);
      expect(total - Math.max(...sizes), `${question} at ${rate}`).toBeLessThanOrEqual(rate * source.length);
    }
  }
});
