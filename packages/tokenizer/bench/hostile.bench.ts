import { characterVocabulary, createTokenizer } from '@samequestion/tokenizer';
import type { Bench, Figure } from '../../../tools/bench-types.ts';

const SIZES = [125_000, 250_000, 500_000, 1_000_000];
const ROUNDS = 5;

const TEXTS: readonly (readonly [name: string, unit: string])[] = [
  ['one CJK character', '借'],
  ['one letter', 'a'],
  ['a word of 200 letters that fails at its end', `${'a'.repeat(199)}q `],
  ['combining marks', '\u0301'],
  ['marks out of canonical order', '\u302E\uA9C0'],
  ['alternating scripts', '借a각Σ\u0301𠮷 '],
  ['capital sigma between marks', 'Σ\u0301'],
  ['Hangul syllables', '각'],
  ['lone surrogates', '\uD842'],
];

/** Processor time, the best of several rounds: other programs on the machine do not count. */
function milliseconds(call: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** The slope of log time over log length, by least squares: 1 where time is linear. */
function exponent(times: readonly number[]): number {
  const points = times.map((time, i) => [Math.log(SIZES[i] ?? 1), Math.log(time)] as const);
  const [meanX, meanY] = [0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / points.length) as [
    number,
    number,
  ];
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

async function run(report: (figure: Figure) => void): Promise<void> {
  const vocabulary = characterVocabulary(['借a각𠮷', '각'.normalize('NFD'), 'σς\u302E\uA9C0']);
  const tokenizer = createTokenizer(vocabulary);
  for (const [name, unit] of TEXTS) {
    const times = SIZES.map((size) => {
      const text = unit.repeat(Math.ceil(size / unit.length));
      return milliseconds(() => tokenizer.encodeBatch([text], { maxLength: 512 }));
    });
    const largest = times.at(-1) ?? 0;
    const note = `time grows as length to the ${exponent(times).toFixed(2)}: ${times.map((time) => time.toFixed(1)).join(', ')} ms`;
    report({ name: `1,000,000 units of ${name}`, value: largest, unit: 'ms', note });
  }
}

export const bench: Bench = {
  name: 'tokenizer: hostile text',
  about: 'processor time over doubling lengths of texts made to be slow, cut to 512 tokens',
  run,
};
