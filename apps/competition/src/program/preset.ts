import type { Command } from 'commander';

import { oneOf } from './options.ts';

/** Settings under a name. What the user says beside a preset wins. */
export const presets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // The 2019 entry as it was: its dev part repeats the questions of training.
  original: {
    positives: 'mirrored',
    duplicates: 'keep',
    contradictions: 'keep',
    splitBy: 'pair',
    stratified: false,
    devShare: 0.2,
    allowLeaks: true,
    fixedOrder: true,
    tokenTypes: 'side',
    maxLength: 128,
    batchSize: 32,
    learningRate: 2e-5,
    augment: 'none',
    classWeights: [1, 1],
    symmetric: false,
    epochs: 5,
  },
};

const limits: readonly string[] = ['epochs', 'steps', 'minutes'];

/** Adds `--preset`: before the command runs, its settings take the place of defaults. */
export function presetOption(command: Command): Command {
  return command
    .option(
      '--preset <name>',
      'original: the 2019 entry as it was: mirrored positives, random 8:2 over pairs (which leaks), length 128, batch 32, rate 2e-5, 5 epochs',
      oneOf(...Object.keys(presets)),
    )
    .hook('preAction', (_, acting) => {
      const name: unknown = acting.opts()['preset'];
      if (typeof name !== 'string') return;
      const given = (option: string): boolean => acting.getOptionValueSource(option) === 'cli';
      for (const [option, value] of Object.entries(presets[name] ?? {})) {
        if (given(option) || (option === 'epochs' && limits.some(given))) continue;
        acting.setOptionValueWithSource(option, value, 'preset');
      }
    });
}
