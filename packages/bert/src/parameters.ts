import { type BertConfig, comparesSounds } from './config.ts';
import type { TensorSpec, TensorValue, TensorValues } from './engine.ts';
import { ModelError } from './error.ts';

/** The table over the vocabulary that says which tokens sound alike; a constant, not a parameter. */
export const SOUND_CLASSES = 'same_question.sound_classes';

/** Which heads a set of parameters has beside the encoder. */
export interface Heads {
  /** The sequence-pair classifier. */
  readonly classifier: boolean;
  /** The masked language model's transform and bias (its product is tied to the word embeddings). */
  readonly maskedLanguageModel: boolean;
}

/** The heads of a plain pair classifier. */
export const CLASSIFIER_ONLY: Heads = { classifier: true, maskedLanguageModel: false };

/**
 * Names and shapes of everything a model's weights file holds, in Hugging Face's names and `[out, in]` layout, in the order of the computation.
 */
export function parameterSpecs(config: BertConfig, heads: Heads = CLASSIFIER_ONLY): Readonly<Record<string, TensorSpec>> {
  const hidden = config.hidden_size;
  const shapes: [string, number[]][] = [
    ['bert.embeddings.word_embeddings.weight', [config.vocab_size, hidden]],
    ['bert.embeddings.position_embeddings.weight', [config.max_position_embeddings, hidden]],
    ['bert.embeddings.token_type_embeddings.weight', [config.type_vocab_size, hidden]],
    ...layerNorm('bert.embeddings.LayerNorm', hidden),
  ];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const prefix = `bert.encoder.layer.${layer}`;
    shapes.push(
      ...dense(`${prefix}.attention.self.query`, hidden, hidden),
      ...dense(`${prefix}.attention.self.key`, hidden, hidden),
      ...dense(`${prefix}.attention.self.value`, hidden, hidden),
      ...dense(`${prefix}.attention.output.dense`, hidden, hidden),
      ...layerNorm(`${prefix}.attention.output.LayerNorm`, hidden),
      ...dense(`${prefix}.intermediate.dense`, config.intermediate_size, hidden),
      ...dense(`${prefix}.output.dense`, hidden, config.intermediate_size),
      ...layerNorm(`${prefix}.output.LayerNorm`, hidden),
    );
  }
  if (heads.classifier) {
    if (config.classifier_head === 'pooler') shapes.push(...dense('bert.pooler.dense', hidden, hidden));
    const width = config.classifier_head === 'last-layers' ? config.classifier_layers * hidden : hidden;
    shapes.push(...dense('classifier', config.num_labels, width));
  }
  if (heads.maskedLanguageModel) {
    shapes.push(...dense('cls.predictions.transform.dense', hidden, hidden), ...layerNorm('cls.predictions.transform.LayerNorm', hidden), [
      'cls.predictions.bias',
      [config.vocab_size],
    ]);
  }
  const specs: Record<string, TensorSpec> = Object.fromEntries(shapes.map(([name, shape]) => [name, { dtype: 'float32', shape }]));
  if (comparesSounds(config.pair_token_types)) specs[SOUND_CLASSES] = { dtype: 'int32', shape: [config.vocab_size] };
  return specs;
}

/** Names of the tensors that training changes: all but the tables of integers. */
export function trainableNames(specs: Readonly<Record<string, TensorSpec>>): readonly string[] {
  return Object.keys(specs).filter((name) => specs[name]?.dtype === 'float32');
}

/** How many trainable numbers a model has. */
export function countParameters(config: BertConfig, heads: Heads = CLASSIFIER_ONLY): number {
  const specs = parameterSpecs(config, heads);
  return trainableNames(specs).reduce((sum, name) => sum + elementCount(specs[name]?.shape ?? []), 0);
}

/** Does weight decay leave this parameter alone? True of biases and LayerNorm, as in BERT. */
export function isUndecayed(name: string): boolean {
  return name.endsWith('.bias') || name.includes('LayerNorm');
}

/**
 * How deep a parameter sits: 0 for the embeddings, 1 … L for the layers, L + 1 for the heads.
 */
export function depthOf(name: string, config: BertConfig): number {
  if (name.startsWith('bert.embeddings.')) return 0;
  const layer = /^bert\.encoder\.layer\.(\d+)\./u.exec(name)?.[1];
  return layer === undefined ? config.num_hidden_layers + 1 : Number(layer) + 1;
}

/**
 * Checks parameters against a configuration.
 *
 * @throws {ModelError} With every missing, extra and misshaped tensor listed.
 */
export function checkParameters(parameters: TensorValues, config: BertConfig, heads: Heads = CLASSIFIER_ONLY): void {
  const specs = parameterSpecs(config, heads);
  const missing = Object.keys(specs).filter((name) => parameters[name] === undefined);
  const extra = Object.keys(parameters).filter((name) => specs[name] === undefined);
  const misshaped = misshapedTensors(parameters, specs);
  if (missing.length + extra.length + misshaped.length > 0) {
    throw new ModelError(`checkParameters: ${describeDifferences({ missing, extra, misshaped })}.`, { missing, extra, misshaped });
  }
}

/** The tensors whose shape is not what the configuration says, described. */
export function misshapedTensors(parameters: TensorValues, specs: Readonly<Record<string, TensorSpec>>): readonly string[] {
  return Object.entries(specs).flatMap(([name, spec]) => {
    const value = parameters[name];
    if (value === undefined || sameShape(value, spec)) return [];
    return [`${name}: expected ${spec.dtype} [${spec.shape.join(', ')}], got ${value.dtype} [${value.shape.join(', ')}]`];
  });
}

/** One line that lists what is missing, extra and misshaped. */
export function describeDifferences(found: {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly misshaped: readonly string[];
}): string {
  const parts: string[] = [];
  if (found.missing.length > 0) parts.push(`missing ${list(found.missing)}`);
  if (found.extra.length > 0) parts.push(`not of this model ${list(found.extra)}`);
  if (found.misshaped.length > 0) parts.push(`wrong shape ${list(found.misshaped)}`);
  return parts.join('; ');
}

/** The product of a shape's sizes. */
export function elementCount(shape: readonly (number | string)[]): number {
  return shape.reduce<number>((product, size) => product * Number(size), 1);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 6).join(', ');
  return names.length > 6 ? `(${names.length}): ${shown}, …` : `(${names.length}): ${shown}`;
}

function sameShape(value: TensorValue, spec: TensorSpec): boolean {
  return (
    value.dtype === spec.dtype && value.shape.length === spec.shape.length && value.shape.every((size, axis) => size === spec.shape[axis])
  );
}

function dense(name: string, output: number, input: number): [string, number[]][] {
  return [
    [`${name}.weight`, [output, input]],
    [`${name}.bias`, [output]],
  ];
}

function layerNorm(name: string, size: number): [string, number[]][] {
  return [
    [`${name}.weight`, [size]],
    [`${name}.bias`, [size]],
  ];
}
