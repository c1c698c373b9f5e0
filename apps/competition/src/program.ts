import { Command, InvalidArgumentError } from 'commander';

import type { Context } from './context.ts';

/** What a command does with its options; the result is printed as JSON if asked. */
export type CommandAction = (options: Record<string, unknown>, context: Context) => Promise<unknown>;

/** Turns an action into a commander handler. */
export type Perform = (action: CommandAction) => (options: Record<string, unknown>, command: Command) => Promise<void>;

/** The whole command line. Commands load their code when they run, so that `--help` is quick. */
export function buildProgram(perform: Perform): Command {
  const program = new Command('samequestion')
    .description('Do two Chinese questions ask the same thing? Train, judge, submit.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError();
  addRun(program, perform);
  addPrepare(program, perform);
  addTrain(program, perform);
  addEvaluate(program, perform);
  addPredict(program, perform);
  addSubmit(program, perform);
  for (const command of program.commands) {
    command.option('--json', 'print the result as one JSON object on standard output').exitOverride();
    command.allowExcessArguments(false);
  }
  return program;
}

function addRun(program: Command, perform: Perform): void {
  const command = program
    .command('run')
    .summary('everything: pairs, training, evaluation, test file, submission, report')
    .description(
      'Reads question groups, trains, predicts the test file and writes the submission and a report into one folder. Without files it runs on the sample data.',
    );
  trainingOptions(command)
    .option('--train <file>', 'question groups (competition XML) or labelled pairs; default: the sample data')
    .option('--dev <file>', 'labelled pairs to evaluate on; default: a part of the training groups that shares no question with the rest')
    .option('--test <file>', 'test file: qid, question1, question2; default: the sample data')
    .option('--test-labels <file>', 'labels of the test file: qid, label')
    .option('--sample-submission <file>', 'a submission whose order and line ending are followed')
    .option('--out <folder>', 'where everything is written; default: runs/ and the time')
    .addHelpText(
      'after',
      examples([
        'samequestion run',
        'samequestion run --train train_set.xml --test dev_set.csv --sample-submission sample_submission.csv --out runs/diac',
      ]),
    )
    .action(perform(async (options, context) => (await import('./commands/run.ts')).run(options, context)));
}

function addPrepare(program: Command, perform: Perform): void {
  program
    .command('prepare')
    .summary('question groups to labelled pairs, split into train and dev')
    .description('Builds pairs from question groups and splits them so that train and dev share no question. Writes train.tsv and dev.tsv.')
    .requiredOption('--train <file>', 'question groups (competition XML) or labelled pairs')
    .requiredOption('--out <folder>', 'where train.tsv and dev.tsv are written')
    .option('--dev-share <share>', 'part of the pairs that goes to dev', share, 0.1)
    .option('--seed <number>', 'seed of the split', integer, 7)
    .addHelpText('after', examples(['samequestion prepare --train train_set.xml --out data']))
    .action(perform(async (options, context) => (await import('./commands/prepare.ts')).prepare(options, context)));
}

function addTrain(program: Command, perform: Perform): void {
  const command = program
    .command('train')
    .summary('labelled pairs to a model')
    .description('Fine-tunes BERT on labelled pairs and writes a Hugging Face folder.')
    .requiredOption('--train <file>', 'labelled pairs: question1, question2, label')
    .option('--dev <file>', 'labelled pairs to evaluate on')
    .requiredOption('--out <folder>', 'where model/ and log.jsonl are written');
  trainingOptions(command)
    .addHelpText('after', examples(['samequestion train --train data/train.tsv --dev data/dev.tsv --out runs/mine --epochs 2']))
    .action(perform(async (options, context) => (await import('./commands/train.ts')).train(options, context)));
}

function addEvaluate(program: Command, perform: Perform): void {
  const command = program
    .command('evaluate')
    .summary('scores of a model on labelled pairs')
    .description('Accuracy, precision, recall and F1 of label 1, macro-F1, loss and the confusion matrix.')
    .requiredOption('--model <folder>', 'a model folder')
    .requiredOption('--data <file>', 'labelled pairs: question1, question2, label');
  engineOptions(command)
    .addHelpText('after', examples(['samequestion evaluate --model runs/mine/model --data data/dev.tsv --json']))
    .action(perform(async (options, context) => (await import('./commands/evaluate.ts')).evaluate(options, context)));
}

function addPredict(program: Command, perform: Perform): void {
  const command = program
    .command('predict')
    .summary('probabilities for a test file')
    .description(
      'Writes qid, probability0, probability1 and label for each pair of a test file. Any Hugging Face folder of a BERT pair classifier will do.',
    )
    .requiredOption('--model <folder>', 'a model folder')
    .requiredOption('--input <file>', 'test file: qid, question1, question2')
    .requiredOption('--out <file>', 'where predictions are written')
    .option('--logits', 'write logit0 and logit1 too');
  engineOptions(command)
    .addHelpText('after', examples(['samequestion predict --model runs/mine/model --input test.csv --out predictions.tsv']))
    .action(perform(async (options, context) => (await import('./commands/predict.ts')).predict(options, context)));
}

function addSubmit(program: Command, perform: Perform): void {
  program
    .command('submit')
    .summary('predictions to a submission')
    .description("Turns predictions (ours, or google's headerless test_results.tsv in the test file's order) into a submission.")
    .requiredOption('--input <file>', 'predictions.tsv, or test_results.tsv')
    .requiredOption('--test <file>', 'test file: qid, question1, question2')
    .option('--sample-submission <file>', 'a submission whose order and line ending are followed')
    .requiredOption('--out <file>', 'where the submission is written')
    .option('--threshold <share>', 'probability of label 1 from which the answer is 1', share, 0.5)
    .addHelpText(
      'after',
      examples(['samequestion submit --input predictions.tsv --test test.csv --sample-submission sample.csv --out result.csv']),
    )
    .action(perform(async (options, context) => (await import('./commands/submit.ts')).submit(options, context)));
}

/** Options of everything that trains. */
function trainingOptions(command: Command): Command {
  return engineOptions(command)
    .option('--seed <number>', 'seed of weights, order, masks and split', integer, 7)
    .option('--epochs <number>', 'passes over the training pairs', positive)
    .option('--batch-size <pairs>', 'pairs in a step', integer, 64)
    .option('--learning-rate <rate>', 'highest learning rate', positive)
    .option('--max-length <tokens>', 'longest pair, special tokens counted', integer, 128)
    .option('--init <folder>', 'start from the weights of a model folder')
    .option('--vocab <file>', 'vocab.txt; default: every character of the training text')
    .option('--layers <number>', 'layers of a model that starts from random weights', integer, 4)
    .option('--hidden <number>', 'its hidden size', integer, 312)
    .option('--heads <number>', 'its attention heads', integer, 12)
    .option('--token-types <rule>', 'side, or side-and-match', tokenTypes)
    .option('--dev-share <share>', 'part of the pairs that goes to dev', share, 0.1);
}

function engineOptions(command: Command): Command {
  return command
    .option('--engine <name>', 'auto, onnx or tfjs', 'auto')
    .option('--device <name>', 'auto, cpu or gpu', 'auto')
    .option('--threads <number>', 'threads of the CPU engine; default: all cores', integer);
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number, 0 or more.');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number above 0.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('expected a number between 0 and 1.');
  return value;
}

function tokenTypes(text: string): string {
  const rules = ['side', 'side-and-match', 'side-match-and-sound'];
  if (!rules.includes(text)) throw new InvalidArgumentError(`expected one of ${rules.join(', ')}.`);
  return text;
}
