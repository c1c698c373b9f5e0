import type { FoldsSummary } from '../commands/run-folds.ts';
import { type FoldResult, foldWeight } from '../folds.ts';
import { formatDuration } from '../progress.ts';
import { describeLimit } from '../train-model.ts';
import { foldChart, foldLossChart } from './fold-charts.ts';
import type { ReportData, ReportTable } from './report-data.ts';
import { countsTable, rulesTable } from './run-report.ts';

const count = (value: number): string => value.toLocaleString('en');

/** What the report of a run with folds shows: all folds side by side. */
export function foldsReport(summary: FoldsSummary): ReportData {
  const { folds, scores, scoredOn, deciding, mistakes, settings, start, reason, seconds, plan } = summary;
  const [first] = scores;
  const data = folds[0]?.data;
  return {
    title: `SameQuestion run, ${folds.length} folds`,
    created: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    summary: `Macro-F1 ${first?.macroF1.toFixed(3) ?? '–'} on ${scoredOn}.`,
    warning: data?.warning,
    settings: [
      ...(plan.options.preset === undefined ? [] : [['preset', plan.options.preset] as const]),
      ['start of every fold', start?.origin ?? ''],
      ['token types', start?.config.pair_token_types ?? ''],
      ['length', describeLimit(settings.limit)],
      ['batch', `${settings.batchSize} pairs`],
      ['highest learning rate', String(settings.learningRate)],
      ['longest pair', `${settings.maxLength} tokens`],
      ['seed', String(settings.seed)],
      [
        'weights kept',
        plan.options.evaluateEvery === undefined && plan.options.patience === undefined
          ? 'the last ones: no fold chooses by its own part'
          : "the best by each fold's own part, which flatters its score",
      ],
      ['ensemble', 'mean of probabilities, weighed by out-of-fold macro-F1'],
      ['engine', reason],
      ['whole run', formatDuration(seconds)],
    ],
    figures: [
      {
        title: 'Folds',
        svg: foldChart(folds),
        caption: 'Macro-F1 of each fold on its own part: the model (filled), character overlap (hollow).',
      },
      { title: 'Training', svg: foldLossChart(folds), caption: 'Loss by step, one line for each fold.' },
    ],
    tables: [
      foldTable(folds),
      outOfFoldTable(summary),
      auditTable(folds),
      ...(data === undefined ? [] : [...countsTable(data), rulesTable(data)]),
    ],
    losses: [],
    evaluations: [],
    scores,
    scoredOn,
    confusion: {
      trueNegative: deciding.trueNegatives,
      falsePositive: deciding.falsePositives,
      falseNegative: deciding.falseNegatives,
      truePositive: deciding.truePositives,
    },
    mistakes,
  };
}

function foldTable(folds: readonly FoldResult[]): ReportTable {
  const tested = folds.some(({ test }) => test !== undefined);
  return {
    title: 'Folds side by side',
    note: 'Each model is scored on its own part, which it has not seen. Every fold began with the same weights.',
    columns: ['fold', 'train', 'own', 'macro-F1', 'accuracy', 'overlap', 'weight', ...(tested ? ['test'] : []), 'steps', 'time'],
    rows: folds.map((fold) => [
      String(fold.fold),
      count(fold.data.train.length),
      count(fold.data.dev.length),
      fold.own.macroF1.toFixed(4),
      fold.own.accuracy.toFixed(4),
      fold.overlap.macroF1.toFixed(4),
      foldWeight(fold).toFixed(4),
      ...(tested ? [fold.test?.macroF1.toFixed(4) ?? '–'] : []),
      count(fold.steps),
      formatDuration(fold.seconds),
    ]),
  };
}

function outOfFoldTable({ outOfFold }: FoldsSummary): ReportTable {
  return {
    title: 'Out of fold',
    note: 'All pairs together, each judged by the model that has not seen its questions.',
    columns: ['', 'macro-F1', 'accuracy'],
    rows: outOfFold.map(({ name, macroF1, accuracy }) => [name, macroF1.toFixed(4), accuracy.toFixed(4)]),
  };
}

function auditTable(folds: readonly FoldResult[]): ReportTable {
  return {
    title: 'Leakage check',
    note: 'Each fold against all others. Scores without near duplicates say more about new questions.',
    columns: ['fold', 'shared questions', 'shared pairs', 'shared components', 'near pairs', 'macro-F1 near', 'macro-F1 others'],
    rows: folds.map(({ fold, data: { corpus }, near, own }) => [
      String(fold),
      count(corpus.audit.sharedQuestions.count),
      count(corpus.audit.sharedPairs.count),
      count(corpus.audit.sharedComponents.count),
      count(corpus.audit.nearDevPairs.length),
      near?.macroF1.toFixed(4) ?? '–',
      (near?.others.macroF1 ?? own.macroF1).toFixed(4),
    ]),
  };
}
