import type { TokenizerRules } from './tokenizer-options.ts';
import type { Tokenizer } from './tokenizer.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The four files that describe a tokenizer to Hugging Face libraries, as text by file name. */
export interface TokenizerFiles {
  readonly 'vocab.txt': string;
  readonly 'tokenizer.json': string;
  readonly 'tokenizer_config.json': string;
  readonly 'special_tokens_map.json': string;
}

/** What {@link tokenizerFiles} writes beside the vocabulary. */
export interface TokenizerFilesOptions {
  /** Positions that the model has, for `model_max_length`; 512 by default. */
  readonly maxLength?: number;
}

/** The contents of `vocab.txt`, `tokenizer.json`, `tokenizer_config.json` and `special_tokens_map.json`. */
export function tokenizerFiles(tokenizer: Pick<Tokenizer, 'vocabulary' | 'rules'>, options: TokenizerFilesOptions = {}): TokenizerFiles {
  const { vocabulary, rules } = tokenizer;
  return {
    'vocab.txt': vocabulary.toText(),
    'tokenizer.json': json(tokenizerJson(vocabulary, rules)),
    'tokenizer_config.json': json(tokenizerConfig(vocabulary, rules, options)),
    'special_tokens_map.json': json(specialTokensMap(vocabulary)),
  };
}

const special = (token: string, type: number): object => ({ SpecialToken: { id: token, type_id: type } });
const text = (id: 'A' | 'B', type: number): object => ({ Sequence: { id, type_id: type } });

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function tokenizerJson(vocabulary: Vocabulary, rules: TokenizerRules): object {
  const { classification, separator } = vocabulary.specialTokens;
  const named = (token: string): object => ({ id: token, ids: [vocabulary.id(token)], tokens: [token] });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(vocabulary),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: rules.splitCjk,
      strip_accents: rules.stripAccents,
      lowercase: rules.lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special(classification, 0), text('A', 0), special(separator, 0)],
      pair: [special(classification, 0), text('A', 0), special(separator, 0), text('B', 1), special(separator, 1)],
      special_tokens: { [classification]: named(classification), [separator]: named(separator) },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: vocabulary.specialTokens.unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: rules.maxWordCharacters,
      vocab: Object.fromEntries(vocabulary.tokens.slice(0, vocabulary.modelSize).map((token, id) => [token, id])),
    },
  };
}

function addedTokens(vocabulary: Vocabulary): object[] {
  const names = Object.values(vocabulary.specialTokens);
  return [...new Set([...names, ...vocabulary.addedTokens])]
    .map((content) => ({
      id: vocabulary.id(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: names.includes(content),
    }))
    .sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
}

function specialTokensMap({ specialTokens }: Vocabulary): Record<string, string> {
  return {
    cls_token: specialTokens.classification,
    mask_token: specialTokens.mask,
    pad_token: specialTokens.padding,
    sep_token: specialTokens.separator,
    unk_token: specialTokens.unknown,
  };
}

function tokenizerConfig(vocabulary: Vocabulary, rules: TokenizerRules, { maxLength = 512 }: TokenizerFilesOptions): object {
  return {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: rules.lowercase,
    do_basic_tokenize: true,
    strip_accents: rules.stripAccents,
    tokenize_chinese_chars: rules.splitCjk,
    model_max_length: maxLength,
    ...specialTokensMap(vocabulary),
  };
}
