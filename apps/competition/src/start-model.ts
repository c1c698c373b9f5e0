import { soundClasses } from '@samequestion/augment';
import {
  type BertConfig,
  type TensorValues,
  comparesSounds,
  countParameters,
  createConfig,
  initialiseParameters,
  loadModel,
} from '@samequestion/bert';
import type { Pair } from '@samequestion/pairs';
import { type Tokenizer, characterVocabulary, createTokenizer } from '@samequestion/tokenizer';

import { describeLoading } from './describe-loading.ts';
import { findModelFolder } from './hub-model.ts';
import { miniRecipe } from './mini-recipe.ts';
import { readTokenizer, readVocabulary } from './tokenizer-folder.ts';
import type { TrainingOptions } from './training-options.ts';
import { UsageError } from './usage-error.ts';

/** Where training starts: weights, configuration and tokenizer that belong together. */
export interface StartModel {
  readonly config: BertConfig;
  readonly parameters: TensorValues;
  readonly tokenizer: Tokenizer;
  /** One line: where the weights come from. */
  readonly origin: string;
  /** Of the weights, where they themselves are no longer at hand because a run goes on. */
  readonly sha256?: string;
}

const newHeadsSeedOffset = 1;

/** Which weights a run starts from: a folder, `mini` (the default) or `random` (the default where a size or a vocabulary is asked for). */
export function startName({ init, vocab, layers, hidden, heads }: TrainingOptions): string {
  return init ?? ((vocab ?? layers ?? hidden ?? heads) === undefined ? 'mini' : 'random');
}

/** The weights of `--init`, or random ones of the size asked for. @throws {UsageError | ModelError | CheckpointError | VocabularyError} */
export async function startModel(options: TrainingOptions, train: readonly Pair[]): Promise<StartModel> {
  const name = startName(options);
  if (name === 'random') return randomModel(options, train);
  if (name !== 'mini') return givenModel(options, name);
  const { modelFolder } = await import('@samequestion/model-mini');
  return {
    ...(await givenModel({ ...options, tokenTypes: options.tokenTypes ?? miniRecipe.tokenTypes }, modelFolder)),
    origin: '@samequestion/model-mini',
  };
}

async function givenModel(options: TrainingOptions, name: string): Promise<StartModel> {
  if (options.vocab !== undefined) throw new UsageError('--vocab: expected none beside --init, whose folder has its own vocabulary.');
  const folder = await findModelFolder('--init', name);
  const tokenizer = await readTokenizer(folder);
  const types =
    options.tokenTypes === undefined ? {} : { pair_token_types: options.tokenTypes, unmatched_token_ids: unmatchedIds(tokenizer) };
  const { config, parameters, ...loaded } = await loadModel(folder, {
    newHeadsSeed: options.seed + newHeadsSeedOffset,
    config: { ...types, ...dropoutOf(options) },
    ...soundsOf(options, tokenizer),
  });
  return { config, parameters, tokenizer, origin: `weights of ${name}${describeLoading(loaded)}` };
}

async function randomModel(options: TrainingOptions, train: readonly Pair[]): Promise<StartModel> {
  const { hidden = 312, heads = 12, layers = 4, maxLength } = options;
  if (hidden % heads !== 0) throw new UsageError(`--heads: expected a divisor of --hidden ${hidden}, got ${heads}.`);
  const vocabulary =
    options.vocab === undefined
      ? characterVocabulary(train.flatMap(({ question1, question2 }) => [question1, question2]))
      : await readVocabulary(options.vocab);
  const tokenizer = createTokenizer(vocabulary);
  const config = createConfig({
    ...dropoutOf(options),
    vocab_size: vocabulary.size,
    hidden_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    max_position_embeddings: maxLength,
    pad_token_id: vocabulary.specialIds.padding,
    pair_token_types: options.tokenTypes ?? 'side-and-match',
    unmatched_token_ids: unmatchedIds(tokenizer),
  });
  const parameters = initialiseParameters(config, { seed: options.seed, ...soundsOf(options, tokenizer) });
  const millions = (countParameters(config) / 1e6).toFixed(1);
  return { config, parameters, tokenizer, origin: `random weights, ${layers} layers × ${hidden}, ${millions} M parameters` };
}

/** The table of sounds, where the token types need one. */
function soundsOf({ tokenTypes }: TrainingOptions, { vocabulary }: Tokenizer): { readonly soundClasses?: Int32Array } {
  return tokenTypes !== undefined && comparesSounds(tokenTypes) ? { soundClasses: soundClasses(vocabulary.tokens) } : {};
}

function dropoutOf({ dropout }: TrainingOptions): Partial<BertConfig> {
  return dropout === undefined ? {} : { hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout };
}

/** The special tokens and `[UNK]`: they say nothing about the other text. */
export function unmatchedIds({ vocabulary }: Tokenizer): number[] {
  return Object.values(vocabulary.specialIds).sort((one, other) => one - other);
}
