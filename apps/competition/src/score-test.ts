import { type Pair, type Scores, majorityBaseline, overlapBaseline, scoreBaseline, scoreLabels } from '@samequestion/pairs';
import type { Prediction } from '@samequestion/submission';

import type { TestSet } from './commands/run.ts';
import type { Mistake, ReportScore } from './report/report-data.ts';
import type { TrainingData } from './training-data.ts';

/** The scores that decide: on the labelled test file where there is one, else on the dev part. */
export interface DecidingScores {
  /** The model first, then the baselines. */
  readonly scores: readonly ReportScore[];
  readonly scoredOn: string;
  readonly model: Scores;
  /** The model on the dev part, beside its baselines. */
  readonly dev: readonly ReportScore[];
  /** Most confident first. */
  readonly mistakes: readonly Mistake[];
}

export interface ScoreTestOptions {
  readonly data: TrainingData;
  readonly test: TestSet | undefined;
  readonly predictions: readonly Prediction[] | undefined;
  readonly devPredictions: readonly Prediction[];
}

const mistakesShown = 20;

/** Scores the model and both baselines. */
export function scoreTest({ data, test, predictions, devPredictions }: ScoreTestOptions): DecidingScores {
  const labelled = predictions === undefined ? undefined : test?.labelled;
  const pairs = labelled ?? data.dev;
  const judged = labelled === undefined ? devPredictions : (predictions ?? []);
  return {
    scores: scoresOn(pairs, judged, data.train),
    scoredOn:
      labelled === undefined
        ? `the dev part (${data.dev.length.toLocaleString('en')} pairs that share no question with training)`
        : `the labelled test file (${pairs.length.toLocaleString('en')} pairs)`,
    model: scoreModel(pairs, judged),
    dev: scoresOn(data.dev, devPredictions, data.train),
    mistakes: mistakesOf(pairs, judged),
  };
}

function scoreModel(pairs: readonly Pair[], judged: readonly Prediction[]): Scores {
  return scoreLabels(
    pairs.map(({ label }) => label),
    judged.map(({ label }) => label),
  );
}

function scoresOn(pairs: readonly Pair[], judged: readonly Prediction[], train: readonly Pair[]): ReportScore[] {
  const named = (name: string, { macroF1, accuracy }: Scores): ReportScore => ({ name, macroF1, accuracy });
  return [
    named('this model', scoreModel(pairs, judged)),
    named('character overlap', scoreBaseline(overlapBaseline(train), pairs)),
    named('majority', scoreBaseline(majorityBaseline(train), pairs)),
  ];
}

function mistakesOf(pairs: readonly Pair[], judged: readonly Prediction[]): Mistake[] {
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
