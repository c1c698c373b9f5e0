import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { type Tokenizer, type TokenizerOptions, Vocabulary, createTokenizer, tokenizerFromFiles } from '@samequestion/tokenizer';

import { UsageError } from './usage-error.ts';

/** The tokenizer of a model folder: `vocab.txt`, with the rules of `tokenizer_config.json` where there is one, or `tokenizer.json`. @throws {UsageError | VocabularyError} */
export async function readTokenizer(folder: string): Promise<Tokenizer> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    throw new UsageError(
      `--model: expected a model folder, found ${found === undefined ? 'nothing' : 'a file'} at ${folder}. Check the path.`,
    );
  }
  const vocabulary = join(folder, 'vocab.txt');
  const described = await readFile(join(folder, 'tokenizer.json'), 'utf8').catch(() => undefined);
  // Newer programs write tokenizer.json alone.
  if (!existsSync(vocabulary) && described !== undefined) return tokenizerFromFiles({ 'tokenizer.json': described });
  if (!existsSync(vocabulary))
    throw new UsageError(`expected a model folder, ${folder} has no vocab.txt and no tokenizer.json. ${hintFor(folder)}`);
  return createTokenizer(await readVocabulary(vocabulary), await readRules(join(folder, 'tokenizer_config.json')));
}

function hintFor(folder: string): string {
  if (existsSync(join(folder, 'trainer.json')))
    return 'It is a checkpoint of a run: go on with the run (--resume), or name its model folder.';
  if (existsSync(join(folder, 'model', 'vocab.txt'))) return `It is a run: name its model, ${join(folder, 'model')}.`;
  return 'Put one there.';
}

/** A vocabulary file. @throws {UsageError | VocabularyError} */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`expected a vocabulary, found none at ${path}. A model folder needs vocab.txt.`, { cause: error });
  });
  return Vocabulary.fromText(text);
}

async function readRules(path: string): Promise<TokenizerOptions> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  let config: Record<string, unknown>;
  try {
    config = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(
      `${path}: expected JSON, got ${error instanceof Error ? error.message : String(error)}. Write it again or remove it.`,
      { cause: error },
    );
  }
  return {
    ...(typeof config['do_lower_case'] === 'boolean' ? { lowercase: config['do_lower_case'] } : {}),
    ...(typeof config['strip_accents'] === 'boolean' ? { stripAccents: config['strip_accents'] } : {}),
    ...(typeof config['tokenize_chinese_chars'] === 'boolean' ? { splitCjk: config['tokenize_chinese_chars'] } : {}),
  };
}
