import { expect, test } from 'vitest';

import { renderReport } from '../src/report/page.ts';
import type { ReportData } from '../src/report/report-data.ts';

const data: ReportData = {
  title: 'A run',
  created: '2026-11-22',
  summary: 'macro-F1 0.8',
  settings: [['seed', '7']],
  tables: [{ title: 'Data', columns: ['part', 'pairs'], rows: [['train', '1,000']] }],
  losses: [
    { step: 1, loss: 0.7, learningRate: 1e-4 },
    { step: 2, loss: 0.5, learningRate: 1e-4 },
  ],
  evaluations: [{ step: 2, macroF1: 0.8, loss: 0.4 }],
  scores: [
    { name: 'this model', macroF1: 0.8, accuracy: 0.85 },
    { name: 'majority', macroF1: 0.4, accuracy: 0.7 },
  ],
  scoredOn: 'the dev part',
  confusion: { trueNegative: 60, falsePositive: 10, falseNegative: 5, truePositive: 25 },
  mistakes: [{ question1: '<script>alert(1)</script>', question2: '"引号"', label: 0, probability: 0.9 }],
};

test('the page needs no network and no script, and escapes the questions', () => {
  const page = renderReport(data);
  expect(page).not.toMatch(/<script/);
  expect(page.replaceAll('http://www.w3.org', '')).not.toMatch(/https?:\/\//);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('the page shows the scores, three figures, the counts of the confusion matrix and the mistakes', () => {
  const page = renderReport(data);
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(3);
  for (const text of ['0.8000', '0.4000', '>60<', '>10<', '>5<', '>25<', 'is different, answered same with 90.0 %', '1,000'])
    expect(page).toContain(text);
});

test('a run without training and without a test shows no empty sections', () => {
  const page = renderReport({ ...data, losses: [], evaluations: [], scores: [], confusion: undefined, mistakes: [] });
  expect(page).not.toContain('<h2>Training</h2>');
  expect(page).not.toContain('<h2>Confusion matrix</h2>');
});
