import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenizerFiles, type TokenizerFiles, type TokenizerFilesOptions } from './hugging-face.ts';
import { tokenizerFromFiles } from './read-files.ts';
import type { TokenizerOptions } from './tokenizer-options.ts';
import type { Tokenizer } from './tokenizer.ts';
import { Vocabulary, type VocabularyOptions } from './vocabulary.ts';
import { VocabularyError } from './vocabulary-error.ts';

const NAMES: readonly (keyof TokenizerFiles)[] = ['vocab.txt', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];

/**
 * Reads a `vocab.txt`.
 *
 * @throws {VocabularyError} If the file cannot be read, is not UTF-8, or holds no vocabulary.
 */
export async function readVocabulary(file: string, options: VocabularyOptions = {}): Promise<Vocabulary> {
  const text = await readText(file);
  if (text === undefined)
    throw new VocabularyError(`${file}: expected a vocabulary file, got nothing there. Check the path.`, { source: file });
  return Vocabulary.fromText(text, { source: file, ...options });
}

/**
 * Reads the tokenizer of a model folder: `tokenizer.json`, or `vocab.txt` with `tokenizer_config.json`.
 *
 * @throws {VocabularyError} If the folder has neither, or a file is wrong.
 */
export async function readTokenizer(folder: string, options: TokenizerOptions = {}): Promise<Tokenizer> {
  const files: { -readonly [Name in keyof TokenizerFiles]?: string } = {};
  for (const name of NAMES) {
    const text = await readText(join(folder, name));
    if (text !== undefined) files[name] = text;
  }
  if (files['tokenizer.json'] === undefined && files['vocab.txt'] === undefined) {
    throw new VocabularyError(`${folder}: expected tokenizer.json or vocab.txt in the folder, got neither. Check the path.`, {
      source: folder,
    });
  }
  return tokenizerFromFiles(files, options);
}

/** Writes the four tokenizer files of a model folder, each beside its place first and then moved there. Makes the folder if need be. */
export async function writeTokenizer(
  folder: string,
  tokenizer: Pick<Tokenizer, 'vocabulary' | 'rules'>,
  options: TokenizerFilesOptions = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(tokenizerFiles(tokenizer, options))) {
    const file = join(folder, name);
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
  }
}

/** The text of a file, or undefined where there is none. */
async function readText(file: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new VocabularyError(`${file}: expected a file that can be read, got ${String(cause)}.`, { source: file, cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new VocabularyError(`${file}: expected UTF-8, got other bytes. Save the file as UTF-8.`, { source: file, cause });
  }
}
