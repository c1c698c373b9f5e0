import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import type { Measurement } from './measure.ts';

const measure = fileURLToPath(new URL('measure.ts', import.meta.url));

/** Runs one task in a process of its own, so that its peak memory is its own. */
function runAlone(task: string): Measurement {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, measure, task], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`corpus bench: ${task}: expected exit code 0, got ${status}. ${stderr.slice(0, 2000)}`);
  return JSON.parse(stdout) as Measurement;
}

function figures(name: string, { seconds, peakMegabytes, idleMegabytes, note }: Measurement): readonly Figure[] {
  return [
    { name: `${name}: time`, value: seconds, unit: 's', note },
    {
      name: `${name}: peak memory`,
      value: peakMegabytes,
      unit: 'MB',
      baseline: 'the same process before the work',
      ratio: peakMegabytes / idleMegabytes,
    },
  ];
}

const tasks: readonly (readonly [task: string, name: string])[] = [
  ['real', 'competition data: read, split, build, write'],
  ['audit', 'competition data: audit of all pairs, train against dev'],
  ['audit-original', 'competition data: audit of the original random split'],
  ['near', 'competition data: near duplicates among all questions'],
  ['build-10000', '10,000 synthetic groups: build pairs'],
  ['build-1000000', '1,000,000 synthetic groups: build pairs'],
  ['split-1000000', '1,000,000 synthetic groups: plan a split'],
];

export const bench: Bench = {
  name: 'corpus',
  about:
    'Reading, building, splitting and auditing, each in a process of its own: on the competition data where it is at hand, and on synthetic groups.',
  async run(report) {
    for (const [task, name] of tasks) {
      const measured = runAlone(task);
      if (measured.skipped !== undefined) report({ name, value: 0, unit: 's', note: measured.skipped });
      else for (const figure of figures(name, measured)) report(figure);
      await Promise.resolve();
    }
  },
};
