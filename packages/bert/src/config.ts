import { ModelError } from './error.ts';

/** How a token's type is made: by side alone (every BERT), or also by what the other text has. See `token-types.ts`. */
export type PairTokenTypes = 'side' | 'side-and-match' | 'side-match-and-sound' | 'side-match-sound-and-context';

/** What the classifier sees: the pooled first token, the first token of the last layers side by side, or the mean over all tokens. */
export type ClassifierHead = 'pooler' | 'last-layers' | 'mean';

/** The activation between the two products of a feed-forward layer. */
export type Activation = 'gelu' | 'gelu_new' | 'relu';

/**
 * A BERT's sizes and options. Fields carry the names of Hugging Face's `config.json`; those from `pair_token_types` on are this project's.
 */
export interface BertConfig {
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly hidden_act: Activation;
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  /** Dropout before the classifier; `null` means `hidden_dropout_prob`. */
  readonly classifier_dropout: number | null;
  readonly max_position_embeddings: number;
  readonly type_vocab_size: number;
  readonly initializer_range: number;
  readonly layer_norm_eps: number;
  readonly pad_token_id: number;
  readonly num_labels: number;
  readonly pair_token_types: PairTokenTypes;
  /** Ids that never match the other text: the special tokens and `[UNK]`. Used unless `pair_token_types` is `'side'`. */
  readonly unmatched_token_ids: readonly number[];
  readonly classifier_head: ClassifierHead;
  /** How many last layers the `'last-layers'` head reads. */
  readonly classifier_layers: number;
}

/** bert-base-chinese, as google published it. */
const BASE: BertConfig = {
  vocab_size: 21128,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  classifier_dropout: null,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
  num_labels: 2,
  pair_token_types: 'side',
  unmatched_token_ids: [],
  classifier_head: 'pooler',
  classifier_layers: 1,
};

/** Does a rule compare sounds, and so need the table of sound classes? */
export function comparesSounds(rule: PairTokenTypes): boolean {
  return rule === 'side-match-and-sound' || rule === 'side-match-sound-and-context';
}

/** How many token types each rule needs: two sides, times the kinds of match. */
export const TOKEN_TYPE_COUNTS: Readonly<Record<PairTokenTypes, number>> = {
  side: 2,
  'side-and-match': 4,
  'side-match-and-sound': 6,
  'side-match-sound-and-context': 10,
};

/**
 * A complete configuration from some fields; the rest are bert-base-chinese's.
 * `intermediate_size` follows `hidden_size` (four times) and `type_vocab_size` follows `pair_token_types` when not given.
 *
 * @throws {ModelError} If a value is out of range or two values contradict each other.
 */
export function createConfig(fields: Partial<BertConfig> = {}): BertConfig {
  const config = {
    ...BASE,
    ...(fields.hidden_size === undefined ? {} : { intermediate_size: 4 * fields.hidden_size }),
    type_vocab_size: TOKEN_TYPE_COUNTS[fields.pair_token_types ?? 'side'] ?? 2,
    ...fields,
  };
  validate(config);
  return config;
}

/**
 * Reads a Hugging Face `config.json` or google's `bert_config.json`. Fields that a BERT does not have are ignored; absent ones take BERT's defaults.
 *
 * @throws {ModelError} If the text is not JSON, describes another kind of model, or holds an impossible value.
 */
export function parseConfig(text: string, path = 'config.json'): BertConfig {
  const json = parseObject(text, path);
  if (json['model_type'] !== undefined && json['model_type'] !== 'bert') {
    throw new ModelError(
      `parseConfig: expected "model_type": "bert", got ${JSON.stringify(json['model_type'])} (${path}). Only BERT models load.`,
      { path },
    );
  }
  if (json['position_embedding_type'] !== undefined && json['position_embedding_type'] !== 'absolute') {
    throw new ModelError(
      `parseConfig: expected "position_embedding_type": "absolute", got ${JSON.stringify(json['position_embedding_type'])} (${path}).`,
      { path },
    );
  }
  const known = Object.fromEntries(Object.keys(BASE).flatMap((key) => (json[key] === undefined ? [] : [[key, json[key]]])));
  const labels = json['id2label'];
  if (known['num_labels'] === undefined && typeof labels === 'object' && labels !== null) known['num_labels'] = Object.keys(labels).length;
  try {
    return createConfig({ intermediate_size: BASE.intermediate_size, type_vocab_size: 2, ...known });
  } catch (error) {
    if (error instanceof ModelError) throw new ModelError(`${error.message} (${path})`, { path, cause: error });
    throw error;
  }
}

/** The text of a `config.json` that Hugging Face's libraries read, for a model with the given kind of head. */
export function formatConfig(
  config: BertConfig,
  architecture: 'BertForSequenceClassification' | 'BertForMaskedLM' | 'BertForPreTraining' = 'BertForSequenceClassification',
): string {
  const { num_labels: labels, ...fields } = config;
  const ids = Array.from({ length: labels }, (_, label) => label);
  const json = {
    architectures: [architecture],
    model_type: 'bert',
    ...fields,
    id2label: Object.fromEntries(ids.map((id) => [String(id), `LABEL_${id}`])),
    label2id: Object.fromEntries(ids.map((id) => [`LABEL_${id}`, id])),
    problem_type: 'single_label_classification',
    tie_word_embeddings: true,
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function parseObject(text: string, path: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelError(`parseConfig: expected JSON, got ${JSON.stringify(text.slice(0, 40))} (${path}).`, { path, cause });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ModelError(`parseConfig: expected a JSON object, got ${JSON.stringify(json).slice(0, 40)} (${path}).`, { path });
  }
  return json as Record<string, unknown>;
}

const SIZES = [
  'vocab_size',
  'hidden_size',
  'num_hidden_layers',
  'num_attention_heads',
  'intermediate_size',
  'max_position_embeddings',
  'type_vocab_size',
  'num_labels',
  'classifier_layers',
] as const;
const RATES = ['hidden_dropout_prob', 'attention_probs_dropout_prob', 'classifier_dropout'] as const;

function validate(config: BertConfig): void {
  const wrong = (field: keyof BertConfig, expected: string): never => {
    throw new ModelError(`BERT configuration: expected ${field} to be ${expected}, got ${JSON.stringify(config[field])}.`);
  };
  for (const field of SIZES) if (!Number.isSafeInteger(config[field]) || config[field] < 1) wrong(field, 'a positive integer');
  for (const field of RATES) {
    const rate = config[field];
    if (rate !== null && !(typeof rate === 'number' && rate >= 0 && rate < 1)) wrong(field, 'a rate in [0, 1)');
  }
  if (config.hidden_dropout_prob === null) wrong('hidden_dropout_prob', 'a rate in [0, 1)');
  if (config.hidden_size % config.num_attention_heads !== 0)
    wrong('hidden_size', `a multiple of num_attention_heads (${config.num_attention_heads})`);
  if (!(config.layer_norm_eps > 0)) wrong('layer_norm_eps', 'above 0');
  if (!(config.initializer_range > 0)) wrong('initializer_range', 'above 0');
  if (!['gelu', 'gelu_new', 'relu'].includes(config.hidden_act)) wrong('hidden_act', '"gelu", "gelu_new" or "relu"');
  if (!['pooler', 'last-layers', 'mean'].includes(config.classifier_head)) wrong('classifier_head', '"pooler", "last-layers" or "mean"');
  if (config.classifier_layers > config.num_hidden_layers)
    wrong('classifier_layers', `at most num_hidden_layers (${config.num_hidden_layers})`);
  const types = TOKEN_TYPE_COUNTS[config.pair_token_types];
  if (types === undefined)
    wrong(
      'pair_token_types',
      Object.keys(TOKEN_TYPE_COUNTS)
        .map((rule) => JSON.stringify(rule))
        .join(' or '),
    );
  if (config.pair_token_types !== 'side' && config.type_vocab_size < types)
    wrong('type_vocab_size', `at least ${types} for "${config.pair_token_types}"`);
  const ids = config.unmatched_token_ids;
  if (!Array.isArray(ids) || !ids.every((id) => Number.isSafeInteger(id) && id >= 0)) wrong('unmatched_token_ids', 'a list of token ids');
  if (config.pair_token_types !== 'side' && ids.length === 0)
    wrong('unmatched_token_ids', 'the ids of the special tokens and [UNK], which never match');
}
