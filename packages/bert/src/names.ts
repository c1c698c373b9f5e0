/**
 * The one table of tensor names: what other formats call the tensors that this package calls by Hugging Face's present names.
 * Each rule rewrites a part of a name; all rules are tried in order.
 */
const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // DataParallel and some trainers put the model under a prefix.
  [/^module\./u, ''],
  // PyTorch files of 2018 and 2019, and TensorFlow's LayerNorm.
  [/\bLayerNorm\.gamma$/u, 'LayerNorm.weight'],
  [/\bLayerNorm\.beta$/u, 'LayerNorm.bias'],
  // google-research/bert: path segments, kernels, heads.
  [/\//gu, '.'],
  [/\blayer_(\d+)\b/u, 'layer.$1'],
  [/\bkernel$/u, 'weight'],
  [/\bLayerNorm\.gamma$/u, 'LayerNorm.weight'],
  [/\bLayerNorm\.beta$/u, 'LayerNorm.bias'],
  [/\b(word_embeddings|position_embeddings|token_type_embeddings)$/u, '$1.weight'],
  [/^cls\.predictions\.output_bias$/u, 'cls.predictions.bias'],
  [/^cls\.seq_relationship\.output_weights$/u, 'cls.seq_relationship.weight'],
  [/^cls\.seq_relationship\.output_bias$/u, 'cls.seq_relationship.bias'],
  [/^output_weights$/u, 'classifier.weight'],
  [/^output_bias$/u, 'classifier.bias'],
  // A bare BertModel has no prefix.
  [/^(embeddings|encoder|pooler)\./u, 'bert.$1.'],
  // The masked language model's tied product, written out by some exporters.
  [/^cls\.predictions\.decoder\.bias$/u, 'cls.predictions.bias'],
];

/** Tensors that files hold beside a model's parameters and that nobody misses: buffers, tied copies, optimizer slots. */
const BESIDE = [
  /(^|\.)position_ids$/u,
  /^cls\.predictions\.decoder\.weight$/u,
  /^cls\.seq_relationship\./u,
  /[./]adam_[mv]$/u,
  /^global_step$/u,
  /^best\.|^adam\.|^average\./u,
];

/** A tensor's name in a file, in Hugging Face's present names. */
export function canonicalName(name: string): string {
  return RULES.reduce((current, [pattern, replacement]) => current.replace(pattern, replacement), name);
}

/** Is this a tensor that files hold beside the parameters? */
export function isBeside(name: string): boolean {
  return BESIDE.some((pattern) => pattern.test(name));
}

/** Does the file hold this matrix as `[in, out]`, as TensorFlow does? */
export function isTransposed(name: string): boolean {
  return /(^|\/)kernel$/u.test(name);
}
