import type { BertConfig } from './config.ts';
import type { TensorValue } from './engine.ts';
import { CLASSIFIER_ONLY, type Heads, SOUND_CLASSES, elementCount, parameterSpecs } from './parameters.ts';
import { ModelError } from './error.ts';
import { hashIntegers, hashText, uniformStream } from './random.ts';

/** The first token type of matches in context. */
const IN_CONTEXT = 6;
const TYPES = 'bert.embeddings.token_type_embeddings.weight';

/** What initial weights depend on beside the configuration. */
export interface InitialiseOptions {
  readonly seed: number;
  readonly heads?: Heads;
  /** For rules that compare sounds: the sound class of each token, 0 where it has none. */
  readonly soundClasses?: Int32Array;
}

/**
 * Random weights as google-research/bert draws them: matrices from a normal distribution with deviation `initializer_range` cut off
 * at two deviations, biases 0, LayerNorm scales 1. Rows of token types beyond the two sides start as copies of their side.
 *
 * Each tensor has a random stream of its own, so adding a head changes no other tensor.
 *
 * @throws {ModelError} If the model needs a table of sound classes and got none of the vocabulary's size.
 */
export function initialiseParameters(config: BertConfig, options: InitialiseOptions): Record<string, TensorValue> {
  const specs = parameterSpecs(config, options.heads ?? CLASSIFIER_ONLY);
  const parameters: Record<string, TensorValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const shape = spec.shape.map(Number);
    parameters[name] =
      name === SOUND_CLASSES
        ? soundTable(config, options.soundClasses)
        : { dtype: 'float32', shape, data: initialValues(name, elementCount(shape), config.initializer_range, options.seed) };
  }
  const types = parameters[TYPES];
  if (types !== undefined)
    parameters[TYPES] = extendTokenTypes(
      { ...types, shape: [2, config.hidden_size], data: types.data.subarray(0, 2 * config.hidden_size) },
      config,
    );
  return parameters;
}

/** One tensor's first values. */
export function initialValues(name: string, count: number, deviation: number, seed: number): Float32Array {
  if (name.endsWith('.bias')) return new Float32Array(count);
  if (name.includes('LayerNorm')) return new Float32Array(count).fill(1);
  return truncatedNormal(count, deviation, hashIntegers(seed, hashText(name)));
}

/**
 * A table of token types with the rows that a configuration asks for. A row beyond the given ones starts as a copy of what it refines: a match
 * in context (6 to 9) of the match alone (2 to 5), where the table has it, every other of its side. A table that already has enough rows is
 * returned as it is.
 */
export function extendTokenTypes(types: TensorValue, config: BertConfig): TensorValue {
  const [rows = 0, width = 0] = types.shape;
  if (rows >= config.type_vocab_size) return types;
  const data = new Float32Array(config.type_vocab_size * width);
  data.set(types.data);
  for (let row = rows; row < config.type_vocab_size; row++) {
    const refined = row >= IN_CONTEXT && row - IN_CONTEXT + 2 < rows ? row - IN_CONTEXT + 2 : row % 2;
    data.copyWithin(row * width, refined * width, (refined + 1) * width);
  }
  return { dtype: 'float32', shape: [config.type_vocab_size, width], data };
}

/** `count` numbers from a normal distribution of the given deviation, those beyond two deviations drawn again (Box–Muller). */
export function truncatedNormal(count: number, deviation: number, key: number): Float32Array {
  const uniform = uniformStream(key);
  const values = new Float32Array(count);
  for (let filled = 0; filled < count;) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    for (const value of [radius * Math.cos(angle), radius * Math.sin(angle)]) {
      if (Math.abs(value) <= 2 && filled < count) values[filled++] = value * deviation;
    }
  }
  return values;
}

function soundTable(config: BertConfig, classes: Int32Array | undefined): TensorValue {
  if (classes?.length !== config.vocab_size) {
    throw new ModelError(
      `initialiseParameters: expected soundClasses for ${config.vocab_size} tokens ("pair_token_types": "${config.pair_token_types}"), got ${classes?.length ?? 'none'}. Give one class per token, 0 for none.`,
    );
  }
  return { dtype: 'int32', shape: [config.vocab_size], data: classes };
}
