import type { Command } from 'commander';

import { integer, oneOf } from './options.ts';

/** How groups become pairs. Defaults stand in the text and are filled in later, so that a rule for a file of pairs can be refused. */
export function buildingOptions(command: Command): Command {
  const policy = oneOf('keep', 'drop', 'refuse');
  return command
    .option('--positives <how>', 'each positive pair once, or mirrored (both orders) (default: once)', oneOf('once', 'mirrored'))
    .option('--negatives <how>', 'each negative pair once, or mirrored (default: once)', oneOf('once', 'mirrored'))
    .option('--extra-negatives <kind>', 'training negatives across components: random or hard (default: none)', oneOf('random', 'hard'))
    .option('--extra-per-group <number>', 'how many of them for each group (default: 2)', integer)
    .option('--duplicates <policy>', 'the same pair in two groups: keep, drop or refuse (default: drop)', policy)
    .option('--contradictions <policy>', 'a pair under both labels: keep, drop or refuse (default: drop)', policy)
    .option('--max-pairs-per-group <number>', 'most pairs of one group, drawn at random (default: all)', integer);
}

/** How pairs are split, and what happens to leaks. */
export function splittingOptions(command: Command): Command {
  return command
    .option(
      '--split-by <unit>',
      'component (shares no question), group or pair; the last two leak (default: component)',
      oneOf('component', 'group', 'pair'),
    )
    .option('--no-stratified', 'draw the parts without matching label share and component sizes')
    .option('--merge-near', 'keep near duplicates (equal but for punctuation, or one edit apart) in one part')
    .option('--allow-leaks', 'go on although train and dev share questions; it is said beside every score');
}
