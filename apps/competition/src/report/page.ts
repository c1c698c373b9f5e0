import { lossChart, macroF1Chart, scoreChart } from './charts.ts';
import type { Confusion, Mistake, ReportData, ReportTable } from './report-data.ts';
import { style } from './style.ts';

/** One self-contained HTML page: no script, no network, readable on paper and on a phone. */
export function renderReport(data: ReportData): string {
  const sections = [
    scoreSection(data),
    ...(data.figures ?? []).map(({ title, svg, caption }) => section(title, figure(svg, caption))),
    curveSection(data),
    data.confusion === undefined ? '' : confusionSection(data.confusion, data.scoredOn),
    ...data.tables.map(tableSection),
    mistakeSection(data.mistakes, data.scoredOn),
    settingsSection(data.settings),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(data.title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escape(data.title)}</h1><p class="summary">${escape(data.summary)}</p><p class="date">${escape(data.created)}</p>${data.warning === undefined ? '' : `<p class="warning" role="alert">${escape(data.warning)}</p>`}</header>
<main>${sections.join('\n')}</main>
</body>
</html>
`;
}

function scoreSection({ scores, scoredOn }: ReportData): string {
  if (scores.length === 0) return '';
  const rows = scores.map((score) => [score.name, score.macroF1.toFixed(4), score.accuracy.toFixed(4)]);
  return section('Score', `${figure(scoreChart(scores), `Macro-F1 on ${scoredOn}.`)}${table(['', 'macro-F1', 'accuracy'], rows)}`);
}

function curveSection({ losses, evaluations, devBaselines = [] }: ReportData): string {
  if (losses.length === 0) return '';
  const loss = figure(lossChart(losses, evaluations), 'Loss: single batches (grey), their trend (blue), the dev part (dashed).');
  const score =
    evaluations.length === 0
      ? ''
      : figure(macroF1Chart(evaluations, devBaselines), 'Macro-F1 on the dev part; dashed lines are the baselines.');
  return section('Training', loss + score);
}

function confusionSection(confusion: Confusion, scoredOn: string): string {
  const total = confusion.trueNegative + confusion.falsePositive + confusion.falseNegative + confusion.truePositive;
  const shaded = (count: number, right: boolean): string => {
    const share = total === 0 ? 0 : count / total;
    const colour = right ? '37, 99, 235' : '220, 38, 38';
    return `<td class="number" style="background: rgba(${colour}, ${(0.08 + 0.5 * share).toFixed(2)})">${count.toLocaleString('en')}<small>${(100 * share).toFixed(1)} %</small></td>`;
  };
  return section(
    'Confusion matrix',
    `<p>Answers on ${escape(scoredOn)}.</p><div class="scroll"><table class="confusion">
<thead><tr><th></th><th>answered: different</th><th>answered: same</th></tr></thead>
<tbody><tr><th>different</th>${shaded(confusion.trueNegative, true)}${shaded(confusion.falsePositive, false)}</tr>
<tr><th>same</th>${shaded(confusion.falseNegative, false)}${shaded(confusion.truePositive, true)}</tr></tbody></table></div>`,
  );
}

function tableSection({ title, note, columns, rows }: ReportTable): string {
  return section(title, `${note === undefined ? '' : `<p>${escape(note)}</p>`}${table(columns, rows)}`);
}

function mistakeSection(mistakes: readonly Mistake[], scoredOn: string): string {
  if (mistakes.length === 0) return '';
  const items = mistakes.map(({ question1, question2, label, probability }) => {
    const answered = probability >= 0.5 ? 'same' : 'different';
    const confidence = Math.max(probability, 1 - probability);
    return `<li><q lang="zh">${escape(question1)}</q><q lang="zh">${escape(question2)}</q><span>is ${label === 1 ? 'same' : 'different'}, answered ${answered} with ${(100 * confidence).toFixed(1)} %</span></li>`;
  });
  return section('Most confident mistakes', `<p>Of ${escape(scoredOn)}.</p><ol class="mistakes">${items.join('\n')}</ol>`);
}

function settingsSection(settings: ReportData['settings']): string {
  return section('What was run', table(['setting', 'value'], settings));
}

function section(title: string, body: string): string {
  return `<section><h2>${escape(title)}</h2>${body}</section>`;
}

function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${escape(caption)}</figcaption></figure>`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  // A column of numbers stands to the right, with its heading above it.
  const numeric = columns.map((_, index) =>
    isNumeric(
      rows.map((row) => row[index] ?? ''),
      index,
    ),
  );
  const cell = (tag: 'th' | 'td', value: string, index: number): string =>
    `<${tag}${numeric[index] === true ? ' class="number"' : ''}>${escape(value)}</${tag}>`;
  const head = columns.map((column, index) => cell('th', column, index)).join('');
  const body = rows.map((row) => `<tr>${row.map((value, index) => cell('td', value, index)).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** Whether a column holds numbers alone; a dash stands for none. The first column names the rows. */
function isNumeric(values: readonly string[], index: number): boolean {
  const isNumber = (value: string): boolean => /^[-+]?[\d.,]+( %)?$/u.test(value);
  return index > 0 && values.some(isNumber) && values.every((value) => value === '–' || isNumber(value));
}

/** Text that may stand in an element or an attribute: questions come from users and files. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
