import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createAugmenter } from '@samequestion/augment';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { sampleQuestions } from '../tools/sample-questions.ts';

const resultsPerQuestion = 5;
const rounds = 5;

/** Augmented questions a second on one thread, best of the rounds; readings and words are looked up before the clock starts. */
async function speed(recipe: string, questions: readonly string[]): Promise<number> {
  const augmenter = await createAugmenter({ recipe, segmenter: 'intl' });
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    // Fresh sources, so that every round finds its places anew.
    const sources = questions.map((question) => {
      const source = augmenter.prepare(question);
      if (source.readings.length + source.words.length === 0) throw new Error('bench: expected questions that are not empty.');
      return source;
    });
    const start = performance.now();
    let made = 0;
    for (const source of sources) made += augmenter.augment(source, { count: resultsPerQuestion, seed: round }).results.length;
    best = Math.max(best, (made / (performance.now() - start)) * 1000);
  }
  return best;
}

/** nlpcda's speed on the same questions, where the Python named by NLPCDA_PYTHON (python3 by default) has it. */
function nlpcda(kind: 'Homophone' | 'Similarword', questions: readonly string[]): number | undefined {
  const program = [
    'import sys, time, nlpcda',
    'questions = sys.stdin.read().splitlines()',
    `tool = nlpcda.${kind}(create_num=${resultsPerQuestion + 1}, change_rate=0.1)`,
    'tool.replace(questions[0])',
    'start = time.perf_counter()',
    'made = sum(len(tool.replace(question)) - 1 for question in questions)',
    'print("speed", made / (time.perf_counter() - start))',
  ].join('\n');
  const python = process.env['NLPCDA_PYTHON'] ?? 'python3';
  const { status, stdout } = spawnSync(python, ['-c', program], { input: questions.join('\n'), encoding: 'utf8' });
  const found = /^speed (.+)$/mu.exec(stdout);
  return status === 0 && found !== null ? Number(found[1]) : undefined;
}

/** Milliseconds that a fresh Node needs to import the built package; the best of five. Without a build, undefined. */
function importTime(): number | undefined {
  const entry = new URL('../dist/index.js', import.meta.url).href;
  const program = `const start = performance.now(); await import(${JSON.stringify(entry)}); console.log(performance.now() - start);`;
  const times = Array.from({ length: 5 }, () => {
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    });
    return status === 0 ? Number(stdout) : Number.NaN;
  });
  const best = Math.min(...times);
  return Number.isNaN(best) ? undefined : best;
}

async function run(report: (figure: Figure) => void): Promise<void> {
  const questions = sampleQuestions();
  const rivals = [
    ['typos', 'Homophone'],
    ['eda', 'Similarword'],
  ] as const;
  for (const [recipe, kind] of rivals) {
    const value = await speed(recipe, questions);
    const theirs = nlpcda(kind, questions);
    const figure = { name: `recipe ${recipe}`, value, unit: 'augmented questions/s' };
    report(
      theirs === undefined
        ? { ...figure, note: 'nlpcda is not installed for python3' }
        : { ...figure, baseline: `nlpcda ${kind}`, ratio: value / theirs },
    );
  }
  for (const recipe of ['original', 'contrast', 'competition-attack', 'balanced']) {
    report({ name: `recipe ${recipe}`, value: await speed(recipe, questions), unit: 'augmented questions/s' });
  }
  const milliseconds = importTime();
  if (milliseconds !== undefined) report({ name: 'import of the package', value: milliseconds, unit: 'ms' });
}

export const bench: Bench = {
  name: 'augment',
  about: `Augmented questions a second, one thread, ${resultsPerQuestion} results for each question of data/sample, readings and words looked up before.`,
  run,
};
