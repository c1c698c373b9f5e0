import type { LeakageAudit, PairStatistics } from '@samequestion/pairs';

import type { RunSummary } from '../fit-model.ts';
import { formatDuration } from '../progress.ts';
import type { AttackScore, Robustness } from '../robustness.ts';
import type { NearScores, PartScore } from '../score-test.ts';
import { describeLimit } from '../train-model.ts';
import type { TrainingData } from '../training-data.ts';
import type { ReportData, ReportTable } from './report-data.ts';

/** What the report of a run shows. */
export function runReport(summary: RunSummary): ReportData {
  const { scores, settings, start, trained, reason, seconds, trainingSeconds, data } = summary;
  const { corpus } = data;
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
      ['length', describeLimit(settings.limit)],
      ['batch', `${settings.batchSize} pairs`],
      ['highest learning rate', String(settings.learningRate)],
      ['longest pair', `${settings.maxLength} tokens`],
      ['seed', String(settings.seed)],
      ['engine', reason],
      ['training', `${formatDuration(trained.done.seconds)} for ${trained.done.step.toLocaleString('en')} steps`],
      ['whole run', `${formatDuration(seconds)} (${formatDuration(trainingSeconds)} until the model was trained)`],
    ],
    warning: data.warning,
    tables: [
      attackTable(summary),
      dataTable(corpus.train, corpus.dev),
      auditTable(corpus.audit),
      devTable(summary),
      ...countsTable(data),
      rulesTable(data),
    ],
    losses: trained.steps.map(({ step, loss, learningRate }) => ({ step, loss, learningRate })),
    evaluations: trained.evaluations.map(({ step, macroF1, loss }) => ({ step, macroF1, loss })),
    devBaselines: scores.dev.slice(1),
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

/** Pairs of both parts. */
export function dataTable(train: PairStatistics, dev: PairStatistics): ReportTable {
  const row = (name: string, { pairs, positives, uniqueQuestions }: PairStatistics): string[] => [
    name,
    count(pairs),
    `${((100 * positives) / Math.max(1, pairs)).toFixed(1)} %`,
    count(uniqueQuestions),
  ];
  return { title: 'Data', columns: ['part', 'pairs', 'same', 'questions'], rows: [row('train', train), row('dev', dev)] };
}

/** Counts of the groups, where there were groups. */
export function countsTable({ counts }: TrainingData): ReportTable[] {
  if (counts === undefined) return [];
  const rows = Object.entries(counts).map(([name, value]) => [name.replaceAll('_', ' '), count(value as number)]);
  return [{ title: 'Training file', columns: ['count', 'value'], rows }];
}

/** What the audit found. */
export function auditTable(audit: LeakageAudit): ReportTable {
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

function attackTable({ scores, robustness }: RunSummary): ReportTable {
  return {
    title: 'Under attack',
    note: `The pairs of ${scores.scoredOn}, one question of each edited. A flipping edit makes two questions that ask the same ask different things.`,
    columns: ['attack', 'pairs edited', 'macro-F1', 'accuracy'],
    rows: attackRows(robustness),
  };
}

/** Scores under attack, a row each. */
export function attackRows({ typo, edits, flips }: Robustness): string[][] {
  const row = (name: string, { edited, macroF1, accuracy }: AttackScore): string[] => [
    name,
    count(edited),
    macroF1.toFixed(4),
    accuracy.toFixed(4),
  ];
  return [
    row('one homophone or look-alike', typo),
    row('edits that keep the meaning', edits),
    ['edits that flip it', count(flips.pairs), '', flips.pairs === 0 ? '–' : flips.recognised.toFixed(4)],
  ];
}

function devTable({ scores, data }: RunSummary): ReportTable {
  return {
    title: 'Dev part',
    note: `${count(data.dev.length)} pairs.${scores.near === undefined ? ' None has a near duplicate in train.' : ' Scores on pairs without a near duplicate in train say more about new questions.'}`,
    columns: ['', 'pairs', 'macro-F1', 'accuracy'],
    rows: [
      ...scores.dev.map(({ name, macroF1, accuracy }) => [name, count(data.dev.length), macroF1.toFixed(4), accuracy.toFixed(4)]),
      ...nearRows(scores.near),
    ],
  };
}

/** The model's scores on near duplicates and on all other dev pairs. */
export function nearRows(near: NearScores | undefined): string[][] {
  if (near === undefined) return [];
  const row = (name: string, { pairs, macroF1, accuracy }: PartScore): string[] => [
    name,
    count(pairs),
    macroF1.toFixed(4),
    accuracy.toFixed(4),
  ];
  return [row('this model, without near duplicates', near.others), row('this model, near duplicates alone', near)];
}

/** How pairs were built and split. */
export function rulesTable({ rules }: TrainingData): ReportTable {
  const shown = Object.entries(rules).filter(([, value]) => value !== undefined);
  return {
    title: 'Pair rules',
    columns: ['rule', 'value'],
    rows: shown.map(([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), String(value)]),
  };
}
