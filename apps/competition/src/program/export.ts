import type { Command } from 'commander';

import { examples } from './options.ts';
import type { Perform } from './perform.ts';

/** `samequestion export`. */
export function addExport(program: Command, perform: Perform): void {
  program
    .command('export')
    .summary('a model folder for transformers.js and any ONNX runtime')
    .description(
      'Adds onnx/model.onnx to a model folder: inputs input_ids, attention_mask and token_type_ids (int64, any size), output logits. The folder then loads in transformers.js.',
    )
    .requiredOption('--model <folder>', 'a model folder')
    .addHelpText('after', examples(['samequestion export --model runs/mine/model']))
    .action(perform(async (options, context) => (await import('../commands/export.ts')).exportModel(options, context)));
}
