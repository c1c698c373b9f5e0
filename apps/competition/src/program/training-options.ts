import { type Command, InvalidArgumentError } from 'commander';

import { integer, oneOf, positive, share, trainingOptions } from './options.ts';

/** Options of the commands that fine-tune: all of training, how it goes on, and the craft. */
export function fineTuningOptions(command: Command): Command {
  return craftOptions(lengthOptions(trainingOptions(command)));
}

/** The options that the user gave, by name: the others have their defaults. */
export function explicitOptions(command: Command): readonly string[] {
  return Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === 'cli');
}

/** How long a run is, when it evaluates, and how it goes on. */
function lengthOptions(command: Command): Command {
  return command
    .option('--steps <number>', 'updates, instead of epochs', whole)
    .option('--minutes <number>', 'minutes of training, instead of epochs', positive)
    .option('--evaluate-every <steps>', 'steps between evaluations; default: an epoch', whole)
    .option('--patience <evaluations>', 'stop after so many evaluations without a better macro-F1', whole)
    .option('--checkpoint-every <steps>', 'steps between checkpoints; default: an epoch; 0: none', integer)
    .option('--keep-checkpoints <number>', 'newest checkpoints that stay; default: 2', whole)
    .option('--resume <run>', 'go on with an interrupted run, as if nothing had happened; takes no other options')
    .option('--fixed-order', 'show each pair in its given order; default: in a random order of its questions')
    .option('--symmetric', 'judge both orders of each pair, take the mean, and report how often they differ; default with --init mini')
    .option('--no-symmetric', 'judge each pair in its given order alone');
}

/** Loss, optimizer, memory and augmentation. */
function craftOptions(command: Command): Command {
  return command
    .option(
      '--augment <recipe>',
      'edit training pairs by an augmentation recipe, anew each epoch, or none; default with --init mini: balanced',
    )
    .option('--augment-share <share>', 'part of the training pairs that is shown edited; default: 0.3', partOrAll)
    .option('--augment-rate <share>', 'part of the characters that an edit may change; default: as the recipe says', share)
    .option('--label-smoothing <share>', 'part of each target that goes to all labels', share)
    .option('--focal <gamma>', 'focal loss', positive)
    .option(
      '--class-weights <weights>',
      'what the loss of label 0 and of label 1 is multiplied by, such as 1,2; default with --init mini: 1,1.3',
      weights,
    )
    .option('--r-drop <alpha>', 'two passes with different dropout that have to agree', positive)
    .option('--adversarial <kind>', 'fgm (2 passes a step), pgd (1 + steps) or freelb (steps)', oneOf('fgm', 'pgd', 'freelb'))
    .option('--epsilon <length>', 'length of the perturbation; default: 1', positive)
    .option('--adversarial-steps <number>', 'steps of pgd and freelb; default: 3', whole)
    .option('--adversarial-rate <length>', 'length of one such step; default: 2 · epsilon / steps', positive)
    .option('--adversarial-norm <kind>', 'length over each example, or over the whole matrix; default: example', oneOf('example', 'matrix'))
    .option('--warmup <steps>', 'steps of warm-up, or below 1 their share; default: 0.1', zeroOrMore)
    .option('--decay <kind>', 'linear, cosine or constant; default: linear', oneOf('linear', 'cosine', 'constant'))
    .option('--weight-decay <number>', 'default: 0.01', zeroOrMore)
    .option('--clip-norm <number>', 'longest gradient; 0 for any; default: 1', zeroOrMore)
    .option('--bias-correction', "Adam's bias correction, which BERT leaves out")
    .option('--layer-decay <factor>', 'learning rate of a layer as a part of that above it', share)
    .option('--freeze <layers>', 'freeze the embeddings and so many layers from below', integer)
    .option('--dropout <share>', 'dropout of a model that starts; 0 for none', shareOrNone)
    .option('--ema <decay>', 'evaluate and keep a moving average of the weights, such as 0.999', share)
    .option('--accumulate <parts>', 'compute a batch in so many parts: less memory, same gradient', whole)
    .option('--recompute', "keep only each layer's input for the backward pass: less memory, a third more work");
}

/** A whole number above 0. */
function whole(text: string): number {
  if (integer(text) === 0) throw new InvalidArgumentError('expected a whole number above 0.');
  return Number(text);
}

function zeroOrMore(text: string): number {
  const value = Number(text);
  if (!(value >= 0) || !Number.isFinite(value) || text.trim() === '') throw new InvalidArgumentError('expected a number, 0 or more.');
  return value;
}

function shareOrNone(text: string): number {
  return text === '0' ? 0 : share(text);
}

function partOrAll(text: string): number {
  return text === '1' ? 1 : share(text);
}

function weights(text: string): readonly number[] {
  const values = text.split(',').map(positive);
  if (values.length < 2) throw new InvalidArgumentError('expected a number for each label, such as 1,2.');
  return values;
}
