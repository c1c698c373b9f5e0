import { Command } from 'commander';

import type { Perform } from './program/perform.ts';
import { addAugment } from './program/augment.ts';
import { addAudit } from './program/audit.ts';
import { addClosure } from './program/closure.ts';
import { addCompare } from './program/compare.ts';
import { addDoctor } from './program/doctor.ts';
import { addEnsemble } from './program/ensemble.ts';
import { addEvaluate } from './program/evaluate.ts';
import { addExport } from './program/export.ts';
import { addFolds } from './program/folds.ts';
import { addLinkTensorflow } from './program/link-tensorflow.ts';
import { addMakePairs } from './program/make-pairs.ts';
import { addPredict } from './program/predict.ts';
import { addPrepare } from './program/prepare.ts';
import { addPretrain } from './program/pretrain.ts';
import { addRun } from './program/run.ts';
import { addSubmit } from './program/submit.ts';
import { addTokenize } from './program/tokenize.ts';
import { addTrain } from './program/train.ts';
import { addValidate } from './program/validate.ts';

/** The whole command line. Commands load their code when they run, so that `--help` is quick. */
export function buildProgram(perform: Perform): Command {
  const program = new Command('samequestion')
    .description('Do two Chinese questions ask the same thing? Train, judge, submit.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    // One line, suggestion included, like every other error.
    .configureOutput({
      outputError: (text, write) =>
        write(
          `samequestion: ${text
            .trim()
            .replace(/^error: /u, '')
            .replaceAll(/\s*\n\s*/gu, ' ')}\n`,
        ),
    })
    .showSuggestionAfterError();
  addRun(program, perform);
  addPrepare(program, perform);
  addAudit(program, perform);
  addFolds(program, perform);
  addClosure(program, perform);
  addTrain(program, perform);
  addEvaluate(program, perform);
  addPredict(program, perform);
  addEnsemble(program, perform);
  addSubmit(program, perform);
  addValidate(program, perform);
  addCompare(program, perform);
  addTokenize(program, perform);
  addAugment(program, perform);
  addExport(program, perform);
  addPretrain(program, perform);
  addMakePairs(program, perform);
  addDoctor(program, perform);
  addLinkTensorflow(program, perform);
  for (const command of program.commands) {
    command.option('--json', 'print the result as one JSON object on standard output').exitOverride();
    command.allowExcessArguments(false);
  }
  return program;
}
