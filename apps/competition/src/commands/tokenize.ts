import { once } from 'node:events';

import { type LineFormat, createTokenizer, tokenizeLine } from '@samequestion/tokenizer';

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
  for await (const text of readLines(process.stdin, 'standard input')) {
    if (context.signal.aborted) throw new StoppedError(`Stopped after ${line} lines.`);
    line++;
    const encoded = tokenizeLine(tokenizer, text, { format, line, ...limit });
    chunk += `${options.json === true ? encoded : (JSON.parse(encoded) as { tokens: string[] }).tokens.join(' ')}\n`;
    if (chunk.length < chunkSize) continue;
    await write(chunk);
    chunk = '';
  }
  await write(chunk);
  return undefined;
}

function formatOf({ pairs, jsonl }: TokenizeOptions): LineFormat {
  if (pairs === true && jsonl === true) throw new UsageError('--pairs, --jsonl: expected one of them, got both.');
  return jsonl === true ? 'jsonl' : pairs === true ? 'pairs' : 'text';
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
