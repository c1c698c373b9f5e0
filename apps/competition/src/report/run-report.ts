import type { LeakageAudit, PairStatistics } from '@samequestion/pairs';

import type { RunSummary } from '../commands/run.ts';
import { formatDuration } from '../progress.ts';
import type { ReportData, ReportTable } from './report-data.ts';

/** What the report of a run shows. */
export function runReport(summary: RunSummary): ReportData {
  const { scores, settings, start, trained, reason, seconds, trainingSeconds, corpus } = summary;
  const [model, ...baselines] = scores.scores;
  const best = baselines.reduce((highest, { macroF1 }) => Math.max(highest, macroF1), 0);
  const difference = 100 * ((model?.macroF1 ?? 0) - best);
  return {
    title: 'SameQuestion run',
    created: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    summary: `Macro-F1 ${model?.macroF1.toFixed(3) ?? '–'} on ${scores.scoredOn}, ${Math.abs(difference).toFixed(1)} points ${difference >= 0 ? 'above' : 'below'} the better baseline.`,
    settings: [
      ['start', start.origin],
      ['token types', start.config.pair_token_types],
      ['epochs', String(settings.epochs)],
      ['batch', `${settings.batchSize} pairs`],
      ['highest learning rate', String(settings.learningRate)],
      ['longest pair', `${settings.maxLength} tokens`],
      ['seed', String(settings.seed)],
      ['engine', reason],
      ['training', `${formatDuration(trained.done.seconds)} for ${trained.done.step.toLocaleString('en')} steps`],
      ['whole run', `${formatDuration(seconds)} (${formatDuration(trainingSeconds)} until the model was trained)`],
    ],
    tables: [dataTable(corpus.train, corpus.dev), ...countsTable(summary), auditTable(corpus.audit), devTable(summary)],
    losses: trained.steps.map(({ step, loss, learningRate }) => ({ step, loss, learningRate })),
    evaluations: trained.evaluations.map(({ step, macroF1, loss }) => ({ step, macroF1, loss })),
    scores: scores.scores,
    scoredOn: scores.scoredOn,
    confusion: {
      trueNegative: scores.model.trueNegatives,
      falsePositive: scores.model.falsePositives,
      falseNegative: scores.model.falseNegatives,
      truePositive: scores.model.truePositives,
    },
    mistakes: scores.mistakes,
  };
}

const count = (value: number): string => value.toLocaleString('en');

function dataTable(train: PairStatistics, dev: PairStatistics): ReportTable {
  const row = (name: string, { pairs, positives, uniqueQuestions }: PairStatistics): string[] => [
    name,
    count(pairs),
    `${((100 * positives) / Math.max(1, pairs)).toFixed(1)} %`,
    count(uniqueQuestions),
  ];
  return { title: 'Data', columns: ['part', 'pairs', 'same', 'questions'], rows: [row('train', train), row('dev', dev)] };
}

function countsTable({ data }: RunSummary): ReportTable[] {
  if (data.counts === undefined) return [];
  const rows = Object.entries(data.counts).map(([name, value]) => [name.replaceAll('_', ' '), count(value as number)]);
  return [{ title: 'Training file', columns: ['count', 'value'], rows }];
}

function auditTable(audit: LeakageAudit): ReportTable {
  return {
    title: 'Leakage check',
    note: audit.leaks
      ? 'Train and dev share questions: the dev score is worth nothing.'
      : 'Train and dev share no question, no pair and no component.',
    columns: ['between train and dev', 'found'],
    rows: [
      ['shared questions', count(audit.sharedQuestions.count)],
      ['shared pairs, in either order', count(audit.sharedPairs.count)],
      ['mirrored pairs', count(audit.mirrors.count)],
      ['shared components', count(audit.sharedComponents.count)],
      ['equal after normalisation', count(audit.equalNormalForms.count)],
      ['one edit apart', count(audit.oneEditApart.count)],
      ['dev pairs with such a near duplicate', count(audit.nearDevPairs.length)],
    ],
  };
}

function devTable({ scores, data }: RunSummary): ReportTable {
  return {
    title: 'Dev part',
    note: `${count(data.dev.length)} pairs.`,
    columns: ['', 'macro-F1', 'accuracy'],
    rows: scores.dev.map(({ name, macroF1, accuracy }) => [name, macroF1.toFixed(4), accuracy.toFixed(4)]),
  };
}
