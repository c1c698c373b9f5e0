import * as Plot from '@observablehq/plot';

import type { Comparison, FinishedRun } from '../compare-runs.ts';
import { accent, draw, ink, muted } from './charts.ts';
import type { ReportData, ReportTable } from './report-data.ts';

/** What the page of `compare` shows. */
export function comparisonReport(comparison: Comparison): ReportData {
  const { runs, warnings } = comparison;
  const best = runs.reduce((highest, run) => (macroF1Of(run) > macroF1Of(highest) ? run : highest));
  return {
    title: `${runs.length} runs compared`,
    created: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    summary: `Highest macro-F1: ${macroF1Of(best).toFixed(3)}, ${best.name}.`,
    warning: warnings.length === 0 ? undefined : warnings.join(' '),
    settings: runs.map(({ name, folder, scoredOn }) => [name, `${folder}, scored on ${scoredOn}`] as const),
    figures: [
      { title: 'Scores', svg: scoresChart(runs), caption: 'Macro-F1 of each run (bars) beside its best baseline (tick).' },
      { title: 'Agreement', svg: agreementChart(comparison), caption: 'Share of equal answers of each two runs.' },
    ],
    tables: [scoreTable(runs), differenceTable(comparison), agreementTable(comparison)],
    losses: [],
    evaluations: [],
    scores: [],
    scoredOn: '',
    confusion: undefined,
    mistakes: [],
  };
}

function macroF1Of({ scores }: FinishedRun): number {
  return scores[0]?.macroF1 ?? 0;
}

/** The first score is the model's; what says "alone" is one fold of an ensemble. */
function baselineOf({ scores }: FinishedRun): number {
  const baselines = scores.slice(1).filter(({ name }) => !name.endsWith(' alone'));
  return Math.max(0, ...baselines.map(({ macroF1 }) => macroF1));
}

function scoresChart(runs: readonly FinishedRun[]): string {
  const rows = runs.map((run) => ({ name: run.name, macroF1: macroF1Of(run), baseline: baselineOf(run) }));
  return draw({
    width: 640,
    height: 62 + 34 * rows.length,
    marginBottom: 42,
    marginLeft: 150,
    marginRight: 50,
    ariaLabel: 'Macro-F1 of each run',
    x: { label: 'macro-F1', domain: [0, 1], grid: true },
    y: { label: null, domain: rows.map(({ name }) => name) },
    marks: [
      Plot.barX(rows, { x: 'macroF1', y: 'name', fill: accent }),
      Plot.tickX(rows, { x: 'baseline', y: 'name', stroke: ink, strokeWidth: 2 }),
      Plot.text(rows, {
        x: 'macroF1',
        y: 'name',
        text: (row: (typeof rows)[number]) => row.macroF1.toFixed(3),
        textAnchor: 'start',
        dx: 6,
        fill: ink,
      }),
      Plot.ruleX([0]),
    ],
  });
}

function agreementChart({ runs, agreements }: Comparison): string {
  const cells = agreements.flatMap(({ one, other, agreement }) =>
    agreement === undefined
      ? []
      : [
          { one, other, share: agreement.share },
          { one: other, other: one, share: agreement.share },
        ],
  );
  const all = [...runs.map(({ name }) => ({ one: name, other: name, share: 1 })), ...cells];
  const names = runs.map(({ name }) => name);
  return draw({
    width: 640,
    height: 60 + 44 * names.length,
    marginLeft: 150,
    marginBottom: 40,
    ariaLabel: 'Share of equal answers of each two runs',
    x: { label: null, domain: names },
    y: { label: null, domain: names },
    marks: [
      Plot.cell(all, {
        x: 'one',
        y: 'other',
        fill: accent,
        fillOpacity: (cell: (typeof all)[number]) => 0.05 + 0.5 * cell.share,
        stroke: muted,
      }),
      Plot.text(all, { x: 'one', y: 'other', text: (cell: (typeof all)[number]) => `${(100 * cell.share).toFixed(1)} %`, fill: ink }),
    ],
    opacity: { type: 'identity' },
  });
}

function scoreTable(runs: readonly FinishedRun[]): ReportTable {
  return {
    title: 'Scores in numbers',
    columns: ['run', 'macro-F1', 'accuracy', 'best baseline', 'dev macro-F1', 'seconds'],
    rows: runs.map((run) => [
      run.name,
      macroF1Of(run).toFixed(4),
      run.scores[0]?.accuracy.toFixed(4) ?? '–',
      baselineOf(run).toFixed(4),
      run.dev[0]?.macroF1.toFixed(4) ?? '–',
      run.seconds?.toFixed(0) ?? '–',
    ]),
  };
}

function differenceTable({ runs, differences }: Comparison): ReportTable {
  return {
    title: 'Settings that differ',
    ...(differences.length === 0 ? { note: 'None.' } : {}),
    columns: ['setting', ...runs.map(({ name }) => name)],
    rows: differences.map(({ setting, values }) => [setting, ...values.map((value) => value ?? '–')]),
  };
}

function agreementTable({ agreements }: Comparison): ReportTable {
  return {
    title: 'Agreement of answers',
    columns: ['run', 'run', 'rows', 'equal answers', 'κ'],
    rows: agreements.map(({ one, other, agreement }) => [
      one,
      other,
      agreement === undefined ? 'other test files' : agreement.rows.toLocaleString('en'),
      agreement === undefined ? '–' : `${(100 * agreement.share).toFixed(1)} %`,
      agreement === undefined ? '–' : agreement.kappa.toFixed(3),
    ]),
  };
}
