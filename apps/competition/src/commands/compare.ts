import { type Comparison, compareRuns } from '../compare-runs.ts';
import type { Context } from '../context.ts';
import { writeAtomically } from '../run-folder.ts';
import { UsageError, stopIfAsked } from '../usage-error.ts';

/** `samequestion compare`: finished runs side by side. */
export async function compare(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const { runs: folders, out } = given as unknown as { readonly runs: readonly string[]; readonly out?: string };
  if (folders.length < 2) throw new UsageError(`compare: expected two or more runs, got ${folders.length}.`);
  const comparison = await compareRuns(folders);
  stopIfAsked(context, 'nothing was written');
  for (const line of describeComparison(comparison)) context.say(line);
  if (out !== undefined) {
    // Plotting takes longer to load than all else takes.
    const [{ comparisonReport }, { renderReport }] = await Promise.all([
      import('../report/comparison-report.ts'),
      import('../report/page.ts'),
    ]);
    await writeAtomically(out, renderReport(comparisonReport(comparison)));
    context.say(`→ ${out}`);
  }
  const { differences, agreements, warnings } = comparison;
  return {
    runs: comparison.runs.map(({ name, folder, scoredOn, scores, dev, seconds, warning, predictions }) => {
      return { name, folder, scoredOn, scores, dev, seconds, warning, rows: predictions?.length };
    }),
    differences: differences.map(({ setting, values }) => ({ setting, values: values.map((value) => value ?? null) })),
    agreements: agreements.map(({ one, other, agreement }) => ({ one, other, ...agreement })),
    warnings,
    ...(out === undefined ? {} : { file: out }),
  };
}

const longestValue = 40;

function describeComparison({ runs, differences, agreements, warnings }: Comparison): string[] {
  const widths = runs.map(({ name }) => Math.max(name.length, 12));
  const labelWidth = Math.max(30, ...differences.map(({ setting }) => setting.length + 2));
  const row = (first: string, cells: readonly string[]): string =>
    `${first.padEnd(labelWidth)} ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 12)).join('  ')}`.trimEnd();
  const short = (value: string | undefined): string => {
    const text = value ?? '–';
    return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
  };
  return [
    ...warnings.map((warning) => `!!!!  ${warning}`),
    row(
      '',
      runs.map(({ name }) => name),
    ),
    row(
      'macro-F1',
      runs.map(({ scores }) => scores[0]?.macroF1.toFixed(4) ?? '–'),
    ),
    row(
      'accuracy',
      runs.map(({ scores }) => scores[0]?.accuracy.toFixed(4) ?? '–'),
    ),
    row(
      'macro-F1 on dev',
      runs.map(({ dev }) => dev[0]?.macroF1.toFixed(4) ?? '–'),
    ),
    row(
      'seconds',
      runs.map(({ seconds }) => (seconds === undefined ? '–' : seconds.toFixed(0))),
    ),
    ...runs.map(({ name, scoredOn }) => `${name}: scored on ${scoredOn}`),
    '',
    'settings that differ:',
    ...differences.map(({ setting, values }) => row(`  ${setting}`, values.map(short))),
    '',
    'agreement of answers:',
    ...agreements.map(({ one, other, agreement }) =>
      agreement === undefined
        ? `  ${one} and ${other}: other test files`
        : `  ${one} and ${other}: ${(100 * agreement.share).toFixed(1)} % of ${agreement.rows.toLocaleString('en')} (κ ${agreement.kappa.toFixed(3)})`,
    ),
  ];
}
