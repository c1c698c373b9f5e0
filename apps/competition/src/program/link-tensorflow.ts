import type { Command } from 'commander';

import { examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion link-tensorflow`. */
export function addLinkTensorflow(program: Command, perform: Perform): void {
  program
    .command('link-tensorflow')
    .summary("tfjs-node with today's TensorFlow")
    .description(
      "Builds the binding of an installed @tensorflow/tfjs-node or -gpu against the TensorFlow of a Python, so that --engine tfjs computes with it: TensorFlow's CUDA wheel serves today's NVIDIA cards. Needs a C++ compiler.",
    )
    .option('--python <program>', 'the Python that has TensorFlow', 'python3')
    .option('--package <folder>', 'the installed package; default: both, where they are found')
    .option('--undo', 'put back what was published')
    .option('--compiler <program>', 'C++ compiler; default: $CXX, c++, g++ or clang++')
    .option('--headers <folder>', "where Node's node_api.h is; default: beside Node")
    .addHelpText(
      'after',
      examples([
        'npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0 && pip install "tensorflow[and-cuda]"',
        'samequestion link-tensorflow --python python3',
        'samequestion link-tensorflow --undo',
      ]),
    )
    .action(perform(async (options, context) => (await import('../commands/link-tensorflow.ts')).linkTensorflow(options, context)));
}
