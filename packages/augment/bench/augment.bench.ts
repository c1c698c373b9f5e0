import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Tools } from '@samequestion/augment';
import { augmenterOf, contextReader, intlSegmenter, recipes } from '@samequestion/augment';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { sampleQuestions } from '../tools/sample-questions.ts';

const resultsPerQuestion = 5;
const rounds = 8;

/** What a function gives, looked up once for each text. */
function once<Value>(look: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) known.set(text, (value = look(text)));
    return value;
  };
}

/** Words and readings in context, each text's kept, so that rounds need not wait for them. */
async function keptTools(): Promise<Tools> {
  const segmenter = intlSegmenter();
  return { segmenter: { name: segmenter.name, segment: once((text) => segmenter.segment(text)) }, readText: once(await contextReader()) };
}

interface Speed {
  /** Augmented questions for each second of processor time, all threads of the process together. */
  readonly perProcessorSecond: number;
  /** Augmented questions for each second by the clock. */
  readonly perSecond: number;
}

/** Augmented questions a second on one thread, best of the rounds; readings and words are looked up before the clock starts. */
function speed(name: string, questions: readonly string[], tools: Tools): Speed {
  const recipe = recipes[name];
  if (recipe === undefined) throw new Error(`bench: expected a recipe, got ${name}.`);
  const augmenter = augmenterOf(recipe, tools);
  const best = { perProcessorSecond: 0, perSecond: 0 };
  for (let round = 0; round < rounds; round++) {
    // Fresh sources, so that every round finds its places anew.
    const sources = questions.map((question) => {
      const source = augmenter.prepare(question);
      if (source.readings.length + source.words.length === 0) throw new Error('bench: expected questions that are not empty.');
      return source;
    });
    const [start, used] = [performance.now(), process.cpuUsage()];
    let made = 0;
    for (const source of sources) made += augmenter.augment(source, { count: resultsPerQuestion, seed: round }).results.length;
    const { user, system } = process.cpuUsage(used);
    best.perSecond = Math.max(best.perSecond, (made / (performance.now() - start)) * 1000);
    best.perProcessorSecond = Math.max(best.perProcessorSecond, (made / (user + system)) * 1_000_000);
  }
  return best;
}

/** nlpcda's speed on the same questions by processor time, best of the rounds, where the Python named by NLPCDA_PYTHON (python3 by default) has it. */
function nlpcda(kind: 'Homophone' | 'Similarword', questions: readonly string[]): number | undefined {
  const program = [
    'import sys, time, nlpcda',
    'questions = sys.stdin.read().splitlines()',
    `tool = nlpcda.${kind}(create_num=${resultsPerQuestion + 1}, change_rate=0.1)`,
    'tool.replace(questions[0])',
    'best = 0',
    `for round in range(${rounds}):`,
    '    start = time.process_time()',
    '    made = sum(len(tool.replace(question)) - 1 for question in questions)',
    '    best = max(best, made / (time.process_time() - start))',
    'print("speed", best)',
  ].join('\n');
  const python = process.env['NLPCDA_PYTHON'] ?? 'python3';
  const { status, stdout } = spawnSync(python, ['-c', program], { input: questions.join('\n'), encoding: 'utf8' });
  const found = /^speed (.+)$/mu.exec(stdout);
  return status === 0 && found !== null ? Number(found[1]) : undefined;
}

/** Milliseconds of processor time and by the clock that a fresh Node needs to import the built package; the best of five. Without a build, undefined. */
function importTime(): readonly [processor: number, clock: number] | undefined {
  const entry = new URL('../dist/index.js', import.meta.url).href;
  const program =
    `const [used, start] = [process.cpuUsage(), performance.now()]; await import(${JSON.stringify(entry)}); ` +
    'const clock = performance.now() - start; const { user, system } = process.cpuUsage(used); console.log((user + system) / 1000, clock);';
  const times = Array.from({ length: 5 }, () => {
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    });
    const [processor = Number.NaN, clock = Number.NaN] = stdout.split(' ').map(Number);
    return status === 0 ? ([processor, clock] as const) : ([Number.NaN, Number.NaN] as const);
  });
  const [processor, clock] = [Math.min(...times.map(([time]) => time)), Math.min(...times.map(([, time]) => time))];
  return Number.isNaN(processor) ? undefined : [processor, clock];
}

async function run(report: (figure: Figure) => void): Promise<void> {
  const questions = sampleQuestions();
  const rivals = [
    ['typos', 'Homophone'],
    ['eda', 'Similarword'],
  ] as const;
  const tools = await keptTools();
  const figureOf = (recipe: string): Figure => {
    const { perProcessorSecond, perSecond } = speed(recipe, questions, tools);
    const note = `${Math.round(perSecond).toLocaleString('en')}/s by the clock`;
    return { name: `recipe ${recipe}`, value: perProcessorSecond, unit: 'augmented questions/s of processor time', note };
  };
  for (const [recipe, kind] of rivals) {
    const figure = figureOf(recipe);
    const theirs = nlpcda(kind, questions);
    report(
      theirs === undefined
        ? { ...figure, note: `${figure.note}; nlpcda is not installed for python3, NLPCDA_PYTHON may name another` }
        : { ...figure, baseline: `nlpcda ${kind} (${Math.round(theirs).toLocaleString('en')}/s)`, ratio: figure.value / theirs },
    );
  }
  for (const recipe of ['original', 'contrast', 'competition-attack', 'balanced']) report(figureOf(recipe));
  const times = importTime();
  if (times === undefined) return;
  const [processor, clock] = times;
  report({ name: 'import of the package', value: processor, unit: 'ms of processor time', note: `${clock.toFixed(1)} ms by the clock` });
}

export const bench: Bench = {
  name: 'augment',
  about: `Augmented questions a second, one thread, ${resultsPerQuestion} results for each question of data/sample, readings and words looked up before.`,
  run,
};
