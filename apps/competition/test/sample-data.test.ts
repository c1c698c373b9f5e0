import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const sampleFolder = new URL('../../../data/sample/', import.meta.url);

/** The file's text; throws where the bytes are not UTF-8, and keeps a byte order mark so that tests see it. */
function readSample(name: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(new URL(name, sampleFolder)));
}

interface Group {
  readonly equivalent: readonly string[];
  readonly notEquivalent: readonly string[];
}

interface LabelledPair {
  readonly first: string;
  readonly second: string;
  readonly label: string;
}

const trainText = readSample('train_set.xml');
const testText = readSample('test_set.csv');
const labelsText = readSample('test_labels.tsv');
const submissionText = readSample('sample_submission.csv');

function questionsIn(block: string, tag: string): string[] {
  const part = new RegExp(`<${tag}>\\n([\\s\\S]*?)\\t{3}</${tag}>`).exec(block)?.[1] ?? '';
  return [...part.matchAll(/<question>(.*)<\/question>/g)].map((match) => match[1] ?? '');
}

const groups: readonly Group[] = [...trainText.matchAll(/<Questions number="\d+">[\s\S]*?<\/Questions>/g)].map(([block]) => ({
  equivalent: questionsIn(block, 'EquivalenceQuestions'),
  notEquivalent: questionsIn(block, 'NotEquivalenceQuestions'),
}));
const trainQuestions: readonly string[] = groups.flatMap((group) => [...group.equivalent, ...group.notEquivalent]);

const testRows: readonly (readonly string[])[] = testText
  .split('\r\n')
  .slice(1, -1)
  .map((line) => line.split('\t'));
const labels: readonly string[] = labelsText
  .split('\n')
  .slice(1, -1)
  .map((line) => line.split('\t')[1] ?? '');
const testPairs: readonly LabelledPair[] = testRows.map((row, index) => ({
  first: row[1] ?? '',
  second: row[2] ?? '',
  label: labels[index] ?? '',
}));

/** What is left of a question without spaces and punctuation: two questions with the same rest count as one. */
function bare(question: string): string {
  return question.replace(/[\s\p{P}]/gu, '').toLowerCase();
}

/** Levenshtein distance in characters. */
function editDistance(first: string, second: string): number {
  const target = [...second];
  let previous = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (const [row, character] of [...first].entries()) {
    const current = [row + 1];
    for (const [column, other] of target.entries()) {
      const replaced = (previous[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

/** Shared characters over all characters of two questions, from 0 to 1. */
function overlap(first: string, second: string): number {
  const left = new Set(first);
  const right = new Set(second);
  const shared = [...left].filter((character) => right.has(character)).length;
  return shared / (left.size + right.size - shared);
}

function macroF1(pairs: readonly LabelledPair[], threshold: number): number {
  const counts = { bothOne: 0, onlyPredicted: 0, onlyLabelled: 0, bothZero: 0 };
  for (const pair of pairs) {
    const predicted = overlap(pair.first, pair.second) >= threshold;
    if (predicted) counts[pair.label === '1' ? 'bothOne' : 'onlyPredicted'] += 1;
    else counts[pair.label === '1' ? 'onlyLabelled' : 'bothZero'] += 1;
  }
  const wrong = (counts.onlyPredicted + counts.onlyLabelled) / 2;
  return (counts.bothOne / (counts.bothOne + wrong) + counts.bothZero / (counts.bothZero + wrong)) / 2;
}

/** Every pair of equivalents (1) and of an equivalent and a non-equivalent (0) of every group. */
function trainingPairs(): LabelledPair[] {
  return groups.flatMap(({ equivalent, notEquivalent }) =>
    equivalent.flatMap((first, index) => [
      ...equivalent.slice(index + 1).map((second) => ({ first, second, label: '1' })),
      ...notEquivalent.map((second) => ({ first, second, label: '0' })),
    ]),
  );
}

describe('data/sample/train_set.xml', () => {
  test('is written as the competition writes it: declaration, tabs, LF, no byte order mark', () => {
    expect(trainText.startsWith('<?xml version="1.0" encoding="utf8"?>\n\t<TrainCorpus>\n\t\t<Questions number="0">\n')).toBe(true);
    expect(trainText.endsWith('\t\t</Questions>\n\t</TrainCorpus>\n')).toBe(true);
    expect(trainText).not.toContain('\r');
    const known =
      /^(<\?xml version="1\.0" encoding="utf8"\?>|\t<\/?TrainCorpus>|\t\t<Questions number="\d+">|\t\t<\/Questions>|\t{3}<\/?(Not)?EquivalenceQuestions>|\t{4}<question>[^<>&\t]+<\/question>|)$/;
    expect(trainText.split('\n').filter((line) => !known.test(line))).toEqual([]);
  });

  test('numbers at least 240 groups from 0 without a gap', () => {
    const numbers = [...trainText.matchAll(/<Questions number="(\d+)">/g)].map((match) => Number(match[1]));
    expect(numbers.length).toBeGreaterThanOrEqual(240);
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(groups).toHaveLength(numbers.length);
  });

  test('holds 3 to 5 equivalents and 3 to 6 non-equivalents in every group', () => {
    const outside = groups.filter(
      ({ equivalent, notEquivalent }) =>
        equivalent.length < 3 || equivalent.length > 5 || notEquivalent.length < 3 || notEquivalent.length > 6,
    );
    expect(outside).toEqual([]);
    expect(trainQuestions.length).toBe([...trainText.matchAll(/<question>/g)].length);
  });

  test('asks no question twice, punctuation and spaces aside', () => {
    const seen = new Set<string>();
    const repeated = trainQuestions.filter((question) => seen.has(bare(question)) || !seen.add(bare(question)));
    expect(repeated).toEqual([]);
    expect(trainQuestions.filter((question) => question !== question.trim() || [...question].length < 4)).toEqual([]);
  });

  test('has a non-equivalent within four edits of an equivalent in three groups of four', () => {
    const close = groups.filter(({ equivalent, notEquivalent }) =>
      equivalent.some((first) => notEquivalent.some((second) => editDistance(first, second) <= 4)),
    );
    expect(close.length / groups.length).toBeGreaterThanOrEqual(0.75);
  });
});

describe('data/sample test files', () => {
  test('the pairs are tab-separated lines ended by CR LF under the header, without quotes', () => {
    expect(testText.startsWith('qid\tquestion1\tquestion2\r\n')).toBe(true);
    expect(testText.endsWith('\r\n')).toBe(true);
    expect(testText.replaceAll('\r\n', '')).not.toMatch(/[\r\n"]/);
    expect(testRows.filter((row) => row.length !== 3 || row.some((cell) => cell === '' || cell !== cell.trim()))).toEqual([]);
    expect(testRows.map((row) => row[0])).toEqual(testRows.map((_, index) => String(index)));
  });

  test('the labels and the sample submission list the same numbers in the same order', () => {
    expect(labelsText).toBe(`qid\tlabel\n${labels.map((label, index) => `${index}\t${label}\n`).join('')}`);
    expect(labels.filter((label) => label !== '0' && label !== '1')).toEqual([]);
    expect(labels).toHaveLength(testRows.length);
    expect(submissionText).toBe(testRows.map((_, index) => `${index}\t0\r\n`).join(''));
  });

  test('there are at least 400 pairs, two in five of them equivalent, none twice', () => {
    expect(testPairs.length).toBeGreaterThanOrEqual(400);
    const equivalent = testPairs.filter((pair) => pair.label === '1').length / testPairs.length;
    expect(equivalent).toBeGreaterThan(0.35);
    expect(equivalent).toBeLessThan(0.45);
    expect(new Set(testPairs.map((pair) => [pair.first, pair.second].sort().join('\t'))).size).toBe(testPairs.length);
    expect(testPairs.filter((pair) => pair.first === pair.second)).toEqual([]);
  });

  test('the pairs come from at least 90 base questions: so many components share no question', () => {
    const leader = new Map<string, string>();
    const find = (question: string): string => {
      const parent = leader.get(question) ?? question;
      return parent === question ? question : find(parent);
    };
    for (const pair of testPairs) leader.set(find(pair.first), find(pair.second));
    const components = new Set(testPairs.map((pair) => find(pair.first)));
    expect(components.size).toBeGreaterThanOrEqual(90);
  });

  test('no question of the test stands in the training file, punctuation and spaces aside', () => {
    const trained = new Set(trainQuestions.map(bare));
    expect(testPairs.flatMap((pair) => [pair.first, pair.second]).filter((question) => trained.has(bare(question)))).toEqual([]);
  });

  test('character overlap with a threshold from the training pairs stays below a macro-F1 of 0.65', () => {
    const training = trainingPairs();
    const thresholds = Array.from({ length: 25 }, (_, index) => index / 25);
    const scores = thresholds.map((threshold) => macroF1(training, threshold));
    const best = thresholds[scores.indexOf(Math.max(...scores))] ?? 0;
    expect(macroF1(testPairs, best)).toBeLessThan(0.65);
  });
});
