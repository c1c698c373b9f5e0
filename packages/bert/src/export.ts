import type { BertConfig } from './config.ts';
import type { Tensors } from './engine.ts';
import { pairLogits } from './model.ts';

/** Inputs of an exported model under the names, in the order and of the types that Hugging Face's tools feed: int64 `[batch, length]`. */
export const EXPORT_INPUTS = {
  input_ids: { dtype: 'int64', shape: ['batch', 'length'] },
  attention_mask: { dtype: 'int64', shape: ['batch', 'length'] },
  token_type_ids: { dtype: 'int64', shape: ['batch', 'length'] },
} as const;

/**
 * The whole model as a function of inputs and weights to `logits`, `[batch, labels]`: what is written to `onnx/model.onnx`. Types of pairs are
 * derived inside, so that an exported model needs no tokenizer of its own.
 */
export function exportedModel(config: BertConfig): (inputs: Tensors, weights: Tensors) => Tensors {
  return (inputs, weights) => {
    const { input_ids: ids, attention_mask: mask, token_type_ids: sides } = inputs;
    if (ids === undefined || mask === undefined || sides === undefined) {
      throw new TypeError(
        `exportedModel: expected ${Object.keys(EXPORT_INPUTS).join(', ')}, got ${Object.keys(inputs).join(', ') || 'none'}.`,
      );
    }
    return { logits: pairLogits(weights, { ids, sides, mask }, config) };
  };
}
