import { type Command, InvalidArgumentError } from 'commander';

/** Options of everything that trains. */
export function trainingOptions(command: Command): Command {
  return engineOptions(command)
    .option('--seed <number>', 'seed of weights, order, masks and split', integer, 7)
    .option('--epochs <number>', 'passes over the training pairs', positive)
    .option('--batch-size <pairs>', 'pairs in a step', integer, 64)
    .option('--learning-rate <rate>', 'highest learning rate', positive)
    .option('--max-length <tokens>', 'longest pair, special tokens counted', integer, 128)
    .option('--init <folder>', 'start from the weights of a model folder, mini (the encoder that comes along) or random; default: mini')
    .option('--vocab <file>', 'vocab.txt; default: every character of the training text')
    .option('--layers <number>', 'layers of a model that starts from random weights; default: 4', integer)
    .option('--hidden <number>', 'its hidden size; default: 312', integer)
    .option('--heads <number>', 'its attention heads; default: 12', integer)
    .option(
      '--token-types <rule>',
      'side, side-and-match, side-match-and-sound or side-match-sound-and-context; default: as the weights have it, with --init mini side-match-sound-and-context',
      tokenTypes,
    )
    .option('--dev-share <share>', 'part of the pairs that goes to dev', share, 0.1);
}

/** Options of everything that computes. */
export function engineOptions(command: Command): Command {
  return command
    .option(
      '--engine <name>',
      'auto, onnx, onnx-cpu, onnx-webgpu or tfjs',
      oneOf('auto', 'onnx', 'onnx-cpu', 'onnx-webgpu', 'tfjs'),
      'auto',
    )
    .option('--device <name>', 'auto, cpu or gpu', oneOf('auto', 'cpu', 'gpu'), 'auto')
    .option(
      '--precision <type>',
      'type of products: float32, or float16 on a GPU (training then scales the loss)',
      oneOf('float32', 'float16'),
      'float32',
    )
    .option('--threads <number>', 'threads of the CPU engine; default: all cores', integer);
}

/** Examples under the help of a command. */
export function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

/** A whole number, 0 or more. */
export function integer(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number, 0 or more.');
  return value;
}

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}

/** A number between 0 and 1. */
export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('expected a number between 0 and 1.');
  return value;
}

/** A number from 0 up to, not including, 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('expected a number from 0 to below 1.');
  return value;
}

/** One of some names. */
export function oneOf(...names: readonly string[]): (text: string) => string {
  return (text) => {
    if (!names.includes(text)) throw new InvalidArgumentError(`expected one of ${names.join(', ')}.`);
    return text;
  };
}

/** A rule of token types. */
export function tokenTypes(text: string): string {
  const rules = ['side', 'side-and-match', 'side-match-and-sound', 'side-match-sound-and-context'];
  if (!rules.includes(text)) throw new InvalidArgumentError(`expected one of ${rules.join(', ')}.`);
  return text;
}
