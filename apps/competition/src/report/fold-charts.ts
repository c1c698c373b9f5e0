import * as Plot from '@observablehq/plot';

import type { FoldResult } from '../folds.ts';
import { accent, draw, ink, muted, smooth } from './charts.ts';

/** Macro-F1 of each fold on its own part, beside character overlap. */
export function foldChart(folds: readonly FoldResult[]): string {
  const rows = folds.map(({ fold, own, overlap }) => ({ fold: `fold ${fold}`, model: own.macroF1, overlap: overlap.macroF1 }));
  return draw({
    width: 640,
    height: 68 + 28 * rows.length,
    marginBottom: 42,
    marginLeft: 70,
    marginRight: 50,
    ariaLabel: 'Macro-F1 of each fold on its own part',
    x: { label: 'macro-F1', domain: [0, 1], grid: true },
    y: { label: null, domain: rows.map(({ fold }) => fold) },
    marks: [
      Plot.ruleY(rows, { y: 'fold', x1: 'overlap', x2: 'model', stroke: muted }),
      Plot.dot(rows, { x: 'overlap', y: 'fold', stroke: ink, r: 4 }),
      Plot.dot(rows, { x: 'model', y: 'fold', fill: accent, r: 5 }),
      Plot.text(rows, { x: 'model', y: 'fold', text: (row: (typeof rows)[number]) => row.model.toFixed(3), dy: -11, fill: ink }),
    ],
  });
}

/** The trend of the loss of every fold. */
export function foldLossChart(folds: readonly FoldResult[]): string {
  const points = folds.flatMap(({ fold, losses }) => smooth(losses).map((point) => ({ ...point, fold: `fold ${fold}` })));
  return draw({
    width: 640,
    height: 280,
    ariaLabel: 'Training loss of every fold by step',
    x: { label: 'step' },
    y: { label: 'loss', zero: true, grid: true, nice: true },
    marks: [
      Plot.line(points, { x: 'step', y: 'loss', z: 'fold', stroke: accent, strokeOpacity: 0.55, strokeWidth: 1.5 }),
      Plot.text(points, Plot.selectLast({ x: 'step', y: 'loss', z: 'fold', text: 'fold', textAnchor: 'start', dx: 4, fill: ink })),
      Plot.ruleY([0]),
    ],
    marginRight: 60,
  });
}
