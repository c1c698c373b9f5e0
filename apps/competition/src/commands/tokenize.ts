import { once } from 'node:events';

import { type LineFormat, type TokenizeLineOptions, type Tokenizer, createTokenizer, tokenizeLine } from '@samequestion/tokenizer';

import type { Context } from '../context.ts';
import { readLines } from '../read-lines.ts';
import { requireFile } from '../run-folder.ts';
import { readVocabulary } from '../tokenizer-folder.ts';
import { StoppedError, UsageError } from '../usage-error.ts';

interface TokenizeOptions {
  readonly vocab: string;
  readonly cased?: boolean;
  readonly pairs?: boolean;
  readonly jsonl?: boolean;
  readonly maxLength?: number;
  readonly json?: boolean;
}

/** Characters that are written at once. */
const chunkSize = 1 << 16;

/** `samequestion tokenize`: lines of standard input to lines of standard output. Streams: nothing is held but a line and a chunk. */
export async function tokenize(given: Record<string, unknown>, context: Context): Promise<undefined> {
  const options = given as unknown as TokenizeOptions;
  const format = formatOf(options);
  const vocabulary = await readVocabulary(await requireFile('--vocab', options.vocab));
  const tokenizer = createTokenizer(vocabulary, options.cased === true ? { lowercase: false } : {});
  const limit = options.maxLength === undefined ? {} : { maxLength: options.maxLength };
  let chunk = '';
  let line = 0;
  try {
    for await (const text of readLines(process.stdin, 'standard input')) {
      if (context.signal.aborted) throw new StoppedError(`Stopped after ${line} lines.`);
      line++;
      const encoded = encodeLine(tokenizer, text, { format, line, ...limit });
      chunk += `${options.json === true ? encoded : (JSON.parse(encoded) as { tokens: string[] }).tokens.join(' ')}\n`;
      if (chunk.length < chunkSize) continue;
      await write(chunk);
      chunk = '';
    }
  } finally {
    // What came before a wrong line is written too.
    await write(chunk);
  }
  return undefined;
}

/** A line's JSON. A length without room for the special tokens is wrong input here, wherever it was given. @throws {UsageError | VocabularyError} */
function encodeLine(tokenizer: Tokenizer, text: string, options: TokenizeLineOptions): string {
  try {
    return tokenizeLine(tokenizer, text, options);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`line ${options.line ?? 0}: ${error.message}`, { cause: error });
    throw error;
  }
}

function formatOf({ pairs, jsonl }: TokenizeOptions): LineFormat {
  if (pairs === true && jsonl === true) throw new UsageError('--pairs, --jsonl: expected one of them, got both.');
  return jsonl === true ? 'jsonl' : pairs === true ? 'pairs' : 'text';
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
