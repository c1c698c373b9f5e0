import { CONTINUATION } from './piece-trie.ts';
import type { TokenizerFiles } from './hugging-face.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';
import { Tokenizer } from './tokenizer.ts';
import { SPECIAL_TOKENS, Vocabulary, type SpecialTokens } from './vocabulary.ts';
import { VocabularyError } from './vocabulary-error.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Makes a tokenizer from the files of a model folder, as text by name. `tokenizer.json` decides where it is given; without it `vocab.txt`
 * does, with the options of `tokenizer_config.json`. Names of special tokens come from `special_tokens_map.json` or `tokenizer_config.json`.
 *
 * @param options What the files leave open, or are to be overruled in.
 * @throws {VocabularyError} If neither vocabulary is given, a file is no JSON, or it describes something other than BERT's WordPiece.
 */
export function tokenizerFromFiles(files: Partial<TokenizerFiles>, options: TokenizerOptions = {}): Tokenizer {
  const config = parse(files, 'tokenizer_config.json');
  const specialTokens = { ...SPECIAL_TOKENS, ...specialNames(config), ...specialNames(parse(files, 'special_tokens_map.json')) };
  if (files['tokenizer.json'] !== undefined) {
    const tokenizer = parse(files, 'tokenizer.json');
    const rules = { ...configRules(config), ...normalizerRules(tokenizer) };
    return new Tokenizer(readVocabulary(tokenizer, specialTokens), { ...rules, ...options });
  }
  if (files['vocab.txt'] === undefined) {
    throw new VocabularyError('tokenizerFromFiles: expected tokenizer.json or vocab.txt, got neither. A model folder holds one of them.');
  }
  return new Tokenizer(Vocabulary.fromText(files['vocab.txt'], { specialTokens }), { ...configRules(config), ...options });
}

function parse(files: Partial<TokenizerFiles>, name: keyof TokenizerFiles): Json {
  const text = files[name];
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new VocabularyError(`${name}: expected JSON, got text that is none (${String(cause)}). Download the file again.`, {
      source: name,
      cause,
    });
  }
  return object(value) ?? fail(name, 'a JSON object', shown(value));
}

const NAMES: readonly (readonly [file: string, role: keyof SpecialTokens])[] = [
  ['pad_token', 'padding'],
  ['unk_token', 'unknown'],
  ['cls_token', 'classification'],
  ['sep_token', 'separator'],
  ['mask_token', 'mask'],
];

/** Names are strings, or objects with a `content`. */
function specialNames(json: Json): Partial<SpecialTokens> {
  const names: Partial<Record<keyof SpecialTokens, string>> = {};
  for (const [key, role] of NAMES) {
    const value = json[key];
    const name = object(value)?.['content'] ?? value;
    if (typeof name === 'string') names[role] = name;
  }
  return names;
}

function configRules(config: Json): TokenizerOptions {
  return {
    ...(typeof config['do_lower_case'] === 'boolean' && { lowercase: config['do_lower_case'] }),
    ...(typeof config['strip_accents'] === 'boolean' && { stripAccents: config['strip_accents'] }),
    ...(typeof config['tokenize_chinese_chars'] === 'boolean' && { splitCjk: config['tokenize_chinese_chars'] }),
  };
}

/** The rules of `tokenizer.json`; what is no BERT tokenizer is refused rather than read wrongly. */
function normalizerRules(tokenizer: Json): TokenizerOptions {
  const normalizer = object(tokenizer['normalizer']);
  const preTokenizer = object(tokenizer['pre_tokenizer']);
  const model = object(tokenizer['model']);
  if (normalizer?.['type'] !== 'BertNormalizer') fail('tokenizer.json', 'a normalizer of type BertNormalizer', shown(normalizer?.['type']));
  if (preTokenizer?.['type'] !== 'BertPreTokenizer')
    fail('tokenizer.json', 'a pre_tokenizer of type BertPreTokenizer', shown(preTokenizer?.['type']));
  const lowercase = normalizer?.['lowercase'] !== false;
  const stripAccents = normalizer?.['strip_accents'];
  const longest = model?.['max_input_chars_per_word'];
  return {
    lowercase,
    stripAccents: typeof stripAccents === 'boolean' ? stripAccents : lowercase,
    splitCjk: normalizer?.['handle_chinese_chars'] !== false,
    ...(typeof longest === 'number' && { maxWordCharacters: longest }),
  };
}

function readVocabulary(tokenizer: Json, specialTokens: SpecialTokens): Vocabulary {
  const source = 'tokenizer.json';
  const model = object(tokenizer['model']) ?? fail(source, 'a model', shown(tokenizer['model']));
  if ((model['type'] ?? 'WordPiece') !== 'WordPiece') fail(source, 'a model of type WordPiece', shown(model['type']));
  const prefix = model['continuing_subword_prefix'] ?? CONTINUATION;
  if (prefix !== CONTINUATION) fail(source, `the continuing_subword_prefix "${CONTINUATION}"`, shown(prefix));
  const vocab = object(model['vocab']) ?? fail(source, 'model.vocab to map pieces to ids', shown(model['vocab']));
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocab)) place(tokens, token, id);
  const modelSize = tokens.length;
  const special = new Set(Object.values(specialTokens));
  const addedTokens: string[] = [];
  for (const added of Array.isArray(tokenizer['added_tokens']) ? (tokenizer['added_tokens'] as unknown[]) : []) {
    const { content, id } = object(added) ?? {};
    if (typeof content !== 'string') fail(source, 'added_tokens with a content', shown(added));
    else {
      place(tokens, content, id);
      if (!special.has(content)) addedTokens.push(content);
    }
  }
  const hole = Array.from(tokens).indexOf(undefined as unknown as string);
  if (hole >= 0) fail(source, `a piece for every id from 0 to ${tokens.length - 1}`, `none for ${hole}`);
  return new Vocabulary(tokens, { source, specialTokens, addedTokens, modelSize });
}

function place(tokens: string[], token: string, id: unknown): void {
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > 0xffffff)
    fail('tokenizer.json', `a whole number as the id of ${JSON.stringify(token)}`, shown(id));
  else if ((tokens[id] ?? token) !== token) fail('tokenizer.json', `one piece with the id ${id}`, `two: ${tokens[id] ?? ''} and ${token}`);
  else tokens[id] = token;
}

function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

function fail(source: string, expected: string, got: string): never {
  throw new VocabularyError(`${source}: expected ${expected}, got ${got}. Only BERT's WordPiece tokenizers are read.`, { source });
}
