import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import type { EvaluationPoint, LossPoint, ReportScore } from './report-data.ts';

/** Colours of all figures: text, what matters, what is beside it. */
export const ink: string = 'currentColor';
export const accent: string = '#2563eb';
export const muted: string = '#9ca3af';

/** A figure as SVG text. */
export function draw(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({
    ...options,
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    style: { background: 'none', fontSize: '12px', overflow: 'visible' },
  });
  return figure.outerHTML;
}

/** Mean of the points in a window that covers a fiftieth of the run, so that the trend shows through the noise of single batches. */
export function smooth(points: readonly LossPoint[]): LossPoint[] {
  const width = Math.max(1, Math.round(points.length / 50));
  return points.map((point, index) => {
    const window = points.slice(Math.max(0, index - width), index + width + 1);
    return { ...point, loss: window.reduce((sum, { loss }) => sum + loss, 0) / window.length };
  });
}

/** From 0 to the last step, so that a single point has an axis too. */
function stepDomain(points: readonly { readonly step: number }[]): readonly [number, number] {
  return [0, Math.max(1, ...points.slice(-1).map(({ step }) => step))];
}

/** Training loss by step, single steps thin and the trend thick, with the loss on the dev part where it was evaluated. */
export function lossChart(losses: readonly LossPoint[], evaluations: readonly EvaluationPoint[]): string {
  return draw({
    width: 640,
    height: 280,
    ariaLabel: 'Training and dev loss by step',
    marginBottom: 42,
    x: { label: 'step', domain: stepDomain(losses) },
    y: { label: 'loss', zero: true, grid: true, nice: true },
    marks: [
      Plot.line(losses, { x: 'step', y: 'loss', stroke: muted, strokeWidth: 0.6, strokeOpacity: 0.7 }),
      Plot.line(smooth(losses), { x: 'step', y: 'loss', stroke: accent, strokeWidth: 2 }),
      Plot.line(evaluations, { x: 'step', y: 'loss', stroke: ink, strokeDasharray: '4 3' }),
      Plot.dot(evaluations, { x: 'step', y: 'loss', fill: ink, r: 3 }),
      Plot.ruleY([0]),
    ],
  });
}

/** Macro-F1 on the dev part by step, with the baselines as lines. */
export function macroF1Chart(evaluations: readonly EvaluationPoint[], baselines: readonly ReportScore[]): string {
  return draw({
    width: 640,
    height: 260,
    marginRight: 130,
    ariaLabel: 'Macro-F1 on the dev part by step',
    marginBottom: 42,
    x: { label: 'step', domain: stepDomain(evaluations) },
    y: { label: 'macro-F1', domain: [0, 1], grid: true },
    marks: [
      Plot.ruleY(baselines, { y: 'macroF1', stroke: muted, strokeDasharray: '5 4' }),
      Plot.text(baselines, { y: 'macroF1', text: 'name', frameAnchor: 'right', textAnchor: 'start', dx: 6, fill: ink }),
      Plot.line(evaluations, { x: 'step', y: 'macroF1', stroke: accent, strokeWidth: 2 }),
      Plot.dot(evaluations, { x: 'step', y: 'macroF1', fill: accent, r: 3.5 }),
      Plot.text(evaluations.slice(-1), {
        x: 'step',
        y: 'macroF1',
        text: (point: EvaluationPoint) => point.macroF1.toFixed(3),
        dy: -12,
        fill: ink,
      }),
      Plot.ruleY([0]),
    ],
  });
}

/** Macro-F1 of the model beside its baselines. */
export function scoreChart(scores: readonly ReportScore[]): string {
  return draw({
    width: 640,
    height: 56 + 34 * scores.length,
    marginBottom: 42,
    marginLeft: 150,
    marginRight: 50,
    ariaLabel: 'Macro-F1 of the model and the baselines',
    x: { label: 'macro-F1', domain: [0, 1], grid: true },
    y: { label: null, domain: scores.map(({ name }) => name) },
    marks: [
      Plot.barX(scores, { x: 'macroF1', y: 'name', fill: (_: ReportScore, index: number) => (index === 0 ? accent : muted) }),
      Plot.text(scores, {
        x: 'macroF1',
        y: 'name',
        text: (score: ReportScore) => score.macroF1.toFixed(3),
        textAnchor: 'start',
        dx: 6,
        fill: ink,
      }),
      Plot.ruleX([0]),
    ],
  });
}
