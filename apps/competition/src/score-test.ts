import { type Pair, type Scores, majorityBaseline, overlapBaseline, scoreBaseline, scoreLabels } from '@samequestion/pairs';
import type { Prediction } from '@samequestion/submission';

import type { Mistake, ReportScore } from './report/report-data.ts';
import type { TestSet } from './run-inputs.ts';
import type { TrainingData } from './training-data.ts';

/** The scores that decide: on the labelled test file where there is one, else on the dev part. */
export interface DecidingScores {
  /** The model first, then the baselines. */
  readonly scores: readonly ReportScore[];
  readonly scoredOn: string;
  readonly model: Scores;
  /** The model on the dev part, beside its baselines. */
  readonly dev: readonly ReportScore[];
  /** The model on the dev pairs that have a near duplicate in training; `undefined` if none has. */
  readonly near: NearScores | undefined;
  /** Most confident first. */
  readonly mistakes: readonly Mistake[];
}

/** A score on the near duplicates, and one on all others: the second says more about new questions. */
export interface NearScores extends PartScore {
  readonly others: PartScore;
}

/** A score on a part of the dev pairs. */
export interface PartScore {
  readonly pairs: number;
  readonly macroF1: number;
  readonly accuracy: number;
}

export interface ScoreTestOptions {
  readonly data: TrainingData;
  readonly test: TestSet | undefined;
  readonly predictions: readonly Prediction[] | undefined;
  readonly devPredictions: readonly Prediction[];
}

const mistakesShown = 20;

/** The labelled test file where there is one, else the dev part. */
export function decidingPairs(data: TrainingData, test: TestSet | undefined): readonly Pair[] {
  return test?.labelled ?? data.dev;
}

/** Scores the model and both baselines. */
export function scoreTest({ data, test, predictions, devPredictions }: ScoreTestOptions): DecidingScores {
  const labelled = predictions === undefined ? undefined : test?.labelled;
  const pairs = decidingPairs(data, test);
  const judged = labelled === undefined ? devPredictions : (predictions ?? []);
  return {
    scores: scoresOn(pairs, judged, data.train),
    scoredOn: labelled === undefined ? describeDev(data) : describeTest(pairs.length),
    model: scoreModel(pairs, judged),
    dev: scoresOn(data.dev, devPredictions, data.train),
    near: nearScores(data, devPredictions),
    mistakes: mistakesOf(pairs, judged),
  };
}

/** The labelled test file, as a report names it. */
export function describeTest(pairs: number): string {
  return `the labelled test file (${pairs.toLocaleString('en')} pairs)`;
}

function describeDev({ dev, corpus: { audit } }: TrainingData): string {
  const share = audit.leaks ? 'that LEAK: their questions stand in training too' : 'that share no question with training';
  return `the dev part (${dev.length.toLocaleString('en')} pairs ${share})`;
}

function nearScores({ dev, corpus: { audit } }: TrainingData, judged: readonly Prediction[]): NearScores | undefined {
  const near = new Set(audit.nearDevPairs);
  if (near.size === 0) return undefined;
  const score = (wanted: boolean): PartScore => {
    const rows = dev.flatMap((pair, index) => (near.has(index) === wanted ? [{ pair, prediction: judged[index] }] : []));
    const { macroF1, accuracy } = scoreModel(
      rows.map(({ pair }) => pair),
      rows.flatMap(({ prediction }) => prediction ?? []),
    );
    return { pairs: rows.length, macroF1, accuracy };
  };
  return { ...score(true), others: score(false) };
}

/** How a model's labels agree with the right ones. */
export function scoreModel(pairs: readonly Pair[], judged: readonly Prediction[]): Scores {
  return scoreLabels(
    pairs.map(({ label }) => label),
    judged.map(({ label }) => label),
  );
}

/** The model, then both baselines fitted to the training pairs. */
export function scoresOn(pairs: readonly Pair[], judged: readonly Prediction[], train: readonly Pair[]): ReportScore[] {
  const named = (name: string, { macroF1, accuracy }: Scores): ReportScore => ({ name, macroF1, accuracy });
  return [
    named('this model', scoreModel(pairs, judged)),
    named('character overlap', scoreBaseline(overlapBaseline(train), pairs)),
    named('majority', scoreBaseline(majorityBaseline(train), pairs)),
  ];
}

/** The answers that were most confident and wrong. */
export function mistakesOf(pairs: readonly Pair[], judged: readonly Prediction[]): Mistake[] {
  return pairs
    .map(({ question1, question2, label }, index) => ({
      question1,
      question2,
      label,
      probability: judged[index]?.probability1 ?? 0,
      right: judged[index]?.label === label,
    }))
    .filter(({ right }) => !right)
    .sort((one, other) => Math.abs(other.probability - 0.5) - Math.abs(one.probability - 0.5))
    .slice(0, mistakesShown)
    .map(({ question1, question2, label, probability }) => ({ question1, question2, label, probability }));
}
